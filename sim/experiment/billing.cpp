#include "sim/experiment/billing.h"

#include "model/kinds/parts.h"

#include <algorithm>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

Flows flows_of(const model::System& system, const Replication& replication) {
    Flows flows;
    const double measured = replication.measured_time > 0 ? replication.measured_time : 1;
    for (std::size_t s = 0; s < system.stations.size(); ++s) {
        const StationTally& tally = replication.stations[s];
        std::vector<double> arrivals, departures;
        for (const VisitTally& visit : tally.visits) {
            arrivals.push_back(visit.arrivals / measured);
            departures.push_back(visit.departures / measured);
        }
        flows.arrivals.push_back(std::move(arrivals));
        flows.departures.push_back(std::move(departures));
        flows.batches.push_back(tally.batches / measured);
    }
    return flows;
}

model::Activity Billing::activity(const Outline::Component& component, const Flows& flows) const {
    model::Activity activity;
    activity.readers =
        static_cast<int>(std::count_if(scenario_.links.begin(), scenario_.links.end(),
                                       [&](const model::Link& link) { return link.from == component.id; }));
    for (std::size_t k = 0; k < system_.classes.size(); ++k) {
        if (component.entries[k].empty()) continue;
        model::Activity::Flow flow;
        flow.workload = system_.classes[k].name;
        double in = 0, out = 0, bytes_in = 0, bytes_out = 0, batches = 0;
        for (const int s : component.entries[k]) {
            double items = flows.arrivals[at(s)][k];
            for (const int from : component.stations)
                items -= flows.departures[at(from)][k] *
                         flow_between(system_.stations[at(from)], static_cast<int>(k), s);
            items = std::max(0.0, items);
            in += items;
            bytes_in += items * system_.stations[at(s)].sizes[k].value();
        }
        for (const int s : component.stations) {
            const model::Station& station = system_.stations[at(s)];
            const double left = flows.departures[at(s)][k];
            const model::Route& route = station.routes[k];
            for (const auto& branch : route.branches) {
                const bool leaves = branch.station == model::outside ||
                                    system_.stations[at(branch.station)].component != station.component;
                if (!leaves) continue;
                const double items = left * station.yields[k] *
                                     (route.routing == model::Routing::copy ? 1 : branch.probability);
                const model::Station& next =
                    branch.station == model::outside ? station : system_.stations[at(branch.station)];
                out += items;
                bytes_out += items * next.sizes[k].value();
            }
            double all = 0;
            for (const double rate : flows.arrivals[at(s)]) all += rate;
            if (all > 0) batches += flows.batches[at(s)] * flows.arrivals[at(s)][k] / all;
        }
        flow.in = model::ItemRate(in);
        flow.out = model::ItemRate(out);
        flow.bytes_in = model::DataRate(bytes_in);
        flow.bytes_out = model::DataRate(bytes_out);
        flow.batches = model::Frequency(batches);
        activity.flows.push_back(std::move(flow));
    }
    return activity;
}

model::Expected<model::Bill> Billing::bill(const Flows& flows) const {
    std::vector<model::Usage> usage;
    std::vector<model::Buyer> buyers;
    for (const auto& component : scenario_.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        const model::Technology* technology = catalog_.technology(component.technology);
        if (!kind || !kind->usage || !technology || technology->prices.empty()) continue;
        const auto outlined = std::find_if(outline_.components.begin(), outline_.components.end(),
                                           [&](const auto& o) { return o.id == component.id; });
        if (outlined == outline_.components.end()) continue;
        for (model::Usage& used : kind->usage(component, activity(*outlined, flows), catalog_)) {
            used.component = component.id;
            usage.push_back(std::move(used));
            buyers.push_back({technology, model::purchase_mix(component)});
        }
    }
    if (usage.empty()) return model::Bill{};
    const model::PriceBook* book = catalog_.price_book(scenario_.price_book);
    if (!book)
        return model::fail({scenario_.file.string(), 0, 0}, "catalog",
                           scenario_.price_book.empty()
                               ? "no price book is named, but components of this scenario cost money"
                               : "there is no price book '" + scenario_.price_book + "'");
    return model::make_bill(usage, buyers, *book);
}

std::vector<double> cost_by_component(const model::Scenario& scenario, const model::Bill& bill) {
    std::vector<double> costs;
    for (const auto& component : scenario.components) {
        double cost = 0;
        for (const auto& line : bill.lines)
            if (line.component == component.id) cost += line.amount;
        costs.push_back(cost);
    }
    return costs;
}

}  // namespace headroom::sim
