#include "record_level.h"
#include "sim/stations/flow/lesson.h"

#include <cstring>
#include <optional>
#include <type_traits>

namespace headroom::sim::flow {

namespace {

/// Values as bytes. Structured bindings name every member, so that one that is added cannot be forgotten.
class Bytes {
public:
    template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void put(T value) {
        const auto from = reinterpret_cast<const char*>(&value);
        text_.append(from, sizeof value);
    }
    void put(const std::string& text) {
        put(text.size());
        text_ += text;
    }
    template <class T>
    void put(const std::vector<T>& values) {
        put(values.size());
        for (const T& value : values) put(value);
    }
    template <class T>
    requires requires(const T& quantity) { quantity.value(); }
    void put(const T& quantity) { put(quantity.value()); }
    template <class T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <class... T>
    requires(sizeof...(T) > 1) void put(const T&... values) { (put(values), ...); }
    void put(const model::Distribution& distribution) {
        const auto& [family, mean, scv, alpha, low, high, probabilities, values] = distribution;
        put(family, mean, scv, alpha, low, high, probabilities, values);
    }
    void put(const model::Queue& queue) {
        const auto& [servers, discipline, admitted, capacity, overflow, service, priorities, speeds,
                     batch_least, batch_most, patience, retry_after, attempts] = queue;
        put(servers, discipline, admitted, capacity, overflow, service, priorities, speeds, batch_least,
            batch_most, patience, retry_after, attempts);
    }
    void put(const model::Delay& delay) { put(delay.time); }
    void put(const model::PartitionedLog& log) {
        const auto& [shares, consumers, poll_interval, retention, service] = log;
        put(shares, consumers, poll_interval, retention, service);
    }
    void put(const model::Batch& batch) {
        // The lines are counted, not played.
        const auto& [max_items, max_size, max_wait, writers, fixed, rate, lines] = batch;
        put(max_items, max_size, max_wait, writers, fixed, rate);
    }
    void put(const model::Tier& tier) {
        const auto& [name, life] = tier;
        put(name, life);
    }
    void put(const model::Store& store) { put(store.tiers); }
    void put(const model::Fork& fork) {
        const auto& [copies, join, hedge_after] = fork;
        put(copies, join, hedge_after);
    }
    void put(const model::Join& join) {
        const auto& [needed, cancel] = join;
        put(needed, cancel);
    }
    void put(const model::Limiter& limiter) {
        const auto& [rate, burst, excess, capacity, cost] = limiter;
        put(rate, burst, excess, capacity, cost);
    }
    void put(const model::Popularity& popularity) {
        const auto& [keys, exponent] = popularity;
        put(keys, exponent);
    }
    void put(const model::Cache& cache) {
        const auto& [capacity, popularity, life, warm, refill] = cache;
        put(capacity, popularity, life, warm, refill);
    }
    void put(const model::TaskStage& stage) {
        const auto& [name, tasks, time, fetch, after, lead, failing, disk, core] = stage;
        put(name, tasks, time, fetch, after, lead, failing, disk, core);
    }
    void put(const model::BatchPool& pool) {
        const auto& [nodes, per_node, jobs, network, fetch_most, straggler_share, straggler_factor, node_life,
                     replacement, launch, jobs_at_once, fair, tasks_at_once, held, disk, beat, results_stay,
                     attempts, retry_after, mending, scaler] = pool;
        put(nodes, per_node, jobs, network, fetch_most, straggler_share, straggler_factor, node_life,
            replacement, launch, jobs_at_once, fair, tasks_at_once, held, disk, beat, results_stay, attempts,
            retry_after, mending, scaler);
    }
    void put(const model::Scaler& scaler) {
        const auto& [name, stations, least, first, target, steady, step, stride, growth, sees_waiting, margin,
                     period, delay, cool_down, schedule] = scaler;
        put(name, stations, least, first, target, steady, step, stride, growth, sees_waiting, margin, period,
            delay, cool_down);
        for (const auto& [from, share] : schedule) put(from, share);
    }
    void put(const model::Primitive& primitive) {
        put(primitive.index());
        std::visit([this](const auto& which) { put(which); }, primitive);
    }
    void put(const ClosedVisitors& visitors) {
        const auto& [item_class, users, between] = visitors;
        put(item_class, users, between);
    }
    void put(const Peers& peers) {
        const auto& [stations, sampled] = peers;
        put(stations, sampled);
    }
    void put(const model::BulkSize& bulk) {
        const auto& [shares, geometric_mean] = bulk;
        put(shares, geometric_mean);
    }
    void put(const model::ModulatedState& state) {
        const auto& [rate, stay, next] = state;
        put(rate, stay, next);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

std::string bytes_of(const Question& question) {
    const auto& [primitive, sizes, rates, gaps, closed, visits, variant, peers, bulk, states] = question;
    Bytes bytes;
    bytes.put(primitive, sizes, rates, gaps, closed, visits, variant);
    // Most stations are alone, and most arrivals independent.
    if (peers.stations > 1 || !bulk.is_one() || !states.empty()) bytes.put(peers, bulk, states);
    return bytes.take();
}

std::string key_of(const Question& question) { return record_level + bytes_of(question); }

}  // namespace headroom::sim::flow
