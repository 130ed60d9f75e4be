#include "sim/experiment/incidents.h"

#include "model/topology/topology.h"
#include "model/units/unit.h"
#include "sim/experiment/billing.h"
#include "sim/experiment/parallel.h"
#include "sim/experiment/recovery.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace headroom::sim {

namespace {

using model::Expected;

constexpr double replay_factor = 3;  ///< the records of two lengths of an outage come again within one
constexpr double backfill_factor = 1.5;
constexpr double backfill_lengths = 12;
/// Losses that take longer to come back from are not played.
constexpr double longest_loss = 14 * 86400.0;

/// When incidents begin: at the highest rates; where these are constant, when most of the components is in
/// use in the first day of the usual run, as jobs come one by one. Enough of the horizon is left for the
/// rest.
model::Duration moment_of(const model::Scenario& scenario, const model::RunResult& usual,
                          model::Duration outage) {
    const bool constant = std::all_of(
        scenario.workloads.begin(), scenario.workloads.end(), [](const model::Workload& workload) {
            const auto* stream = std::get_if<model::Stream>(&workload.load);
            return (stream ? stream->rate : std::get<model::Requests>(workload.load).rate).is_constant();
        });
    if (!constant) return busiest_moment(scenario);
    const double last = std::min(86400.0, scenario.horizon.value() - 2 * backfill_lengths * outage.value());
    std::vector<double> used;
    model::Duration step;
    for (const model::Series& series : usual.series) {
        if (series.key.metric != "utilisation") continue;
        used.resize(std::max(used.size(), series.values.size()));
        for (std::size_t i = 0; i < series.values.size(); ++i) used[i] += series.values[i];
        step = series.step;
    }
    const auto count = step.value() > 0 ? static_cast<std::ptrdiff_t>(last / step.value()) : 0;
    if (count <= 0) return {};
    used.resize(std::min(used.size(), static_cast<std::size_t>(count)));
    const auto most = std::max_element(used.begin(), used.end()) - used.begin();
    return step * (static_cast<double>(most) + 0.5);
}

model::FailureMode taken(std::string name, std::vector<std::string> of, double share, model::Duration at,
                         model::Duration length) {
    model::FailureMode failure;
    failure.name = std::move(name);
    failure.of = std::move(of);
    failure.share = share;
    failure.at = at;
    failure.repair = model::Distribution::constant(length.value());
    return failure;
}

std::string percent(double share) {
    return model::format_quantity(share, model::dimensions::none, {.percent = true});
}

const model::NodeGroup* group_of(const model::Scenario& scenario, const model::Component& component) {
    return component.has("runs-on") ? scenario.node_group(component.text("runs-on")) : nullptr;
}

int zones_of(const model::Scenario& scenario, const model::Component& component) {
    if (const model::NodeGroup* group = group_of(scenario, component)) return group->zones;
    return component.has("zones") ? std::max(1, static_cast<int>(component.number("zones"))) : 1;
}

/// Nodes of the scenario's own; those of a service are the provider's.
int nodes_of(const model::Scenario& scenario, const model::Component& component) {
    if (const model::NodeGroup* group = group_of(scenario, component)) return group->nodes.count;
    return component.has("nodes") ? component.nodes("nodes").count : 0;
}

double spot_of(const model::Scenario& scenario, const model::Component& component) {
    const model::NodeGroup* group = group_of(scenario, component);
    if (!group && !component.has("purchase")) return 0;
    for (const auto& [way, share] : group ? group->purchase : component.named_numbers("purchase"))
        if (way == "spot") return share;
    return 0;
}

bool is_played(const Recovered& loss) { return loss.down.value() > 0 && loss.down.value() <= longest_loss; }

/// What is tried on a scenario.
class List {
public:
    List(const model::Scenario& scenario, const model::RunResult& usual,
         const std::vector<Recovered>& recovered, model::Duration outage)
        : scenario_(scenario),
          usual_(usual),
          recovered_(recovered),
          outage_(outage),
          at_(moment_of(scenario, usual, outage)) {}

    std::vector<Incident> all() {
        single_points();
        zones();
        busiest_node();
        spot();
        losses();
        const bool streams = std::any_of(scenario_.workloads.begin(), scenario_.workloads.end(),
                                         [](const model::Workload& w) { return w.is_stream(); });
        if (streams) {
            more("replay storm", replay_factor, outage_);
            more("backfill", backfill_factor, outage_ * backfill_lengths);
        }
        return std::move(incidents_);
    }

private:
    void fail(const std::string& name, const std::string& what, std::vector<model::FailureMode> failures) {
        if (failures.empty()) return;
        incidents_.push_back(
            {name, what + " for " + model::format(outage_), std::move(failures), 1, at_, outage_});
    }

