#include "model/kinds/lower.h"

#include "model/kinds/flows.h"
#include "model/kinds/pair_forks.h"
#include "model/kinds/parts.h"
#include "model/kinds/scaling.h"
#include "model/system/blocking.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace headroom::model {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Follows the flows from the workloads on, component by component.
class Lowering {
public:
    Lowering(const Scenario& scenario, const Catalog& catalog, const Calibrations& calibrations,
             const FlowGraph& graph)
        : scenario_(scenario),
          catalog_(catalog),
          calibrations_(calibrations),
          graph_(graph),
          arriving_(scenario.components.size()),
          lowered_(scenario.components.size()),
          first_station_(scenario.components.size(), 0) {}

    Expected<System> run() {
        describe();
        for (std::size_t i = 0; i < scenario_.workloads.size(); ++i)
            for (const int to : graph_.from_workload[i]) arrive(to, flow_of(static_cast<int>(i)));
        for (const std::vector<int>& group : graph_.groups) visit(group);
        if (!problems_.empty()) return tl::unexpected(std::move(problems_));
        build_stations();
        connect();
        build_sources();
        if (Problems problems = pair_forks(system_, scenario_); !problems.empty())
            return tl::unexpected(std::move(problems));
        build_outages();
        build_scalers();
        build_regions();
        refuse_deadlock();
        if (!problems_.empty()) return tl::unexpected(std::move(problems_));
        return std::move(system_);
    }

private:
    void describe() {
        system_.horizon = scenario_.horizon;
        for (const Workload& workload : scenario_.workloads)
            system_.classes.push_back({workload.id, workload.is_stream() ? "events" : "requests"});
        for (const Component& component : scenario_.components) system_.components.push_back(component.id);
    }

    Flow flow_of(int workload) const {
        const Workload& source = scenario_.workloads[at(workload)];
        Flow flow{.item_class = workload, .workload = &source};
        if (const auto* stream = std::get_if<Stream>(&source.load)) {
            flow.size = ItemSize(stream->record.size.mean);
            flow.format = stream->record.format;
            flow.key_shares = key_shares_of(workload);
        } else {
            flow.type = FlowType::request;
            flow.scan = std::get<Requests>(source.load).scan;
        }
        return flow;
    }

    /// Keys are declared, or measured with a transform, on the workload's own sample: any transform that the
    /// workload reaches knows them.
    std::vector<double> key_shares_of(int workload) const {
        const Record& record = std::get<Stream>(scenario_.workloads[at(workload)].load).record;
        if (record.keys > 0) return zipf_shares(record.keys, record.skew);
        if (record.key.empty()) return {};
        std::vector<bool> seen(scenario_.components.size(), false);
        std::vector<int> open = graph_.from_workload[at(workload)];
        for (std::size_t next = 0; next < open.size(); ++next) {
            const int component = open[next];
            if (seen[at(component)]) continue;
            seen[at(component)] = true;
            const auto found = calibrations_.find(scenario_.components[at(component)].id);
            if (found != calibrations_.end() && !found->second.key_shares.empty())
                return found->second.key_shares;
            for (const int to : graph_.next[at(component)]) open.push_back(to);
        }
        return {};
    }

    /// The flow of a workload whose items have come from another.
    Flow become(Flow flow, int item_class) const {
        flow.item_class = item_class;
        flow.workload = &scenario_.workloads[at(item_class)];
        return flow;
    }

    /// A class arrives at a component once, however many ways lead there; the first way's description counts.
    bool arrive(int component, const Flow& flow) {
        std::vector<Flow>& flows = arriving_[at(component)];
        for (const Flow& known : flows) {
            if (known.item_class != flow.item_class) continue;
            if (known.format != flow.format || known.size.value() != flow.size.value())
                note(scenario_.components[at(component)],
                     "'" + flow.workload->id + "' arrives in more than one form; all of it is taken to be " +
                         known.format);
            return false;
        }
        flows.push_back(flow);
        return true;
    }

