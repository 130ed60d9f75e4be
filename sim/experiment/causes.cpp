#include "model/kinds/kind.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/why.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

using model::FigureKey;

std::string percent(double share) {
    return model::format_quantity(share, {}, {.digits = 2, .percent = true});
}

std::string print(const std::string& metric, double value) {
    const model::Metric* row = model::find_metric(metric);
    return row != nullptr ? model::print_figure(*row, value) : std::to_string(value);
}

std::string title_of(const FigureKey& key) {
    const model::Metric* row = model::find_metric(key.metric);
    std::string text = row != nullptr ? row->title : key.metric;
    if (!key.of.empty()) text += " of " + key.of;
    if (!key.subject.empty()) text += " in " + key.subject;
    return text;
}

double value_of(const model::RunResult& result, const FigureKey& key) {
    const model::Figure* figure = result.find(key);
    return figure != nullptr ? figure->simulated.value : std::numeric_limits<double>::quiet_NaN();
}

/// Whether a link, or links one behind the other, lead from one to the other.
bool leads_to(const model::Scenario& scenario, const std::string& from, const std::string& to) {
    std::vector<std::string> open{from}, seen{from};
    while (!open.empty()) {
        const std::string one = std::move(open.back());
        open.pop_back();
        if (one == to) return true;
        for (const model::Link& link : scenario.links)
            if (link.from == one && std::find(seen.begin(), seen.end(), link.to) == seen.end()) {
                seen.push_back(link.to);
                open.push_back(link.to);
            }
    }
    return false;
}

struct Share {
    std::string node;
    double value = 0, whole = 0;
    double share() const { return whole > 0 ? value / whole : 0; }
};

/// The largest of some non-negative parts, and their sum.
template <class Parts>
Share largest(const Parts& parts) {
    Share best;
    for (const auto& [node, value] : parts) {
        if (!(value > 0) || !std::isfinite(value)) continue;
        best.whole += value;
        if (value > best.value) {
            best.value = value;
            best.node = node;
        }
    }
    return best;
}

class Inquiry {
public:
    Inquiry(const model::Scenario& scenario, const model::RunResult& result,
            const model::ObjectiveResult& objective)
        : scenario_(scenario), result_(result), objective_(objective) {}

    std::vector<Cause> causes() {
        symptom();
        const std::string metric = objective_.key.metric.substr(0, objective_.key.metric.find('.'));
        if (metric == "cost") {
            money();
        } else {
            const std::string where =
                metric == "response" || metric == "freshness" || metric == "waiting" ? time() : busiest();
            if (!where.empty()) {
                load(where);
                demand(where);
                limit(where);
            }
        }
        return std::move(causes_);
    }

private:
    void add(std::string text, std::string node = {}) {
        if (causes_.size() < 5) causes_.push_back({std::move(text), std::move(node)});
    }

    void symptom() {
        const double found = objective_.figure.value, bound = objective_.bound;
        const bool most = objective_.relation == model::Relation::at_most;
        std::string text = title_of(objective_.key) + " is " + print(objective_.key.metric, found) + "; " +
                           (most ? "at most " : "at least ") + print(objective_.key.metric, bound) +
                           " is promised";
        if (std::isfinite(found) && objective_.verdict == model::Verdict::broken)
            text += ", which is broken by " + print(objective_.key.metric, std::abs(found - bound));
        add(text + ".", objective_.key.subject);
    }

    /// The component in which items spend most of the time that counts.
    std::string time() {
        const std::string& of = objective_.key.of;
        const bool fresh = objective_.key.metric.starts_with("freshness");
        std::vector<std::pair<std::string, double>> parts;
        for (const model::Component& component : scenario_.components) {
            const std::string& id = component.id;
            if (!objective_.key.subject.empty() &&
                (fresh ? !leads_to(scenario_, id, objective_.key.subject) : id != objective_.key.subject))
                continue;
            parts.emplace_back(id, value_of(result_, {"response.mean", id, of}));
        }
        const Share where = largest(parts);
        if (where.node.empty()) return busiest();
        std::string text =
            "Most of the time passes in " + where.node + ": " + print("response.mean", where.value) + " of " +
            print("response.mean", where.whole) + " on average (" + percent(where.share()) + ").";
        const double waiting = value_of(result_, {"waiting.mean", where.node, of});
        if (waiting > 0) {
            text.pop_back();
            text += "; " + print("waiting.mean", waiting) + " of it is waiting for others.";
        }
        add(text, where.node);
        station(where.node);
        return where.node;
    }

