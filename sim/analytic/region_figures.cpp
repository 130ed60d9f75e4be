#include "sim/analytic/region_figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim {

namespace {

using Weights = std::vector<long double>;
using State = std::vector<int>;

constexpr double affordable_work = 2e7;

/// Numbers of items by kind of item that fit into the room. Classes without limits are one kind.
class Room {
public:
    Room(const model::Region& region, std::size_t classes) : kind_(classes, 0) {
        capacity_ = region.capacity;
        std::vector<int> most{capacity_};
        if (!region.by_class.empty()) {
            std::iota(kind_.begin(), kind_.end(), 0);
            most.clear();
            for (const int limit : region.by_class) most.push_back(std::min(limit, capacity_));
        }
        double all = 1;
        for (const int limit : most) all *= limit + 1.0;
        if (all > 1e5) return;
        for (State state(most.size(), 0); !state.empty();) {
            if (std::accumulate(state.begin(), state.end(), 0) <= capacity_) states_.push_back(state);
            std::size_t k = 0;
            while (k < state.size() && state[k] == most[k]) state[k++] = 0;
            if (k == state.size()) break;
            ++state[k];
        }
        stride_.assign(most.size(), 1);
        for (std::size_t k = 1; k < most.size(); ++k) stride_[k] = stride_[k - 1] * (most[k - 1] + 1);
        place_.assign(static_cast<std::size_t>(all), -1);
        for (std::size_t i = 0; i < states_.size(); ++i) place_[code(states_[i])] = static_cast<int>(i);
    }

    const std::vector<State>& states() const { return states_; }
    std::size_t kinds() const { return stride_.size(); }
    std::size_t kind(std::size_t item_class) const { return static_cast<std::size_t>(kind_[item_class]); }
    static int total(const State& state) { return std::accumulate(state.begin(), state.end(), 0); }
    bool takes(const State& state, std::size_t kind) const {
        return total(state) < capacity_ && state[kind] < most(kind);
    }

    /// Sums over all ways to part the items of a state: `part(sum state, first, second)`.
    template <class Part>
    void part(const Part& part) const {
        State sum(kinds());
        for (std::size_t i = 0; i < states_.size(); ++i)
            for (std::size_t j = 0; j < states_.size(); ++j) {
                if (total(states_[i]) + total(states_[j]) > capacity_) continue;
                bool fits = true;
                for (std::size_t k = 0; k < sum.size() && fits; ++k) {
                    sum[k] = states_[i][k] + states_[j][k];
                    fits = sum[k] <= most(k);
                }
                if (fits) part(static_cast<std::size_t>(place_[code(sum)]), i, j);
            }
    }

    Weights convolve(const Weights& a, const Weights& b) const {
        Weights sum(states_.size(), 0);
        part([&](std::size_t n, std::size_t i, std::size_t j) { sum[n] += a[i] * b[j]; });
        return sum;
    }

private:
    std::size_t code(const State& state) const {
        std::size_t code = 0;
        for (std::size_t k = 0; k < state.size(); ++k)
            code += stride_[k] * static_cast<std::size_t>(state[k]);
        return code;
    }
    int most(std::size_t k) const {
        const std::size_t end = k + 1 < stride_.size() ? stride_[k + 1] : place_.size();
        return static_cast<int>(end / stride_[k]) - 1;
    }