    void single_points() {
        std::vector<std::string> points;
        for (const auto& [workload, on_the_way] : model::examine(scenario_).single_points)
            for (const std::string& id : on_the_way)
                if (scenario_.component(id) && std::find(points.begin(), points.end(), id) == points.end())
                    points.push_back(id);
        for (const model::Component& component : scenario_.components)  // in the order of the file
            if (std::find(points.begin(), points.end(), component.id) != points.end())
                fail(component.id + " fails", "all of it is gone",
                     {taken("incident", {component.id}, 1, at_, outage_)});
    }

    void zones() {
        int most = 0;
        for (const model::Component& component : scenario_.components)
            if (nodes_of(scenario_, component) > 0) most = std::max(most, zones_of(scenario_, component));
        for (int zone = 1; zone <= most; ++zone) {
            std::vector<model::FailureMode> failures;
            std::string what;
            for (const model::Component& component : scenario_.components) {
                const int zones = zones_of(scenario_, component);
                if (nodes_of(scenario_, component) == 0 || zones < zone) continue;
                failures.push_back(
                    taken("incident of " + component.id, {component.id}, 1.0 / zones, at_, outage_));
                what += (what.empty() ? "" : ", ") + percent(1.0 / zones) + " of " + component.id;
            }
            fail("zone " + std::to_string(zone) + " fails", what, std::move(failures));
        }
    }

    void busiest_node() {
        const model::Component* busiest = nullptr;
        double most = -1;
        for (const model::Component& component : scenario_.components) {
            const model::Figure* figure = usual_.find({"utilisation.peak", component.id, ""});
            if (nodes_of(scenario_, component) == 0 || !figure || !(figure->simulated.value > most)) continue;
            most = figure->simulated.value;
            busiest = &component;
        }
        if (!busiest) return;
        const int nodes = nodes_of(scenario_, *busiest);
        fail("busiest node fails", "1 of " + std::to_string(nodes) + " nodes of " + busiest->id + " is gone",
             {taken("incident", {busiest->id}, 1.0 / nodes, at_, outage_)});
    }

    void spot() {
        std::vector<model::FailureMode> failures;
        std::string what;
        for (const model::Component& component : scenario_.components) {
            const double share = spot_of(scenario_, component);
            if (!(share > 0)) continue;
            failures.push_back(taken("incident of " + component.id, {component.id}, share, at_, outage_));
            what += (what.empty() ? "" : ", ") + percent(share) + " of " + component.id;
        }
        fail("spot nodes reclaimed", what, std::move(failures));
    }

    /// What the scenario says it recovers from, each component for as long as it is gone.
    void losses() {
        for (const model::Recovery& recovery : scenario_.recoveries) {
            std::string what;
            std::vector<model::FailureMode> failures;
            model::Duration length;
            for (const Recovered& each : recovered_) {
                if (each.recovery != &recovery || !is_played(each)) continue;
                what +=
                    (what.empty() ? "" : ", ") + each.component->id + " after " + model::format(each.down);
                failures.push_back(
                    taken("incident of " + each.component->id, {each.component->id}, 1, at_, each.down));
                length = std::max(length, each.down);
            }
            if (failures.empty()) continue;
            incidents_.push_back(
                {recovery.name,
                 std::string("lost with a ") + model::word_for(recovery.loss) + ", and back: " + what,
                 std::move(failures), 1, at_, length});
        }
    }

    void more(const char* name, double factor, model::Duration length) {
        const std::string times = model::format_quantity(factor, model::dimensions::none);
        incidents_.push_back({name,
                              "streams at " + times + " times their rate for " + model::format(length),
                              {},
                              factor,
                              at_,
                              length});
    }

    const model::Scenario& scenario_;
    const model::RunResult& usual_;
    const std::vector<Recovered>& recovered_;
    model::Duration outage_, at_;
    std::vector<Incident> incidents_;
};

model::Scenario with(const model::Scenario& scenario, const Incident& incident) {
    model::Scenario changed = scenario;
    changed.failures = incident.failures;
    changed.recoveries.clear();  // they say nothing of this incident
    if (incident.stream_factor != 1)
        for (model::Workload& workload : changed.workloads)
            if (auto* stream = std::get_if<model::Stream>(&workload.load))
                stream->rate.events.push_back(
                    {"incident", incident.stream_factor, incident.at, incident.length});
    return changed;
}

double sum_of(const model::RunResult& result, const char* metric) {
    const model::Figure* figure = result.find({metric, "", ""});
    return figure ? figure->simulated.value : 0;
}

/// Mean bytes of what waits at a component: records of streams only.
double bytes_per_item(const Billing& billing, const model::Scenario& scenario,
                      const Outline::Component& component, const Flows& flows) {
    double items = 0, bytes = 0;
    for (const auto& flow : billing.activity(component, flows).flows) {
        items += flow.in.value();
        const model::Workload* workload = scenario.workload(flow.workload);
        if (workload && workload->is_stream()) bytes += flow.bytes_in.value();
    }
    return items > 0 ? bytes / items : 0;
}

}  // namespace