    /// Within a component of several stations: the one that takes longest.
    void station(const std::string& component) {
        std::vector<std::pair<std::string, double>> parts;
        for (const model::Figure& figure : result_.figures)
            if (figure.key.metric == "response.mean" && figure.key.of == objective_.key.of &&
                figure.key.subject.starts_with(component + "."))
                parts.emplace_back(figure.key.subject, figure.simulated.value);
        if (parts.size() < 2) return;
        const Share where = largest(parts);
        if (where.node.empty()) return;
        station_ = where.node;
        add("There it is the station " + where.node + ": " + print("response.mean", where.value) + " (" +
                percent(where.share()) + " of the time in " + component + ").",
            component);
    }

    std::string busiest() {
        std::string best = objective_.key.subject;
        double most = -1;
        for (const model::Component& component : scenario_.components) {
            if (!objective_.key.subject.empty()) break;
            const double busy = value_of(result_, {"utilisation.peak", component.id, ""});
            if (busy > most) {
                most = busy;
                best = component.id;
            }
        }
        return best;
    }

    void load(const std::string& component) {
        const double mean = value_of(result_, {"utilisation", component, ""});
        if (!std::isfinite(mean)) return;
        std::string text = component + " is " + percent(mean) + " busy on average";
        const double peak = value_of(result_, {"utilisation.peak", component, ""});
        if (std::isfinite(peak) && peak > mean * 1.02) {
            text += ", " + percent(peak) + " in its busiest interval";
            for (const model::Series& series : result_.series)
                if (series.key.metric == "utilisation" && series.key.subject == component &&
                    !series.values.empty()) {
                    const auto at = std::max_element(series.values.begin(), series.values.end());
                    text += ", " +
                            model::format(series.start +
                                          series.step * static_cast<double>(at - series.values.begin())) +
                            " after the start";
                }
        }
        const double growth = value_of(result_, {"growth", component, ""});
        if (growth > 0) text += "; it cannot keep up, and its backlog grows by " + print("growth", growth);
        add(text + ".", component);
    }

    void demand(const std::string& component) {
        // At the station that counts: what others in the component do does not keep it busy.
        const std::string& where = station_.empty() ? component : station_;
        std::vector<std::pair<std::string, double>> parts;
        for (const model::Workload& workload : scenario_.workloads) {
            const double rate = value_of(result_, {"throughput", component, workload.id});
            const double time = value_of(result_, {"response.mean", where, workload.id});
            const double waiting = value_of(result_, {"waiting.mean", where, workload.id});
            parts.emplace_back(workload.id, rate * (time - (std::isfinite(waiting) ? waiting : 0)));
        }
        const Share who = largest(parts);
        if (who.node.empty()) return;
        add("The work comes from " + who.node + ": " +
                print("throughput", value_of(result_, {"throughput", component, who.node})) +
                (scenario_.workloads.size() > 1
                     ? ", " + percent(who.share()) + " of the items in service there."
                     : "."),
            who.node);
    }

    /// The settings that say how much the component can do.
    void limit(const std::string& id) {
        const model::Component* component = scenario_.component(id);
        const model::Kind* kind = component != nullptr ? model::find_kind(component->kind) : nullptr;
        if (kind == nullptr) return;
        std::string settings;
        for (const model::ParameterSpec& spec : kind->parameters) {
            const auto found = component->settings.find(spec.name);
            const bool sizes =
                spec.type == model::ParameterType::nodes || spec.type == model::ParameterType::count;
            if (found == component->settings.end() || !sizes) continue;
            settings += (settings.empty() ? "" : ", ") + spec.name + " " +
                        model::print_parameter(spec, found->second.value);
        }
        if (!settings.empty()) add("What it can do is set by " + settings + ".", id);
    }

    void money() {
        std::map<std::string, double> by_component, by_line;
        for (const model::BillLine& line : result_.bill.lines) by_component[line.component] += line.amount;
        const Share where = largest(by_component);
        if (where.node.empty()) return;
        const auto dollars = [](double amount) { return model::format(model::dollars(amount)) + " a month"; };
        add(where.node + " costs most: " + dollars(where.value) + " of " + dollars(where.whole) + " (" +
                percent(where.share()) + ").",
            where.node);
        for (const model::BillLine& line : result_.bill.lines)
            if (line.component == where.node)
                by_line[line.dimension + (line.detail.empty() ? "" : ", " + line.detail)] += line.amount;
        const Share what = largest(by_line);
        add("There it is billed for " + what.node + ": " + dollars(what.value) + ".", where.node);
        load(where.node);
        limit(where.node);
    }

    const model::Scenario& scenario_;
    const model::RunResult& result_;
    const model::ObjectiveResult& objective_;
    std::vector<Cause> causes_;
    std::string station_;  ///< within the component, where most of the time passes; empty: not known
};

}  // namespace

std::vector<Cause> causes_of(const model::Scenario& scenario, const model::RunResult& result,
                             const model::ObjectiveResult& objective) {
    return Inquiry(scenario, result, objective).causes();
}

}  // namespace headroom::sim