    int capacity_ = 0;
    std::vector<int> kind_;
    std::vector<State> states_;
    std::vector<std::size_t> stride_;
    std::vector<int> place_;
};

/// Servers of unit speed at work with so many items.
double rate_of(const model::Queue& queue, int present) {
    const double working = std::min({present, queue.servers, queue.admitted});
    if (queue.speeds.empty()) return working;
    return working * queue.speeds[std::min(static_cast<std::size_t>(present), queue.speeds.size()) - 1];
}

Weights weights_of(const RegionStation& station, const Room& room) {
    std::vector<double> work(room.kinds(), 0.0);
    for (std::size_t k = 0; k < station.work.size(); ++k) work[room.kind(k)] += station.work[k];
    Weights weights;
    for (const State& state : room.states()) {
        long double weight = 1;
        int present = 0;
        for (std::size_t k = 0; k < state.size(); ++k)
            for (int i = 1; i <= state[k]; ++i) {
                ++present;
                weight *= work[k] / i;
                if (station.queue) weight *= present / rate_of(*station.queue, present);
            }
        weights.push_back(weight);
    }
    return weights;
}

bool has_form(const RegionStation& station) {
    if (!station.queue) return true;
    const model::Queue& queue = *station.queue;
    const bool order = queue.discipline == model::Discipline::fcfs ||
                       queue.discipline == model::Discipline::processor_sharing ||
                       queue.discipline == model::Discipline::random;
    return order && queue.capacity == model::unlimited && queue.batch_most == 1 && queue.patience.empty() &&
           queue.overflow == model::Overflow::drop;
}

/// Mean items of the station by kind, with weights of the states of all others, and `chance` of each state.
std::vector<double> present_at(const Room& room, const Weights& own, const Weights& others,
                               const Weights& all, const std::vector<double>& chance) {
    std::vector<double> present(room.kinds(), 0.0);
    room.part([&](std::size_t n, std::size_t i, std::size_t j) {
        if (!(all[n] > 0)) return;
        const auto share = static_cast<double>(own[i] * others[j] / all[n]) * chance[n];
        for (std::size_t k = 0; k < present.size(); ++k) present[k] += room.states()[i][k] * share;
    });
    return present;
}

/// The number in a region before which others wait: a birth-and-death chain whose speed is that of as many
/// items in it.
void wait_outside(RegionFigures& figures, const Weights& all, double rate, std::vector<double>& chance) {
    const std::size_t full = all.size() - 1;
    const auto speed = [&](std::size_t n) { return rate * static_cast<double>(all[n - 1] / all[n]); };
    const double ratio = rate / speed(full);
    if (ratio >= 1) {
        figures.growth = rate - speed(full);
        std::fill(chance.begin(), chance.end(), 0.0);
        chance[full] = 1;
        return;
    }
    double sum = 0;
    std::vector<double> weight(all.size(), 1.0);
    for (std::size_t n = 1; n <= full; ++n) weight[n] = weight[n - 1] * rate / speed(n);
    // Beyond the room a geometric number waits.
    const double beyond = weight[full] * ratio / (1 - ratio);
    for (const double one : weight) sum += one;
    sum += beyond;
    for (std::size_t n = 0; n <= full; ++n) chance[n] = (weight[n] + (n == full ? beyond : 0)) / sum;
    figures.outside = beyond / (1 - ratio) / sum;
}

}  // namespace

std::optional<RegionFigures> region_figures(const model::Region& region,
                                            const std::vector<RegionStation>& stations,
                                            const std::vector<double>& rate) {
    if (region.overflow == model::Overflow::retry) return {};
    const bool blocks = region.overflow == model::Overflow::block;
    if (!std::all_of(stations.begin(), stations.end(), has_form) || (blocks && !region.by_class.empty()))
        return {};
    const double all_rate = std::accumulate(rate.begin(), rate.end(), 0.0);
    if (!(all_rate > 0) || region.capacity < 1 || region.capacity > 10'000) return {};
    const Room room(region, rate.size());
    const auto states = static_cast<double>(room.states().size()),
               count = static_cast<double>(stations.size());
    if (room.states().empty() || 4 * count * states * states > affordable_work) return {};

    std::vector<Weights> own, before{Weights(room.states().size(), 0)}, after;
    before[0][0] = 1;
    for (const RegionStation& station : stations) own.push_back(weights_of(station, room));
    after.assign(stations.size() + 1, before[0]);
    for (std::size_t s = 0; s < own.size(); ++s) before.push_back(room.convolve(before[s], own[s]));
    for (std::size_t s = own.size(); s-- > 0;) after[s] = room.convolve(after[s + 1], own[s]);
    const Weights& all = before.back();

    RegionFigures figures;
    const long double sum = std::accumulate(all.begin(), all.end(), 0.0L);
    if (!(sum > 0) || !std::isfinite(sum)) return {};
    std::vector<double> chance;
    for (const long double weight : all) chance.push_back(static_cast<double>(weight / sum));
    figures.admitted.assign(rate.size(), 1.0);
    if (blocks) {
        wait_outside(figures, all, all_rate, chance);
        std::fill(figures.admitted.begin(), figures.admitted.end(), 1 - figures.growth / all_rate);
    } else {
        for (std::size_t k = 0; k < rate.size(); ++k) {
            double taken = 0;
            for (std::size_t n = 0; n < chance.size(); ++n)
                if (room.takes(room.states()[n], room.kind(k))) taken += chance[n];
            figures.admitted[k] = taken;
        }
    }
    for (std::size_t s = 0; s < stations.size(); ++s) {
        const std::vector<double> present =
            present_at(room, own[s], room.convolve(before[s], after[s + 1]), all, chance);
        // Classes of one kind are there in proportion to their work.
        std::vector<double> work(room.kinds(), 0.0), by_class;
        for (std::size_t k = 0; k < rate.size(); ++k) work[room.kind(k)] += stations[s].work[k];
        for (std::size_t k = 0; k < rate.size(); ++k)
            by_class.push_back(work[room.kind(k)] > 0
                                   ? present[room.kind(k)] * stations[s].work[k] / work[room.kind(k)]
                                   : 0);
        figures.present.push_back(std::move(by_class));
    }
    return figures;
}

}  // namespace headroom::sim
