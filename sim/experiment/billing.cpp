#include "sim/experiment/billing.h"

#include "model/kinds/parts.h"
#include "model/units/unit.h"
#include "sim/experiment/monthly_load.h"
#include "sim/experiment/staff.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

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
            const auto* batch = std::get_if<model::Batch>(&system_.stations[at(s)].primitive);
            if (all > 0 && batch != nullptr)
                batches +=
                    std::min(flows.batches[at(s)] * batch->lines, all) * flows.arrivals[at(s)][k] / all;
        }
        flow.in = model::ItemRate(in);
        flow.out = model::ItemRate(out);
        flow.bytes_in = model::DataRate(bytes_in);
        flow.bytes_out = model::DataRate(bytes_out);
        flow.batches = model::Frequency(batches);
        activity.flows.push_back(std::move(flow));
    }
    for (const int s : component.stations) {
        std::string_view name = system_.stations[at(s)].name;
        name.remove_prefix(std::min(name.size(), component.id.size() + 1));
        activity.busy.emplace(name, flows.busy[at(s)]);
        // Busy says nothing of how fast it works: what it works off does.
        const auto* queue = std::get_if<model::Queue>(&system_.stations[at(s)].primitive);
        if (queue == nullptr || queue->speeds.empty()) continue;
        double work = 0;
        for (std::size_t k = 0; k < queue->service.size(); ++k)
            work += flows.departures[at(s)][k] * queue->service[k].mean;
        activity.busy.emplace(std::string(name) + ".work", work);
    }
    return activity;
}

model::DataSize Billing::held(const Outline::Component& component, const Flows& flows) const {
    const model::Component& of = *scenario_.component(component.id);
    const model::Kind* kind = model::find_kind(of.kind);
    double bytes = 0;
    if (kind && kind->usage)
        for (const model::Usage& used : kind->usage(of, activity(component, flows), catalog_))
            if (used.held_for.value() > 0) bytes += used.per_month / model::month_seconds;
    return model::DataSize(bytes);
}

void Billing::Charges::add(model::Usage used, const model::Technology& technology, model::PurchaseMix mix) {
    usage.push_back(std::move(used));
    buyers.push_back({&technology, std::move(mix)});
}

void Billing::charge_components(Charges& charges, const Flows& flows) const {
    for (const auto& component : scenario_.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        const model::Technology* technology = catalog_.technology(component.technology);
        if (!kind || !kind->usage || !technology || technology->prices.empty()) continue;
        const auto outlined = std::find_if(outline_.components.begin(), outline_.components.end(),
                                           [&](const auto& o) { return o.id == component.id; });
        if (outlined == outline_.components.end()) continue;
        for (model::Usage& used : kind->usage(component, activity(*outlined, flows), catalog_)) {
            used.component = component.id;
            // The nodes of a group are the group's.
            if (used.dimension == "nodes" && component.has("runs-on")) continue;
            if (used.of_capacity) {
                used.per_month *=
                    capacity_[static_cast<std::size_t>(&component - scenario_.components.data())];
                for (const int s : outlined->stations) used.per_month *= flows.scaled[at(s)];
            }
            charges.add(std::move(used), *technology, model::purchase_mix(component));
        }
    }
}

void Billing::charge_groups(Charges& charges) const {
    const double month = model::months(1).value();
    for (const model::NodeGroup& group : scenario_.node_groups) {
        charges.add({.component = group.id,
                     .dimension = "nodes",
                     .detail = group.nodes.instance,
                     .per_month = group.nodes.count * month},
                    model::node_group_technology(), model::mix_of(group.purchase));
        if (group.disk.value() > 0)
            charges.add({.component = group.id,
                         .dimension = "disks",
                         .detail = group.disk_type,
                         .per_month = group.nodes.count * group.disk.value() * month},
                        model::node_group_technology(), model::mix_of({}));
    }
}

// Nodes that one runs oneself are operated one by one, everything else as a service.
void Billing::charge_people(Charges& charges) const {
    if (!scenario_.people) return;
    const model::People& people = *scenario_.people;
    const Staff needed = staff_of(scenario_, catalog_, people);
    static const model::Technology staff{
        .id = "people",
        .title = "People",
        .prices = {{"operations", {"people.operations"}}, {"development", {"people.development"}}}};
    const double month = model::months(1).value();
    const auto number = [](double value) { return model::format_quantity(value, model::dimensions::none); };
    const std::string why = people.operations
                                ? "stated"
                                : number(needed.nodes) + " nodes at " + number(people.nodes_per_engineer) +
                                      ", " + number(needed.services) + " services at " +
                                      number(people.services_per_engineer) + " an engineer";
    charges.add({.component = "people",
                 .dimension = "operations",
                 .detail = why,
                 .per_month = needed.operations * month},
                staff, model::mix_of({}));
    if (people.development > 0)
        charges.add(
            {.component = "people",
             .dimension = "development",
             .detail = number(people.development) + " person-months over " + model::format(people.life),
             .per_month = people.development * month / (people.life.value() / month)},
            staff, model::mix_of({}));
}