    void note(const Component& component, const std::string& text) {
        const std::string sentence = component.id + ": " + text;
        if (std::find(system_.notes.begin(), system_.notes.end(), sentence) == system_.notes.end())
            system_.notes.push_back(sentence);
    }

    void visit(const std::vector<int>& group) {
        if (graph_.in_cycle[at(group.front())]) {
            // Only kinds that pass items on as they are stand in cycles, so every class that enters reaches
            // every member unchanged.
            for (bool grew = true; grew;) {
                grew = false;
                for (const int member : group)
                    for (const Flow& flow : std::vector<Flow>(arriving_[at(member)]))
                        for (const Onward::To& to : graph_.onward[at(member)][at(flow.item_class)].to)
                            if (std::binary_search(group.begin(), group.end(), to.component))
                                grew = arrive(to.component, become(flow, to.item_class)) || grew;
            }
        }
        for (const int member : group) {
            lower_component(member);
            if (!lowered_[at(member)]) continue;
            for (const Lowered::Way& way : lowered_[at(member)]->ways)
                for (const Onward::To& to : graph_.onward[at(member)][at(way.out.item_class)].to)
                    if (to.component >= 0 && !std::binary_search(group.begin(), group.end(), to.component))
                        arrive(to.component, become(way.out, to.item_class));
        }
    }

    void lower_component(int index) {
        const Component& component = scenario_.components[at(index)];
        std::vector<Flow>& flows = arriving_[at(index)];
        // In the order of the workloads, however the links are ordered.
        std::sort(flows.begin(), flows.end(),
                  [](const Flow& a, const Flow& b) { return a.item_class < b.item_class; });
        const Kind* kind = find_kind(component.kind);
        if (kind == nullptr) {
            problems_.push_back(problem_of(
                component, "technology", Severity::error,
                "'" + component.technology + "' is of a kind that is not known: '" + component.kind + "'"));
            return;
        }
        if (flows.empty()) {
            note(component, "no workload reaches it; it costs, but does nothing");
            return;
        }
        if (!accepts_all(component, *kind, flows)) return;
        LoweringContext context{.scenario = scenario_,
                                .catalog = catalog_,
                                .class_count = static_cast<int>(system_.classes.size())};
        if (const auto found = calibrations_.find(component.id); found != calibrations_.end())
            context.calibration = &found->second;
        Expected<Lowered> lowered = kind->lower(component, flows, context);
        if (!lowered) {
            problems_.insert(problems_.end(), lowered.error().begin(), lowered.error().end());
            return;
        }
        for (const std::string& text : lowered->notes) note(component, text);
        lowered_[at(index)] = std::move(*lowered);
    }

    bool accepts_all(const Component& component, const Kind& kind, const std::vector<Flow>& flows) {
        bool all = true;
        for (const Flow& flow : flows) {
            if (std::find(kind.accepts.begin(), kind.accepts.end(), flow.type) != kind.accepts.end())
                continue;
            all = false;
            const bool stream = flow.type == FlowType::stream;
            problems_.push_back({.place = component.place,
                                 .field = "components." + component.id,
                                 .found = flow.workload->id,
                                 .message = std::string("the ") + (stream ? "records" : "requests") +
                                            " of '" + flow.workload->id + "' arrive here, but a " +
                                            lower_case(kind.title) + " takes only " +
                                            (stream ? "requests" : "streams of records")});
        }
        return all;
    }

    static std::string lower_case(std::string title) {
        if (!title.empty() && title.front() >= 'A' && title.front() <= 'Z')
            title.front() = static_cast<char>(title.front() - 'A' + 'a');
        return title;
    }

