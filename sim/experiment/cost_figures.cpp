#include "sim/experiment/cost_figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace headroom::sim {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const model::RateProfile& rate_of(const model::Workload& workload) {
    const auto* stream = std::get_if<model::Stream>(&workload.load);
    return stream ? stream->rate : std::get<model::Requests>(workload.load).rate;
}

/// Used and available of one resource of some nodes.
struct Level {
    double used = 0, available = 0;
    bool known = false;  ///< of one user at least

    void add(double more) {
        if (std::isnan(more)) return;
        used += more;
        known = true;
    }
    double share() const { return known && available > 0 ? used / available : nan; }
};

struct Levels {
    Level cpu, memory, network, disk, space;
    std::array<std::pair<const char*, const Level*>, 5> named() const {
        return {{{"nodes.cpu", &cpu},
                 {"nodes.memory", &memory},
                 {"nodes.network", &network},
                 {"nodes.disk", &disk},
                 {"nodes.space", &space}}};
    }
    /// Of what grows with the rates: memory is asked for, whatever they are.
    double highest() const {
        double most = nan;
        for (const auto& [name, level] : named())
            if (level != &memory) most = std::fmax(most, level->share());
        return most;
    }
};

Levels levels_of(const model::InstanceType& type, double count, model::DataSize block_storage) {
    Levels levels;
    levels.cpu.available = type.vcpus * count;
    levels.memory.available = type.memory.value() * count;
    levels.network.available = type.network.value() * count;
    levels.disk.available = type.disk.value() * count;
    levels.space.available = (type.local_disk.value() + block_storage.value()) * count;
    return levels;
}

void add_component(Levels& levels, const Subject& subject, const model::Component& component,
                   const Flows& flows) {
    if (component.has("memory"))
        levels.memory.add(component.number("memory") * component.nodes("nodes").count);
    const model::Kind* kind = model::find_kind(component.kind);
    const auto outlined = std::find_if(subject.outline.components.begin(), subject.outline.components.end(),
                                       [&](const auto& o) { return o.id == component.id; });
    if (!kind || !kind->load || outlined == subject.outline.components.end() || outlined->stations.empty())
        return;
    const model::NodeLoad load =
        kind->load(component, subject.billing.activity(*outlined, flows), subject.billing.catalog());
    levels.cpu.add(load.cores);
    levels.network.add(load.network.value());
    levels.disk.add(load.disk.value());
    levels.space.add(load.space.value());
}

/// By component with nodes of its own, and by group.
std::vector<std::pair<std::string, Levels>> all_levels(const Subject& subject, const Flows& flows) {
    const model::Catalog& catalog = subject.billing.catalog();
    std::vector<std::pair<std::string, Levels>> all;
    for (const model::NodeGroup& group : subject.scenario.node_groups) {
        const model::InstanceType* type = catalog.instance(group.nodes.instance);
        if (type == nullptr) continue;
        Levels levels = levels_of(*type, group.nodes.count, group.disk);
        for (const model::Component& component : subject.scenario.components)
            if (component.has("runs-on") && component.text("runs-on") == group.id)
                add_component(levels, subject, component, flows);
        all.emplace_back(group.id, levels);
    }
    for (const model::Component& component : subject.scenario.components) {
        if (!component.has("nodes") || component.has("runs-on")) continue;
        const model::NodePool& pool = component.nodes("nodes");
        const model::InstanceType* type = catalog.instance(pool.instance);
        if (type == nullptr) continue;
        Levels levels = levels_of(*type, pool.count, {});
        add_component(levels, subject, component, flows);
        all.emplace_back(component.id, levels);
    }
    return all;
}

}  // namespace