Billing::Charges Billing::charges(const Flows& flows) const {
    Charges all;
    charge_components(all, flows);
    charge_groups(all);
    charge_people(all);
    return all;
}

model::Expected<model::Bill> Billing::priced(const Charges& charges) const {
    if (charges.usage.empty()) return model::Bill{};
    const model::PriceBook* book = catalog_.price_book(scenario_.price_book);
    if (!book)
        return model::fail({scenario_.file.string(), 0, 0}, "catalog",
                           scenario_.price_book.empty()
                               ? "no price book is named, but components of this scenario cost money"
                               : "there is no price book '" + scenario_.price_book + "'");
    return model::make_bill(charges.usage, charges.buyers, *book);
}

model::Expected<model::Bill> Billing::bill(const Flows& flows) const { return priced(charges(flows)); }

namespace {

/// Share of the pairs (s, t), both uniform in months that lie `later` months apart, with t - s <= x.
double share_younger(double x, double later) {
    const double y = x - later;
    if (y <= -1) return 0;
    if (y <= 0) return (1 + y) * (1 + y) / 2;
    if (y < 1) return 1 - (1 - y) * (1 - y) / 2;
    return 1;
}

/// The usage of another month, maybe of another platform, that stands for the same as `of[i]`: what a
/// component of that name keeps in that way.
const model::Usage* same_of(const std::vector<model::Usage>& month, const std::vector<model::Usage>& of,
                            std::size_t i) {
    const auto same = [](const model::Usage& a, const model::Usage& b) {
        return a.component == b.component && a.dimension == b.dimension && a.detail == b.detail &&
               a.held_from.value() == b.held_from.value();
    };
    if (i < month.size() && same(month[i], of[i])) return &month[i];
    const auto nth = std::count_if(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const model::Usage& each) { return same(each, of[i]); });
    auto found = month.begin();
    for (std::ptrdiff_t n = 0; n <= nth; ++n) {
        if (n > 0) ++found;
        found = std::find_if(found, month.end(), [&](const auto& each) { return same(each, of[i]); });
        if (found == month.end()) return nullptr;
    }
    return &*found;
}

}  // namespace

model::Expected<std::vector<model::Bill>> Billing::bills_of(const std::vector<Month>& months) {
    const double month = model::months(1).value();
    std::vector<Charges> arriving;  // what the long run of each month's rates would use
    std::vector<model::Bill> bills;
    for (std::size_t now = 0; now < months.size(); ++now) {
        arriving.push_back(months[now].platform->charges(months[now].flows));
        Charges charged = arriving.back();
        for (std::size_t i = 0; i < charged.usage.size(); ++i) {
            model::Usage& used = charged.usage[i];
            const double held = used.held_for.value() / month, from = used.held_from.value() / month;
            if (held <= 0) continue;
            // Arrivals of each month so far, as far as they have the right age now.
            double kept = 0;
            for (std::size_t then = 0; then <= now; ++then) {
                const model::Usage* same = same_of(arriving[then].usage, charged.usage, i);
                if (same == nullptr) continue;
                const double arrived = same->per_month / held;
                const auto later = static_cast<double>(now - then);
                kept += arrived * (share_younger(from + held, later) - share_younger(from, later));
            }
            used.per_month = kept;
        }
        auto bill = months[now].platform->priced(charged);
        if (!bill) return tl::unexpected(bill.error());
        bills.push_back(*std::move(bill));
    }
    return bills;
}

model::Expected<std::vector<model::Bill>> Billing::months(const Flows& flows, int count) const {
    std::vector<double> growth;
    for (const model::Workload& workload : scenario_.workloads) growth.push_back(growth_of(workload));
    const MonthlyLoad load(scenario_, growth);
    std::vector<Month> months;
    for (int month = 0; month < count; ++month) {
        std::vector<double> factors;
        for (std::size_t w = 0; w < scenario_.workloads.size(); ++w) factors.push_back(load.mean(w, month));
        months.push_back({this, scaled(system_, flows, factors)});
    }
    return bills_of(months);
}

}  // namespace headroom::sim