Expected<WhatIf> what_if(const model::Scenario& scenario, const model::Catalog& catalog,
                         const model::Calibrations& calibrations, const WhatIfOptions& options,
                         const std::function<void(double)>& progress, std::stop_token stop) {
    model::Scenario calm = scenario;
    calm.failures.clear();
    calm.warm_up = model::seconds(0);  // the series must begin at the same moment in all of them
    const double needed = busiest_moment(calm).value() + (2 * backfill_lengths) * options.outage.value();
    calm.horizon = model::seconds(std::max({calm.horizon.value(), 86400.0, needed}));
    RunOptions run_options = options.run;
    if (run_options.horizon) calm.horizon = model::seconds(std::max(run_options.horizon->value(), needed));
    run_options.horizon.reset();
    if (!run_options.replications) run_options.replications = 3;
    auto system = model::lower(calm, catalog, calibrations);
    if (!system) return tl::unexpected(system.error());
    const Outline outline = outline_of(*system);
    const Billing billing(calm, catalog, *system, outline);
    WhatIf answer;
    const std::vector<Recovered> losses = recovered(calm, *system, outline, billing);
    for (const Recovered& loss : losses) {
        if (is_played(loss))
            calm.horizon = std::max(calm.horizon, busiest_moment(calm) + loss.down * 2.0);
        else if (loss.down.value() > 0)
            answer.notes.push_back("'" + loss.recovery->name + "' was not tried: " + loss.component->id +
                                   " is gone for " + model::format(loss.down) + ".");
    }
    system->horizon = calm.horizon;
    // A record level of days would take hours; the flow level shows backlogs as well.
    if (run_options.level == model::Level::automatic && flow_gap(*system).empty())
        run_options.level = model::Level::flow;

    auto usual = run(calm, catalog, calibrations, run_options, {}, stop);
    if (!usual) return tl::unexpected(usual.error());
    answer.usual = std::move(*usual);
    const Flows flows = mean_flows(*system);
    std::map<std::string, double> bytes;
    for (const Outline::Component& component : outline.components)
        bytes[component.id] = bytes_per_item(billing, calm, component, flows);

    const std::vector<Incident> incidents = List(calm, answer.usual, losses, options.outage).all();
    const auto follow = [&](const model::System& of) {
        return queues_of(of, outline, run_options.level, answer.usual.seed, 0, stop);
    };
    const Queues usual_queues = follow(*system);
    std::vector<Queues> queues(incidents.size());
    std::vector<std::optional<Expected<model::RunResult>>> results(incidents.size());
    if (run_options.level == model::Level::automatic) run_options.level = answer.usual.level;
    RunOptions each = run_options;
    each.threads = 1;
    for_each_index(
        incidents.size(), options.run.threads, stop,
        [&](std::size_t i) {
            const model::Scenario changed = with(calm, incidents[i]);
            results[i] = run(changed, catalog, calibrations, each, {}, stop);
            if (const auto lowered = model::lower(changed, catalog, calibrations))
                queues[i] = follow(*lowered);
        },
        [&](std::size_t done) {
            if (progress) progress(static_cast<double>(done) / static_cast<double>(incidents.size()));
        });
    for (std::size_t i = 0; i < incidents.size(); ++i) {
        if (!results[i]) break;  // stopped
        if (!*results[i]) return tl::unexpected(results[i]->error());
        IncidentOutcome outcome{.incident = incidents[i],
                                .backlog = {},
                                .lost = 0,
                                .broken = {},
                                .result = std::move(**results[i])};
        outcome.backlog = backlog_of(queues[i], usual_queues, outcome.incident.at, outcome.incident.length,
                                     calm.horizon, bytes);
        outcome.lost = std::max(0.0, sum_of(outcome.result, "lost") - sum_of(answer.usual, "lost"));
        for (std::size_t o = 0; o < outcome.result.objectives.size(); ++o)
            if (outcome.result.objectives[o].verdict == model::Verdict::broken &&
                answer.usual.objectives[o].verdict != model::Verdict::broken)
                outcome.broken.push_back(o);
        answer.outcomes.push_back(std::move(outcome));
    }
    if (std::none_of(calm.components.begin(), calm.components.end(),
                     [&](const model::Component& c) { return spot_of(calm, c) > 0; }))
        answer.notes.emplace_back("No component has spot nodes, so there is none to be reclaimed.");
    if (std::none_of(calm.components.begin(), calm.components.end(),
                     [&](const model::Component& c) { return nodes_of(calm, c) > 0; }))
        answer.notes.emplace_back(
            "No component has nodes of its own, so no zone and no node was taken away.");
    return answer;
}

}  // namespace headroom::sim