    void build_stations() {
        const std::size_t classes = system_.classes.size();
        for (std::size_t i = 0; i < lowered_.size(); ++i) {
            if (!lowered_[i]) continue;
            first_station_[i] = static_cast<int>(system_.stations.size());
            const bool single = lowered_[i]->stations.size() == 1;
            for (Lowered::Station& part : lowered_[i]->stations) {
                Station station{.name = scenario_.components[i].id, .component = static_cast<int>(i)};
                if (!single && !part.name.empty()) station.name += "." + part.name;
                station.primitive = std::move(part.primitive);
                station.routes.resize(classes);
                station.sizes.resize(classes);
                station.yields.assign(classes, 1);
                for (std::size_t f = 0; f < arriving_[i].size(); ++f) {
                    const std::size_t of = at(arriving_[i][f].item_class);
                    station.sizes[of] = part.sizes.empty() ? arriving_[i][f].size : part.sizes[f];
                    if (!part.yields.empty()) station.yields[of] = part.yields[f];
                }
                system_.stations.push_back(std::move(station));
            }
        }
    }

    const Lowered::Way& way_of(int component, int item_class) const {
        const std::vector<Flow>& flows = arriving_[at(component)];
        const auto flow = std::find_if(flows.begin(), flows.end(), [item_class](const Flow& arriving) {
            return arriving.item_class == item_class;
        });
        return lowered_[at(component)]->ways[at(static_cast<int>(flow - flows.begin()))];
    }

    int entry(int component, int item_class) const {
        return first_station_[at(component)] + way_of(component, item_class).stations.front();
    }

    void connect() {
        for (std::size_t i = 0; i < lowered_.size(); ++i) {
            if (!lowered_[i]) continue;
            for (std::size_t f = 0; f < arriving_[i].size(); ++f) {
                const Lowered::Way& way = lowered_[i]->ways[f];
                const int item_class = arriving_[i][f].item_class;
                for (std::size_t s = 0; s + 1 < way.stations.size(); ++s)
                    route(i, way.stations[s], item_class) = within(i, way, s);
                route(i, way.stations.back(), item_class) = onward_route(i, item_class);
                if (way.readable_at_end)
                    system_.read_points.push_back({.station = first_station_[i] + way.stations.back(),
                                                   .component = static_cast<int>(i),
                                                   .item_class = item_class});
            }
        }
    }

    /// From a station of a way to the next; what a cache has skips to the last of them.
    Route within(std::size_t component, const Lowered::Way& way, std::size_t s) const {
        const Branch next{first_station_[component] + way.stations[s + 1], 1};
        const Primitive& primitive =
            system_.stations[at(first_station_[component] + way.stations[s])].primitive;
        if (!std::holds_alternative<Cache>(primitive)) return {Routing::split, {next}};
        return {Routing::outcome, {{first_station_[component] + way.stations.back(), 1}, next}};
    }

    Route& route(std::size_t component, int station, int item_class) {
        return system_.stations[at(first_station_[component] + station)].routes[at(item_class)];
    }

    Route onward_route(std::size_t component, int item_class) const {
        const Onward& onward = graph_.onward[component][at(item_class)];
        Route result{.routing = onward.routing, .branches = {}, .sampled = onward.sampled};
        std::vector<double> shares;
        if (onward.by_key)
            shares = hashed_shares(way_of(static_cast<int>(component), item_class).out.key_shares,
                                   static_cast<int>(onward.to.size()));
        for (std::size_t i = 0; i < onward.to.size(); ++i) {
            const Onward::To& to = onward.to[i];
            result.branches.push_back(
                {.station = to.component < 0 ? outside : entry(to.component, to.item_class),
                 .probability = shares.empty() ? to.probability : shares[i],
                 .item_class = to.item_class == item_class ? -1 : to.item_class});
        }
        return result;
    }

    void build_sources() {
        for (std::size_t i = 0; i < scenario_.workloads.size(); ++i) {
            const int item_class = static_cast<int>(i);
            const std::vector<int>& targets = graph_.from_workload[i];
            Route first{.routing = targets.size() == 1 ? Routing::split : Routing::copy, .branches = {}};
            for (const int to : targets)
                first.branches.push_back({.station = entry(to, item_class), .probability = 1});
            const Workload& workload = scenario_.workloads[i];
            if (const auto* stream = std::get_if<Stream>(&workload.load)) {
                system_.open.push_back(
                    {item_class, stream->rate, stream->interarrival, std::move(first), {}, stream->pattern});
                continue;
            }
            const auto& requests = std::get<Requests>(workload.load);
            if (requests.users)
                system_.closed.push_back({item_class, *requests.users, requests.think_time, std::move(first),
                                          requests.persistence});
            else
                system_.open.push_back({item_class, requests.rate, requests.interarrival, std::move(first),
                                        requests.persistence, requests.pattern});
        }
    }

