#include "model/kinds/job_stages.h"

#include "model/scenario/document.h"
#include "model/scenario/read_distribution.h"
#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace headroom::model {

namespace {

constexpr std::size_t most_stages = 1000;
constexpr double most_tasks = 1e7;
constexpr double most_bytes = 1e18;

constexpr std::array<std::string_view, 7> all_fields{"tasks",  "time",  "reads",  "shuffle",
                                                     "writes", "after", "failing"};

class StagesReader {
public:
    explicit StagesReader(const ParameterSpec& spec) : spec_(spec) {}

    Expected<ParameterValue> read(const Value& value) {
        JobStages all;
        if (stages_by_workload(value)) {
            for (const Value::Entry& entry : value.entries)
                all.emplace_back(entry.key, job(entry.value, spec_.name + "." + entry.key));
        } else {
            all.emplace_back("", job(value, spec_.name));
        }
        if (!problems_.empty()) return tl::unexpected(std::move(problems_));
        return ParameterValue(std::move(all));
    }

private:
    void complain(const Value& value, const std::string& field, const std::string& message,
                  const std::string& allowed = {}) {
        problems_.push_back({.place = value.place,
                             .field = field,
                             .found = value.is_scalar() ? value.text : "",
                             .allowed = allowed,
                             .message = message});
    }

    std::vector<JobStage> job(const Value& value, const std::string& field) {
        std::vector<JobStage> stages;
        if (!value.is_mapping() || value.entries.empty()) {
            complain(value, field, "stages by name are expected, for example '" + spec_.example + "'",
                     spec_.example);
            return stages;
        }
        if (value.entries.size() > most_stages) {
            complain(value, field, "a job has at most " + std::to_string(most_stages) + " stages");
            return stages;
        }
        for (const Value::Entry& entry : value.entries)
            stages.push_back(stage(entry, stages, field + "." + entry.key));
        return stages;
    }

    JobStage stage(const Value::Entry& entry, const std::vector<JobStage>& before, const std::string& field) {
        JobStage result{.name = entry.key};
        if (!before.empty()) result.after = {static_cast<int>(before.size()) - 1};
        if (!entry.value.is_mapping()) {
            complain(entry.value, field, "the fields of a stage are expected: " + listed(), listed());
            return result;
        }
        for (const Value::Entry& one : entry.value.entries) {
            const std::string own = field + "." + one.key;
            if (std::find(spec_.choices.begin(), spec_.choices.end(), one.key) == spec_.choices.end()) {
                const std::string near = nearest_name(one.key, spec_.choices);
                complain(one.value, own,
                         "unknown field '" + excerpt(one.key) + "'; " +
                             (near.empty() ? "one of " + listed() + " is expected"
                                           : "did you mean '" + near + "'?"),
                         listed());
                continue;
            }
            read_field(one, own, before, result);
        }
        return result;
    }

    void read_field(const Value::Entry& one, const std::string& field, const std::vector<JobStage>& before,
                    JobStage& stage) {
        if (one.key == "time") {
            const auto time = read_distribution(one.value, dimensions::time, field);
            if (!time)
                problems_.insert(problems_.end(), time.error().begin(), time.error().end());
            else
                stage.time = *time;
        } else if (one.key == "tasks") {
            if (const auto tasks = number(one.value, dimensions::item, field, 1, most_tasks)) {
                stage.tasks = *tasks;
                if (*tasks != std::floor(*tasks))
                    complain(one.value, field, "'" + excerpt(one.value.text) + "' is not a whole number");
            }
        } else if (one.key == "failing") {
            if (const auto share = number(one.value, Dimension{}, field, 0, 0.999)) stage.failing = *share;
        } else if (one.key == "after") {
            stage.after = earlier(one.value, field, before);
        } else if (const auto bytes = number(one.value, dimensions::data, field, 0, most_bytes)) {
            (one.key == "reads"     ? stage.reads
             : one.key == "shuffle" ? stage.shuffle
                                    : stage.writes) = DataSize(*bytes);
        }
    }