Values cost_values(const Subject& subject, const Flows& flows, const model::Bill& bill) {
    Values values;
    // Money is a rate: dollars a month are dollars a second of 730 hours a month.
    const double month = model::months(1).value();
    double total = 0;
    for (const auto& component : subject.scenario.components) values[{"cost", component.id, ""}] = 0;
    for (const model::BillLine& line : bill.lines) {
        values[{"cost", line.component, ""}] += line.amount / month;
        total += line.amount / month;
    }
    values[{"cost", "", ""}] = total;
    double bytes = 0, events = 0, requests = 0, users = 0;
    for (std::size_t k = 0; k < subject.scenario.workloads.size(); ++k) {
        const model::Workload& workload = subject.scenario.workloads[k];
        if (const auto* stream = std::get_if<model::Stream>(&workload.load)) {
            events += flows.entered[k];
            bytes += flows.entered[k] * stream->record.size.mean;
        } else {
            requests += flows.entered[k];
            users += std::get<model::Requests>(workload.load).users.value_or(0);
        }
    }
    if (bill.lines.empty()) return values;
    const auto put = [&](const char* metric, double units) {
        if (units > 0) values[{metric, "", ""}] = total / units;
    };
    put("cost.byte", bytes);
    put("cost.event", events);
    put("cost.query", requests);
    put("cost.user", users);
    return values;
}

Values node_values(const Subject& subject, const Flows& flows) {
    Values values;
    for (const auto& [id, levels] : all_levels(subject, flows))
        for (const auto& [metric, level] : levels.named())
            if (const double share = level->share(); !std::isnan(share)) values[{metric, id, ""}] = share;
    std::vector<double> peaks;
    for (const model::Workload& workload : subject.scenario.workloads) {
        const model::RateProfile& rate = rate_of(workload);
        const double mean = rate.mean(model::seconds(0), subject.system.horizon).value();
        const double peak = rate.peak(model::seconds(0), subject.system.horizon).value();
        peaks.push_back(mean > 0 ? peak / mean : 1);
    }
    for (const auto& [id, levels] : all_levels(subject, scaled(subject.system, flows, peaks))) {
        const double highest = levels.highest();
        if (std::isnan(highest)) continue;
        values[{"nodes.peak", id, ""}] = highest;
        if (highest > 0) values[{"nodes.headroom", id, ""}] = 1 / highest;
    }
    return values;
}

model::Expected<void> price(const Subject& subject, std::span<const Replication> replications,
                            double confidence, model::RunResult& result) {
    constexpr int months_ahead = 60;
    if (replications.empty()) return {};
    std::vector<Flows> all;
    std::map<model::FigureKey, std::vector<double>> values;
    for (const Replication& replication : replications) {
        all.push_back(flows_of(subject.system, replication));
        const auto bill = subject.billing.bill(all.back());
        if (!bill) return tl::unexpected(bill.error());
        for (const auto& [key, value] : cost_values(subject, all.back(), *bill)) values[key].push_back(value);
        for (const auto& [key, value] : node_values(subject, all.back())) values[key].push_back(value);
    }
    const Flows mean = mean_of(all);
    auto bill = subject.billing.bill(mean);
    if (!bill) return tl::unexpected(bill.error());
    result.bill = *std::move(bill);
    for (auto& [key, of_key] : values) {
        model::Figure figure;
        figure.key = key;
        figure.simulated = estimate_of(of_key, confidence);
        if (std::all_of(of_key.begin(), of_key.end(), [](double value) { return value == 0; }))
            figure.simulated = {0, nan};
        figure.replications = std::move(of_key);
        result.figures.push_back(std::move(figure));
    }
    const auto months = subject.billing.months(mean, months_ahead);
    if (!months) return tl::unexpected(months.error());
    std::map<std::string, std::vector<double>> by_part;
    for (std::size_t m = 0; m < months->size(); ++m)
        for (const model::BillLine& line : (*months)[m].lines)
            for (const std::string& part : {std::string(), line.component}) {
                std::vector<double>& values_of = by_part[part];
                values_of.resize(months->size(), 0.0);
                values_of[m] += line.amount / model::months(1).value();
            }
    for (auto& [part, values_of] : by_part)
        result.series.push_back(
            {{"cost", part, ""}, model::seconds(0), model::months(1), std::move(values_of)});
    sort_figures(result.figures);
    return {};
}

}  // namespace headroom::sim
