#include "sim/kernel/far_events.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr std::size_t events_in_a_bucket = 64;
constexpr std::size_t sampled = 512;
constexpr std::size_t spans = 8;  ///< so many times the span of the earlier half is covered by buckets

}  // namespace

std::uint32_t FarEvents::open_chunk(std::uint32_t before) {
    std::uint32_t opened = free_;
    if (opened != no_chunk) {
        free_ = static_cast<std::uint32_t>(slots_[opened]);
    } else {
        opened = static_cast<std::uint32_t>(slots_.size());
        slots_.resize(slots_.size() + chunk);
    }
    slots_[opened] = before;
    return opened + 1;
}

void FarEvents::empty(std::uint32_t& end, std::vector<EventKey>& into) {
    // A full chunk's end is the start of its neighbour, which tells them apart from an empty bucket, 0.
    while (end != no_chunk) {
        const std::uint32_t first = (end - 1) / chunk * chunk;
        into.insert(into.end(), slots_.begin() + first + 1, slots_.begin() + end);
        bucketed_ -= end - first - 1;
        end = static_cast<std::uint32_t>(slots_[first]);
        slots_[first] = free_;
        free_ = first;
    }
}

void FarEvents::gather() {
    for (; bucketed_ > 0; ++next_) empty(ends_[next_], beyond_);
    next_ = ends_.size();
}

void FarEvents::take_all(std::vector<EventKey>& into) {
    gather();
    into.insert(into.end(), beyond_.begin(), beyond_.end());
    beyond_.clear();
}

void FarEvents::take_next(std::vector<EventKey>& into) {
    if (bucketed_ == 0 && !spread()) {
        take_all(into);
        return;
    }
    while (ends_[next_] == 0) ++next_;
    empty(ends_[next_++], into);
}

/// The width follows from a sample of the earlier half, so that some very late events do no harm.
bool FarEvents::spread() {
    std::vector<double> times;
    const std::size_t step = std::max<std::size_t>(1, beyond_.size() / sampled);
    for (std::size_t i = 0; i < beyond_.size(); i += step) times.push_back(time_of(beyond_[i]));
    const auto middle = times.begin() + std::ssize(times) / 2;
    std::nth_element(times.begin(), middle, times.end());
    const double first = time_of(*std::min_element(beyond_.begin(), beyond_.end()));
    const std::size_t half = beyond_.size() / (2 * events_in_a_bucket) + 1;
    const double per_second = static_cast<double>(half) / (*middle - first);
    if (!std::isfinite(per_second) || !(per_second > 0)) return false;
    ends_.assign(half * spans, 0);
    origin_ = first;
    per_second_ = per_second;
    end_ = static_cast<double>(ends_.size());
    next_ = 0;
    std::size_t left = 0;
    for (const EventKey key : beyond_) {
        const double position = (time_of(key) - origin_) * per_second_;
        if (position < end_) {
            put(static_cast<std::size_t>(position), key);
        } else {
            beyond_[left++] = key;
        }
    }
    beyond_.resize(left);
    return true;
}

}  // namespace headroom::sim