    std::optional<double> number(const Value& value, Dimension dimension, const std::string& field,
                                 double least, double most) {
        if (!value.is_scalar()) {
            complain(value, field, "a single value is expected");
            return {};
        }
        const auto number = parse_quantity(value.text, dimension);
        if (!number) {
            complain(value, field, number.error());
            return {};
        }
        if (!(*number >= least && *number <= most)) {
            const std::string range =
                print_exact(least, dimension, "") + " to " + print_exact(most, dimension, "");
            complain(value, field, "'" + excerpt(value.text) + "' is out of range; " + range + " expected",
                     range);
            return {};
        }
        return *number;
    }

    /// One name, or a list of them.
    std::vector<int> earlier(const Value& value, const std::string& field,
                             const std::vector<JobStage>& before) {
        std::vector<int> positions;
        std::vector<Value> names = value.items;
        if (value.is_scalar()) names = {value};
        if (!value.is_scalar() && !value.is_sequence())
            complain(value, field, "the name of an earlier stage, or a list of such names, is expected");
        for (const Value& name : names) {
            const auto found = std::find_if(before.begin(), before.end(),
                                            [&](const JobStage& stage) { return stage.name == name.text; });
            if (found == before.end()) {
                complain(name, field,
                         "'" + excerpt(name.text) + "' is not a stage that stands above this one");
                continue;
            }
            const auto position = static_cast<int>(found - before.begin());
            if (std::find(positions.begin(), positions.end(), position) == positions.end())
                positions.push_back(position);
        }
        return positions;
    }

    std::string listed() const {
        std::string text;
        for (const std::string& choice : spec_.choices) text += (text.empty() ? "" : ", ") + choice;
        return text;
    }

    const ParameterSpec& spec_;
    Problems problems_;
};

std::string print_stage(const std::vector<JobStage>& stages, std::size_t s) {
    const JobStage& stage = stages[s];
    std::string text;
    const auto put = [&](const char* name, const std::string& value) {
        text += (text.empty() ? "" : ", ") + std::string(name) + ": " + value;
    };
    if (stage.tasks != 1) put("tasks", std::to_string(static_cast<long long>(stage.tasks)));
    if (stage.time) put("time", print_distribution(*stage.time, dimensions::time, ""));
    for (const auto& [name, bytes] :
         {std::pair{"reads", stage.reads}, {"shuffle", stage.shuffle}, {"writes", stage.writes}})
        if (bytes.value() > 0) put(name, print_exact(bytes.value(), dimensions::data, ""));
    if (stage.failing > 0) put("failing", print_exact(stage.failing, Dimension{}, ""));
    const std::vector<int> usual = s == 0 ? std::vector<int>{} : std::vector<int>{static_cast<int>(s) - 1};
    if (stage.after != usual) {
        std::string names;
        for (const int before : stage.after)
            names +=
                (names.empty() ? "" : ", ") + quote_scalar(stages[static_cast<std::size_t>(before)].name);
        put("after", "[" + names + "]");
    }
    return quote_scalar(stage.name) + ": {" + text + "}";
}

}  // namespace

/// A stage has fields, a workload has stages, which are mappings.
bool stages_by_workload(const Value& value) {
    const auto is_stage = [](const Value::Entry& entry) {
        const bool field = std::find(all_fields.begin(), all_fields.end(), entry.key) != all_fields.end();
        return entry.value.is_mapping() && !field;
    };
    return value.is_mapping() && !value.entries.empty() &&
           std::all_of(value.entries.begin(), value.entries.end(), [&](const Value::Entry& workload) {
               return workload.value.is_mapping() && !workload.value.entries.empty() &&
                      std::all_of(workload.value.entries.begin(), workload.value.entries.end(), is_stage);
           });
}

Expected<ParameterValue> read_job_stages(const ParameterSpec& spec, const Value& value) {
    return StagesReader(spec).read(value);
}

std::string print_job_stages(const JobStages& all) {
    std::string text;
    for (const auto& [workload, stages] : all) {
        std::string job;
        for (std::size_t s = 0; s < stages.size(); ++s) job += (s == 0 ? "" : ", ") + print_stage(stages, s);
        if (workload.empty()) return "{" + job + "}";
        text += (text.empty() ? "" : ", ") + quote_scalar(workload) + ": {" + job + "}";
    }
    return "{" + text + "}";
}

const std::vector<JobStage>* stages_of(const JobStages& all, std::string_view workload) {
    for (const auto& [name, stages] : all)
        if (name.empty() || name == workload) return &stages;
    return nullptr;
}

}  // namespace headroom::model
