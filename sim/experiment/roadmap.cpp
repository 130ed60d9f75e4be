#include "sim/experiment/roadmap.h"

#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {

using model::Value;

class StepReader {
public:
    StepReader(const Value::Entry& entry, std::filesystem::path folder)
        : entry_(entry), folder_(std::move(folder)) {}

    model::Expected<RoadmapStep> read() {
        RoadmapStep step{.id = entry_.key};
        if (auto known = only_fields(entry_.value, entry_.key,
                                     {"from", "scenario", "says", "parallel", "one-off", "door"});
            !known)
            return tl::unexpected(known.error());
        if (auto done = number("from", model::dimensions::time, step.from); !done)
            return tl::unexpected(done.error());
        if (entry_.value.find("from") == nullptr)
            return model::fail(entry_.key_place, entry_.key, "'from' is missing: when the step begins");
        if (auto done = number("parallel", model::dimensions::time, step.parallel); !done)
            return tl::unexpected(done.error());
        if (auto done = number("one-off", model::dimensions::money, step.one_off); !done)
            return tl::unexpected(done.error());
        step.says = text("says");
        if (text("scenario").empty())
            return model::fail(entry_.key_place, entry_.key, "'scenario' is missing: a file");
        step.scenario = (folder_ / text("scenario")).lexically_normal();
        const std::string door = text("door");
        if (!door.empty() && door != "one-way" && door != "two-way")
            return model::fail(entry_.value.find("door")->place, entry_.key + ".door",
                               "'" + model::excerpt(door) + "' is neither 'one-way' nor 'two-way'");
        step.one_way = door == "one-way";
        return step;
    }

private:
    std::string text(std::string_view name) const {
        const Value* value = entry_.value.find(name);
        return value != nullptr && value->is_scalar() ? value->text : std::string();
    }

    template <class Number>
    model::Expected<void> number(const char* name, model::Dimension dimension, Number& into) const {
        const Value* value = entry_.value.find(name);
        if (value == nullptr) return {};
        const std::string field = entry_.key + "." + name;
        if (!value->is_scalar()) return model::fail(value->place, field, "a single value is expected");
        const auto number = model::parse_quantity(value->text, dimension);
        if (!number) return model::fail(value->place, field, number.error());
        if (*number < 0) return model::fail(value->place, field, "0 or more is expected");
        into = Number(*number);
        return {};
    }

    const Value::Entry& entry_;
    std::filesystem::path folder_;
};

model::Estimate times(const model::Estimate& estimate, double factor) {
    model::Estimate result = estimate;
    result.value *= factor;
    result.half_width *= factor;
    return result;
}

}  // namespace

model::Duration Roadmap::length(std::size_t step) const {
    return (step + 1 < steps.size() ? steps[step + 1].from : end) - steps[step].from;
}

model::Expected<Roadmap> read_roadmap(const std::filesystem::path& file) {
    const auto tree = read_tree(file, "the roadmap");
    if (!tree) return tl::unexpected(tree.error());
    if (!tree->is_mapping()) return model::fail(tree->place, "", "steps by name, and an 'end', are expected");
    Roadmap roadmap;
    const Value* end = tree->find("end");
    if (end == nullptr)
        return model::fail(tree->place, "end", "'end' is missing: when the last step is over");
    const auto length = model::parse_quantity(end->text, model::dimensions::time);
    if (!length) return model::fail(end->place, "end", length.error());
    roadmap.end = model::Duration(*length);
    for (const Value::Entry& entry : tree->entries) {
        if (entry.key == "end") continue;
        auto step = StepReader(entry, file.parent_path()).read();
        if (!step) return tl::unexpected(step.error());
        if (!roadmap.steps.empty() && step->from <= roadmap.steps.back().from)
            return model::fail(entry.key_place, entry.key + ".from",
                               "a step begins after the one above it, '" + roadmap.steps.back().id + "'");
        roadmap.steps.push_back(*std::move(step));
    }
    if (roadmap.steps.empty()) return model::fail(tree->place, "", "there is no step");
    if (roadmap.end <= roadmap.steps.back().from)
        return model::fail(end->place, "end",
                           "the roadmap ends after the last step begins, '" + roadmap.steps.back().id + "'");
    for (std::size_t i = 0; i < roadmap.steps.size(); ++i)
        if (roadmap.steps[i].parallel > roadmap.length(i) ||
            (i == 0 && roadmap.steps[i].parallel.value() > 0))
            return model::fail(tree->find(roadmap.steps[i].id)->place, roadmap.steps[i].id + ".parallel",
                               i == 0 ? "nothing runs before the first step"
                                      : "the step before cannot run on for longer than this one lasts");
    return roadmap;
}

std::vector<RoadmapCost> costs_of(const Roadmap& roadmap, const std::vector<model::Estimate>& per_second) {
    std::vector<RoadmapCost> costs;
    std::vector<double> seconds(roadmap.steps.size(), 0.0);  // that each step's platform has run so far
    double once = 0;
    for (std::size_t i = 0; i < roadmap.steps.size(); ++i) {
        const RoadmapStep& step = roadmap.steps[i];
        RoadmapCost cost;
        cost.own = times(per_second[i], roadmap.length(i).value());
        cost.beside = i > 0 ? times(per_second[i - 1], step.parallel.value()) : model::Estimate{0};
        seconds[i] += roadmap.length(i).value();
        if (i > 0) seconds[i - 1] += step.parallel.value();
        once += step.one_off.value();
        cost.in_all.value = once;
        double variance = 0;
        bool estimated = false;
        for (std::size_t j = 0; j <= i; ++j) {
            cost.in_all.value += seconds[j] * per_second[j].value;
            if (per_second[j].exact()) continue;
            estimated = true;
            variance += seconds[j] * per_second[j].half_width * seconds[j] * per_second[j].half_width;
        }
        if (estimated) cost.in_all.half_width = std::sqrt(variance);
        costs.push_back(cost);
    }
    return costs;
}

}  // namespace headroom::sim