    void hit(Outage& outage, const Component& component, double share) {
        bool any = false;
        for (std::size_t s = 0; s < system_.stations.size(); ++s) {
            const Station& station = system_.stations[s];
            if (system_.components[at(station.component)] != component.id) continue;
            if (!has_capacity(station.primitive)) continue;
            const auto rewind = lowered_[at(station.component)]->rewind;
            outage.effects.push_back(rewind ? Outage::Effect{static_cast<int>(s), 1, *rewind}
                                            : Outage::Effect{static_cast<int>(s), share, {}});
            any = true;
            if (outage.work == Interrupted::lose && std::holds_alternative<BatchPool>(station.primitive))
                note(component,
                     "'" + outage.name + "' loses no jobs of it: their tasks begin anew on other nodes");
        }
        if (!any)
            note(component, "'" + outage.name +
                                "' does nothing to it: it has no capacity of its own that "
                                "could be gone");
    }

    /// Of a cluster of its own for each job, those of as many as there may be.
    int nodes_of(const Component& component) const {
        for (const Station& station : system_.stations)
            if (system_.components[at(station.component)] == component.id)
                if (const auto* pool = std::get_if<BatchPool>(&station.primitive)) return pool->nodes;
        return component.nodes("nodes").count;
    }

    void build_outages() {
        for (const FailureMode& failure : scenario_.failures) {
            Outage cause{.name = failure.name,
                         .up = failure.every,
                         .down = failure.repair,
                         .at = failure.at,
                         .work = failure.work};
            if (!failure.each_node) {
                for (const std::string& id : failure.of) hit(cause, *scenario_.component(id), failure.share);
                if (!cause.effects.empty()) system_.outages.push_back(std::move(cause));
                continue;
            }
            for (const std::string& id : failure.of) {
                const Component& component = *scenario_.component(id);
                Outage nodes = cause;
                if (failure.of.size() > 1) nodes.name += " of " + id;
                nodes.units = nodes_of(component);
                hit(nodes, component, 1.0 / nodes.units);
                if (!nodes.effects.empty()) system_.outages.push_back(std::move(nodes));
            }
        }
    }

    void build_scalers() {
        for (std::size_t i = 0; i < lowered_.size(); ++i) {
            if (!lowered_[i]) continue;
            const Component& component = scenario_.components[i];
            std::optional<Scaler> scaler = std::move(lowered_[i]->scaler);
            if (!scaler) scaler = scaler_of(component);
            if (!scaler) continue;
            scaler->name = component.id;
            // Batches scale where it is their kind that says so.
            const bool named = !scaler->stations.empty();
            if (!named)
                for (std::size_t s = 0; s < lowered_[i]->stations.size(); ++s)
                    scaler->stations.push_back(static_cast<int>(s));
            std::vector<int> own;
            for (const int s : scaler->stations) {
                const Primitive& primitive = system_.stations[at(first_station_[i] + s)].primitive;
                if (std::holds_alternative<Queue>(primitive) ||
                    std::holds_alternative<PartitionedLog>(primitive) ||
                    (named && std::holds_alternative<Batch>(primitive)))
                    own.push_back(first_station_[i] + s);
            }
            scaler->stations = std::move(own);
            if (!scaler->stations.empty()) system_.scalers.push_back(std::move(*scaler));
        }
    }

