#include "model/scenario/reader.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

std::vector<std::string> objective_names() {
    std::vector<std::string> names;
    for (const Metric& metric : metrics())
        if (metric.objective != nullptr && (names.empty() || names.back() != metric.objective))
            names.emplace_back(metric.objective);
    return names;
}

/// Statistics in which a metric can be asked for: "mean", "p99", ...; one empty one where there is no choice.
std::vector<std::string> statistics_of(const std::string& objective) {
    std::vector<std::string> names;
    for (const Metric& metric : metrics())
        if (metric.objective != nullptr && metric.objective == objective)
            names.emplace_back(metric.statistic);
    return names;
}

const Metric* metric_of(const std::string& objective, const std::string& statistic) {
    for (const Metric& metric : metrics())
        if (metric.objective != nullptr && metric.objective == objective && metric.statistic == statistic)
            return &metric;
    return nullptr;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// "freshness of clicks in warehouse: p99 <= 1 s"
class ObjectiveReader {
public:
    ObjectiveReader(Reader& reader, Place place, std::string path) : reader_(reader), path_(std::move(path)) {
        objective_.place = std::move(place);
    }

    void read(std::string_view left, std::string_view right) {
        left = trimmed(left);
        right = trimmed(right);
        objective_.text = std::string(left) + ": " + std::string(right);
        if (read_name(left) && read_bound(right) && check_names())
            reader_.scenario.objectives.push_back(objective_);
    }

private:
    bool wrong(const std::string& message) {
        reader_.report(objective_.place, path_, message, Severity::error, objective_.text);
        return false;
    }

    bool read_name(std::string_view left) {
        for (const std::string& name : objective_names())
            if (left.starts_with(name) && (left.size() == name.size() || left[name.size()] == ' ') &&
                name.size() > name_.size())
                name_ = name;
        if (name_.empty()) {
            const std::size_t end =
                std::min({left.find(" of "), left.find(" in "), left.find(" at "), left.size()});
            reader_.unknown_name(objective_.place, path_, "unknown measure", std::string(left.substr(0, end)),
                                 objective_names());
            return false;
        }
        const std::vector<std::string_view> words = words_of(left.substr(name_.size()));
        for (std::size_t i = 0; i < words.size(); i += 2) {
            const bool of = words[i] == "of";
            if ((!of && words[i] != "in" && words[i] != "at") || i + 1 == words.size())
                return wrong("'" + excerpt(words[i]) +
                             "' stands where 'of <workload>' or 'in <component>' is expected");
            std::string& target = of ? objective_.of : objective_.subject;
            if (!target.empty()) return wrong("'" + std::string(words[i]) + "' stands here twice");
            target = std::string(words[i + 1]);
        }
        return true;
    }

    bool read_bound(std::string_view right) {
        const std::vector<std::string> statistics = statistics_of(name_);
        static constexpr std::pair<std::string_view, Relation> relations[] = {
            {"<=", Relation::at_most},      {">=", Relation::at_least},     {"\u2264", Relation::at_most},
            {"\u2265", Relation::at_least}, {"at most", Relation::at_most}, {"at least", Relation::at_least},
            {"<", Relation::at_most},       {">", Relation::at_least}};
        std::size_t where = std::string_view::npos;
        std::string_view bound = right;
        for (const auto& [symbol, relation] : relations) {
            where = right.find(symbol);
            if (where == std::string_view::npos) continue;
            objective_.relation = relation;
            bound = trimmed(right.substr(where + symbol.size()));
            break;
        }
        std::string statistic;
        if (where != std::string_view::npos) statistic = std::string(trimmed(right.substr(0, where)));
        const bool choice = statistics.size() > 1 || !statistics.front().empty();
        // "availability: 99.9 %", "lost records: 0"
        const Metric* plain = choice ? nullptr : metric_of(name_, "");
        const bool relation_is_plain = name_ == "lost records" || name_ == "availability";
        if (where == std::string_view::npos && plain != nullptr && plain->better == Better::higher)
            objective_.relation = Relation::at_least;
        if (where == std::string_view::npos && !relation_is_plain)
            return wrong("a bound is missing, for example '" + name_ + ": " +
                         (choice ? statistics.back() + " " : "") + "<= ...'");
        metric_ = metric_of(name_, statistic);
        if (metric_ == nullptr) {
            if (!choice)
                return wrong("'" + excerpt(statistic) + "' stands in front of the bound; " + name_ +
                             " has no statistics to choose from");
            return wrong((statistic.empty() ? std::string("a statistic is missing")
                                            : "unknown statistic '" + excerpt(statistic) + "'") +
                         "; one of " + listed(statistics) + " expected");
        }
        const auto value = parse_quantity(bound, metric_->dimension);
        if (!value) return wrong(value.error());
        const bool share = metric_->percent && metric_->dimension == Dimension{};
        if (*value < 0 || (share && *value > 1))
            return wrong("'" + std::string(bound) + "' is out of range; " +
                         (share ? "0 % to 100 %" : "0 or more") + " expected");
        objective_.bound = *value;
        objective_.metric = metric_->id;
        return true;
    }

    bool check_names() {
        const Scenario& scenario = reader_.scenario;
        // "utilisation of server": what it is about can only be a component.
        if (objective_.subject.empty() && metric_->component != Names::never &&
            (metric_->workload == Names::never ||
             (scenario.workload(objective_.of) == nullptr && scenario.component(objective_.of) != nullptr)))
            std::swap(objective_.subject, objective_.of);
        if (!objective_.of.empty() && metric_->workload == Names::never)
            return wrong(name_ + " is not about a workload");
        if (!objective_.subject.empty() && metric_->component == Names::never)
            return wrong(name_ + " is counted over the whole platform, not in a component");
        if (objective_.of.empty() && metric_->workload == Names::must)
            return wrong("the workload is missing: '" + name_ + " of <workload>'");
        if (objective_.subject.empty() && metric_->component == Names::must)
            return wrong("the component is missing: '" + name_ +
                         (metric_->workload == Names::never ? " of" : " of <workload> in") + " <component>'");
        if (!objective_.of.empty() && scenario.workload(objective_.of) == nullptr) {
            std::vector<std::string> ids;
            for (const Workload& workload : scenario.workloads) ids.push_back(workload.id);
            reader_.unknown_name(objective_.place, path_, "unknown workload", objective_.of, ids);
            return false;
        }
        if (!objective_.subject.empty() && scenario.component(objective_.subject) == nullptr) {
            reader_.unknown_name(objective_.place, path_, "unknown component", objective_.subject,
                                 reader_.component_ids());
            return false;
        }
        return true;
    }

    Reader& reader_;
    std::string path_;
    Objective objective_;
    std::string name_;
    const Metric* metric_ = nullptr;
};

}  // namespace

void read_objectives(Reader& reader, const Value& objectives) {
    const std::string expected = "a list is expected, with lines like 'response time of queries: p95 <= 2 s'";
    if (!objectives.is_sequence()) {
        reader.report(objectives.place, "objectives", expected);
        return;
    }
    for (std::size_t i = 0; i < objectives.items.size(); ++i) {
        const Value& item = objectives.items[i];
        const std::string path = "objectives." + std::to_string(i);
        // Without quotes, YAML takes what stands before the colon for a key.
        if (item.is_mapping() && item.entries.size() == 1 && item.entries.front().value.is_scalar()) {
            const Value::Entry& entry = item.entries.front();
            ObjectiveReader(reader, entry.key_place, path).read(entry.key, entry.value.text);
        } else if (const std::size_t colon = item.text.rfind(':');
                   item.is_scalar() && colon != std::string::npos) {
            const std::string_view text = item.text;
            ObjectiveReader(reader, item.place, path).read(text.substr(0, colon), text.substr(colon + 1));
        } else {
            reader.report(item.place, path,
                          "an objective is written like 'response time of queries: p95 <= 2 s'",
                          Severity::error, item.text);
        }
    }
}

}  // namespace headroom::model
