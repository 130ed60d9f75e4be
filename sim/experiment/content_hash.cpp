#include "sim/experiment/run.h"
#include "sim/operators/digest.h"

#include <array>
#include <cstdio>
#include <type_traits>

namespace headroom::sim {

namespace {

/// Everything that decides a result, one line each, in a fixed order. Comments, layout, name and question do
/// not.
class Canon {
public:
    void put(std::string_view name, std::string_view value) {
        // The length keeps two texts from running into one another.
        text_.append(name)
            .append(":")
            .append(std::to_string(value.size()))
            .append(":")
            .append(value)
            .append("\n");
    }
    void put(std::string_view name, const std::string& value) { put(name, std::string_view(value)); }
    void put(std::string_view name, const char* value) { put(name, std::string_view(value)); }
    void put(std::string_view name, double value) {
        std::array<char, 40> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "%.17g", value);
        put(name, std::string_view(buffer.data()));
    }
    void put(std::string_view name, const model::Distribution& d) {
        put(name, model::word_for(d.family));
        for (const double value : {d.mean, d.scv, d.alpha, d.low, d.high}) put("", value);
        for (const double p : d.probabilities) put("p", p);
        for (const double v : d.values) put("v", v);
    }
    void put(std::string_view name, const model::RateProfile& rate) {
        put(name, rate.base.value());
        put("growth", rate.growth_per_year);
        for (const auto& season : rate.seasons)
            for (const double value : {season.period.value(), season.peak, season.at.value()})
                put("season", value);
        for (const auto& event : rate.events)
            for (const double value : {event.factor, event.from.value(), event.length.value()})
                put("event", value);
    }
    void put(const model::JobStage& stage) {
        put("stage", stage.name);
        if (stage.time) put("time", *stage.time);
        for (const double value :
             {stage.tasks, stage.reads.value(), stage.shuffle.value(), stage.writes.value(), stage.failing})
            put("", value);
        for (const int before : stage.after) put("after", static_cast<double>(before));
    }
    void put(std::string_view name, const model::ParameterValue& value) {
        std::visit(
            [&](const auto& v) {
                using T = std::decay_t<decltype(v)>;
                if constexpr (std::is_same_v<T, std::monostate>)
                    put(name, "none");
                else if constexpr (std::is_same_v<T, bool>)
                    put(name, v ? "yes" : "no");
                else if constexpr (std::is_same_v<T, model::NodePool>) {
                    put(name, v.instance);
                    put("count", static_cast<double>(v.count));
                } else if constexpr (std::is_same_v<T, model::NamedDistributions>) {
                    put(name, "times");
                    for (const auto& [key, time] : v) put(key, time);
                } else if constexpr (std::is_same_v<T, model::NamedShares>) {
                    put(name, "shares");
                    for (const auto& [key, numbers] : v) {
                        put("of", key);
                        for (const auto& [other, number] : numbers) put(other, number);
                    }
                } else if constexpr (std::is_same_v<T, model::JobStages>) {
                    put(name, "stages");
                    for (const auto& [workload, stages] : v) {
                        put("of", workload);
                        for (const model::JobStage& stage : stages) put(stage);
                    }
                } else if constexpr (std::is_same_v<T, model::NamedNumbers>) {
                    put(name, "numbers");
                    for (const auto& [key, number] : v) put(key, number);
                } else
                    put(name, v);
            },
            value);
    }
    void put(const model::FailureMode& failure) {
        put("failure", failure.name);
        for (const std::string& component : failure.of) put("of", component);
        put("share", failure.each_node ? -1.0 : failure.share);
        put("every", failure.every);
        put("repair", failure.repair);
        put("at", failure.at ? failure.at->value() : -1.0);
        put("work", static_cast<double>(failure.work));
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

void put_pattern(Canon& canon, const model::SourcePattern& pattern) {
    for (const auto& state : pattern.states) {
        canon.put("state", state.rate.value());
        canon.put("stay", state.stay.value());
        for (const double share : state.next) canon.put("next", share);
    }
    for (const double share : pattern.bulk.shares) canon.put("bulk", share);
    if (pattern.bulk.shares.empty() && !pattern.bulk.is_one())
        canon.put("bulks", pattern.bulk.geometric_mean);
    if (!pattern.trace.times) return;
    const auto& times = *pattern.trace.times;
    canon.put("trace", sha256({reinterpret_cast<const char*>(times.data()), times.size() * sizeof(double)}));
    canon.put("repeats", pattern.trace.repeats ? 1.0 : 0.0);
}

void put_workload(Canon& canon, const model::Workload& workload) {
    canon.put("workload", workload.id);
    if (const auto* stream = std::get_if<model::Stream>(&workload.load)) {
        canon.put("rate", stream->rate);
        canon.put("interarrival", stream->interarrival);
        put_pattern(canon, stream->pattern);
        canon.put("size", stream->record.size);
        canon.put("format", stream->record.format);
        canon.put("key", stream->record.key);
        return;
    }
    const auto& requests = std::get<model::Requests>(workload.load);
    canon.put("users", requests.users ? static_cast<double>(*requests.users) : -1.0);
    canon.put("think", requests.think_time);
    canon.put("rate", requests.rate);
    canon.put("interarrival", requests.interarrival);
    put_pattern(canon, requests.pattern);
    canon.put("scan", requests.scan);
    if (!requests.persistence) return;
    const model::Persistence& persistence = *requests.persistence;
    canon.put("timeout", persistence.timeout.value_or(model::Distribution::constant(-1)));
    for (const double value :
         {static_cast<double>(persistence.attempts), persistence.back_off.value(), persistence.growth,
          persistence.longest.value(), persistence.jitter, persistence.cancels ? 1.0 : 0.0})
        canon.put("retries", value);
}

void put_calibration(Canon& canon, const std::string& component, const model::Calibration& c) {
    canon.put("calibration", component);
    canon.put("sql", c.transform_hash);
    canon.put("sample", c.sample_hash);
    for (const double value :
         {c.machine_speed, c.rows_in, c.rows_out, c.time_per_batch.value, c.time_per_row.value,
          c.time_scv.value, c.selectivity, c.bytes_in.value(), c.rejected})
        canon.put("", value);
    for (const auto& step : c.steps) {
        canon.put("step", step.time_per_batch.value);
        canon.put("", step.time_per_row.value);
        for (const auto& batch : step.batches) canon.put("", batch.seconds);
    }
    canon.put("byte", c.time_per_byte.value);
    for (const auto& [format, bytes] : c.bytes_out) canon.put(format, bytes);
    for (const double share : c.key_shares) canon.put("key", share);
}

void put_prices(Canon& canon, const model::Scenario& scenario) {
    canon.put("prices", scenario.price_book);
    const model::PriceBook* book = scenario.own_prices && scenario.own_catalog
                                       ? scenario.own_catalog->price_book(scenario.price_book)
                                       : nullptr;
    if (book == nullptr) return;
    for (const auto& [id, price] : book->prices) {
        canon.put("price", id);
        for (const model::PriceStep& step : price.steps)
            for (const double value : {step.up_to, step.price}) canon.put("", value);
        for (const double value : {price.unit_size, price.minimum_held.value(), price.minimum_size.value(),
                                   price.extra_size.value(), price.index_size.value()})
            canon.put("", value);
        canon.put("index", price.index_price);
    }
    for (const auto& [id, type] : book->instances) {
        canon.put("instance", id);
        for (const double value : {type.vcpus, type.memory.value(), type.network.value(), type.disk.value(),
                                   type.local_disk.value(), type.core_speed})
            canon.put("", value);
    }
}

void put_nodes_and_people(Canon& canon, const model::Scenario& scenario) {
    for (const model::NodeGroup& group : scenario.node_groups) {
        canon.put("group", group.id);
        canon.put("nodes", model::ParameterValue(group.nodes));
        canon.put("zones", static_cast<double>(group.zones));
        canon.put("purchase", model::ParameterValue(group.purchase));
        canon.put("disk", group.disk.value());
        canon.put("disk type", group.disk_type);
    }
    if (!scenario.people) return;
    const model::People& people = *scenario.people;
    canon.put("people", people.operations.value_or(-1.0));
    for (const double value :
         {people.nodes_per_engineer, people.services_per_engineer, people.development, people.life.value()})
        canon.put("", value);
}

void put_recovery(Canon& canon, const model::Recovery& recovery) {
    canon.put("recovery", model::word_for(recovery.loss));
    for (const std::string& component : recovery.of) canon.put("of", component);
    canon.put("from", recovery.from);
    canon.put("snapshot", recovery.snapshot_every ? recovery.snapshot_every->value() : -1.0);
    canon.put("lag", recovery.lag.value_or(model::Distribution::constant(-1)));
    for (const double value : {recovery.detection.value(), recovery.failover.value(),
                               recovery.restore ? recovery.restore->value() : -1.0})
        canon.put("", value);
}

}  // namespace

std::string content_hash(const model::Scenario& scenario, const model::Calibrations& calibrations) {
    Canon canon;
    canon.put("headroom", static_cast<double>(scenario.version));
    put_prices(canon, scenario);
    canon.put("horizon", scenario.horizon.value());
    canon.put("warm-up", scenario.warm_up ? scenario.warm_up->value() : -1.0);
    canon.put("half-width", scenario.precision.half_width);
    canon.put("confidence", scenario.precision.confidence);
    canon.put("min", static_cast<double>(scenario.precision.replications_min));
    canon.put("max", static_cast<double>(scenario.precision.replications_max));
    canon.put("seed", std::to_string(scenario.seed));
    for (const auto& workload : scenario.workloads) put_workload(canon, workload);
    for (const auto& failure : scenario.failures) canon.put(failure);
    for (const auto& recovery : scenario.recoveries) put_recovery(canon, recovery);
    for (const auto& component : scenario.components) {
        canon.put("component", component.id);
        canon.put("technology", component.technology);
        canon.put("kind", component.kind);
        for (const auto& [name, setting] : component.settings) {
            // A file counts by what stands in it, through the calibration, not by where it lies.
            const model::Kind* kind = model::find_kind(component.kind);
            const model::ParameterSpec* spec = kind ? kind->parameter(name) : nullptr;
            const bool path = spec && spec->type == model::ParameterType::path;
            if (path && calibrations.contains(component.id)) continue;
            canon.put(name, setting.value);
        }
    }
    put_nodes_and_people(canon, scenario);
    for (const auto& link : scenario.links) {
        canon.put("from", link.from);
        canon.put("to", link.to);
    }
    for (const auto& region : scenario.regions) {
        canon.put("region", region.id);
        for (const std::string& component : region.components) canon.put("member", component);
        const bool again = region.when_full == model::Overflow::retry;
        canon.put(again                                        ? "retries"
                  : region.when_full == model::Overflow::block ? "blocks"
                                                               : "drops",
                  static_cast<double>(region.capacity));
        if (again) {
            canon.put("retry-after", region.retry_after);
            canon.put("attempts", region.attempts);
        }
        for (const auto& [workload, limit] : region.by_workload) canon.put(workload, limit);
    }
    for (const auto& objective : scenario.objectives) {
        canon.put("objective", objective.metric);
        canon.put("in", objective.subject);
        canon.put("of", objective.of);
        canon.put(objective.relation == model::Relation::at_most ? "most" : "least", objective.bound);
    }
    for (const auto& [component, calibration] : calibrations) put_calibration(canon, component, calibration);
    return sha256(canon.text());
}

}  // namespace headroom::sim