    void build_regions() {
        for (const SharedRegion& shared : scenario_.regions) {
            Region region{
                .name = shared.id,
                .capacity = shared.capacity,
                .overflow = shared.when_full,
                .retry_after = shared.retry_after,
                .attempts = std::isfinite(shared.attempts) ? static_cast<int>(shared.attempts) : unlimited};
            for (int s = 0; s < std::ssize(system_.stations); ++s) {
                const std::string& component = system_.components[at(system_.stations[at(s)].component)];
                if (std::find(shared.components.begin(), shared.components.end(), component) !=
                    shared.components.end())
                    region.stations.push_back(s);
            }
            if (!shared.by_workload.empty()) region.by_class.assign(system_.classes.size(), unlimited);
            for (const auto& [workload, limit] : shared.by_workload)
                for (std::size_t k = 0; k < system_.classes.size(); ++k)
                    if (system_.classes[k].name == workload) region.by_class[k] = static_cast<int>(limit);
            system_.regions.push_back(std::move(region));
        }
    }

    void refuse_deadlock() {
        const std::vector<int> cycle = deadlock_in(system_);
        if (cycle.empty()) return;
        std::string way;
        for (const int s : cycle) way += (way.empty() ? "" : " -> ") + system_.stations[at(s)].name;
        const Component& first = scenario_.components[at(system_.stations[at(cycle.front())].component)];
        problems_.push_back(problem_of(
            first, "when-full", Severity::error,
            way + " can come to a deadlock: every server there may keep an item that waits for room at the "
                  "next; give one of them more 'capacity' or none, or take 'when-full: drop' or 'retry'"));
    }

    const Scenario& scenario_;
    const Catalog& catalog_;
    const Calibrations& calibrations_;
    const FlowGraph& graph_;
    std::vector<std::vector<Flow>> arriving_;      ///< by component, in the order of classes once lowered
    std::vector<std::optional<Lowered>> lowered_;  ///< by component; empty where nothing arrives
    std::vector<int> first_station_;               ///< by component, where it has stations
    Problems problems_;
    System system_;
};

/// Who asks for one answer and waits for it, or asks again if it does not come: such requests cannot be
/// copied on the way.
Problems forked_requests(const Scenario& scenario, const FlowGraph& graph) {
    Problems problems;
    for (std::size_t i = 0; i < scenario.workloads.size(); ++i) {
        const Workload& workload = scenario.workloads[i];
        const auto* requests = std::get_if<Requests>(&workload.load);
        if (requests == nullptr || !(requests->users || requests->persistence)) continue;
        auto complain = [&](const Place& place, const std::string& field, const std::string& where) {
            problems.push_back(
                {.place = place,
                 .field = field,
                 .message = "the requests of '" + workload.id + "' would be copied after '" + where +
                            "', but who sends them waits for one answer; link it to one component, "
                            "give a queue a `routing`, or let the copies meet again with a fork and a join"});
        };
        if (graph.from_workload[i].size() > 1)
            complain(workload.place, "workloads." + workload.id, workload.id);
        std::vector<bool> seen(scenario.components.size(), false);
        std::vector<int> open = graph.from_workload[i];
        for (std::size_t next = 0; next < open.size(); ++next) {
            const std::size_t at_component = at(open[next]);
            if (seen[at_component]) continue;
            seen[at_component] = true;
            const Onward& onward = graph.onward[at_component][i];
            const Component& component = scenario.components[at_component];
            if (onward.routing == Routing::copy && component.kind != "fork")
                complain(component.place, "components." + component.id, component.id);
            for (const Onward::To& to : onward.to)
                if (to.component >= 0) open.push_back(to.component);
        }
    }
    return problems;
}

}  // namespace

Expected<System> lower(const Scenario& scenario, const Catalog& catalog, const Calibrations& calibrations) {
    const Expected<FlowGraph> graph = trace_flows(scenario);
    if (!graph) return tl::unexpected(graph.error());
    if (Problems problems = forked_requests(scenario, *graph); !problems.empty())
        return tl::unexpected(std::move(problems));
    return Lowering(scenario, scenario.catalog_or(catalog), calibrations, *graph).run();
}

}  // namespace headroom::model
