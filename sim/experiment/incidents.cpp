#include "sim/experiment/incidents.h"

#include "model/topology/topology.h"
#include "model/units/unit.h"
#include "sim/experiment/billing.h"
#include "sim/experiment/parallel.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace headroom::sim {

namespace {

using model::Expected;

constexpr double replay_factor = 3;  ///< the records of two lengths of an outage come again within one
constexpr double backfill_factor = 1.5;
constexpr double backfill_lengths = 12;

/// When all workloads together ask for most, relative to what each asks for on average; in the first day.
model::Duration busiest_moment(const model::Scenario& scenario) {
    const double day = std::min(86400.0, scenario.horizon.value());
    constexpr int steps = 288;
    double best = -1, moment = 0;
    for (int i = 0; i < steps; ++i) {
        const double t = day * i / steps;
        double sum = 0;
        for (const model::Workload& workload : scenario.workloads) {
            const auto* stream = std::get_if<model::Stream>(&workload.load);
            const auto* requests = std::get_if<model::Requests>(&workload.load);
            const model::RateProfile& rate = stream ? stream->rate : requests->rate;
            if (rate.base.value() > 0) sum += rate.at(model::seconds(t)).value() / rate.base.value();
        }
        if (sum > best * (1 + 1e-9)) best = sum, moment = t;
    }
    return model::seconds(moment);
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

class List {
public:
    List(const model::Scenario& scenario, const model::RunResult& usual, model::Duration outage)
        : scenario_(scenario), usual_(usual), outage_(outage), at_(busiest_moment(scenario)) {}

    std::vector<Incident> all() {
        single_points();
        zones();
        busiest_node();
        spot();
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
    model::Duration outage_, at_;
    std::vector<Incident> incidents_;
};

model::Scenario with(const model::Scenario& scenario, const Incident& incident) {
    model::Scenario changed = scenario;
    changed.failures = incident.failures;
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

constexpr double bin_seconds = 30;  ///< of the queues from which backlogs and their drain times are read

/// Items present by component and bin, in one replication.
std::map<std::string, std::vector<double>> queues_of(const model::System& system, const Outline& outline,
                                                     const RunOptions& options, std::uint64_t seed,
                                                     std::stop_token stop) {
    const ReplicationOptions fine{.seed = seed,
                                  .replication = 0,
                                  .warm_up = 0,
                                  .bins = static_cast<int>(std::clamp(
                                      std::ceil(system.horizon.value() / bin_seconds), 288.0, 20'000.0)),
                                  .stop = std::move(stop)};
    const Replication replication =
        options.level == model::Level::flow ? simulate_flow(system, fine) : simulate_records(system, fine);
    std::map<std::string, std::vector<double>> queues;
    for (const Outline::Component& component : outline.components) {
        std::vector<double>& queue = queues[component.id];
        for (const int s : component.stations) {
            const std::vector<double>& at_station = replication.stations[static_cast<std::size_t>(s)].queue;
            queue.resize(std::max(queue.size(), at_station.size()));
            for (std::size_t i = 0; i < at_station.size(); ++i) queue[i] += at_station[i];
        }
    }
    return queues;
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

/// What waits beyond the usual, from the incident on. A hundredth of the most, and one item, are noise.
Backlog backlog_of(const std::map<std::string, std::vector<double>>& with,
                   const std::map<std::string, std::vector<double>>& usual, const Incident& incident,
                   model::Duration horizon, const std::map<std::string, double>& bytes) {
    Backlog backlog;
    std::vector<double> all;
    double step = 0, most = 0;
    for (const auto& [component, values] : with) {
        const std::vector<double>& without = usual.at(component);
        if (values.empty() || values.size() != without.size()) continue;
        step = horizon.value() / static_cast<double>(values.size());
        all.resize(values.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const double more = values[i] - without[i];
            if (!std::isfinite(more) || (static_cast<double>(i) + 1) * step < incident.at.value()) continue;
            all[i] += std::max(0.0, more);
            if (more > most) {
                most = more;
                backlog.component = component;
                backlog.items = more;
                backlog.bytes = more * bytes.at(component);
            }
        }
    }
    backlog.resolution = model::seconds(step);
    if (all.empty() || backlog.items <= 1) {
        Backlog none;
        none.resolution = backlog.resolution;
        return none;
    }
    const double noise = std::max(1.0, 0.01 * *std::max_element(all.begin(), all.end()));
    const double end = (incident.at + incident.length).value();
    const auto last = std::find_if(all.rbegin(), all.rend(), [&](double items) { return items > noise; });
    const double until = static_cast<double>(all.rend() - last) * step;
    backlog.drained = last != all.rbegin();
    backlog.drain = model::seconds(std::max(0.0, until - end));
    return backlog;
}

}  // namespace

std::vector<Incident> incidents_of(const model::Scenario& scenario, const model::RunResult& usual,
                                   model::Duration outage) {
    return List(scenario, usual, outage).all();
}

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
    const auto system = model::lower(calm, catalog, calibrations);
    if (!system) return tl::unexpected(system.error());
    // A record level of days would take hours; the flow level shows backlogs as well.
    if (run_options.level == model::Level::automatic && flow_gap(*system).empty())
        run_options.level = model::Level::flow;

    WhatIf answer;
    auto usual = run(calm, catalog, calibrations, run_options, {}, stop);
    if (!usual) return tl::unexpected(usual.error());
    answer.usual = std::move(*usual);
    const Outline outline = outline_of(*system);
    const Billing billing(calm, catalog, *system, outline);
    const Flows flows = mean_flows(*system);
    std::map<std::string, double> bytes;
    for (const Outline::Component& component : outline.components)
        bytes[component.id] = bytes_per_item(billing, calm, component, flows);

    const std::vector<Incident> incidents = incidents_of(calm, answer.usual, options.outage);
    using Queues = std::map<std::string, std::vector<double>>;
    const Queues usual_queues = queues_of(*system, outline, run_options, answer.usual.seed, stop);
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
                queues[i] = queues_of(*lowered, outline, run_options, answer.usual.seed, stop);
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
        outcome.backlog = backlog_of(queues[i], usual_queues, outcome.incident, calm.horizon, bytes);
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
