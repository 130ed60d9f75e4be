#pragma once
// What is counted while a replication runs, cheap enough to be always on.

#include "sim/platform/replication.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace headroom::sim::record {

/// Gathers values for a sketch, which takes them faster by the block.
class Recorder {
public:
    [[gnu::always_inline]] void add(double value) {
        block_[filled_++] = value;
        if (filled_ == block_.size()) [[unlikely]]
            flush();
    }
    /// The same, of many.
    void add(std::span<const double> values) {
        while (!values.empty()) {
            const std::size_t count = std::min(values.size(), block_.size() - filled_);
            const auto now = values.first(count);
            values = values.subspan(count);
            if (count == block_.size()) {
                tally_.add(now);
            } else {
                std::copy(now.begin(), now.end(), block_.begin() + static_cast<std::ptrdiff_t>(filled_));
                filled_ += count;
                if (filled_ == block_.size()) flush();
            }
        }
    }
    void clear() {
        filled_ = 0;
        tally_ = {};
        count_before_ = sum_before_ = 0;
    }
    void close_stretch() {
        flush();
        const double count = tally_.count(), sum = tally_.sum();
        tally_.stretches.push_back({count - count_before_, sum - sum_before_});
        count_before_ = count;
        sum_before_ = sum;
    }
    TimeTally take() {
        flush();
        return std::move(tally_);
    }

private:
    [[gnu::noinline]] void flush() {
        tally_.add(std::span<const double>(block_.data(), filled_));
        filled_ = 0;
    }

    std::size_t filled_ = 0;
    std::array<double, 64> block_{};
    TimeTally tally_;
    double count_before_ = 0, sum_before_ = 0;  ///< at the end of the last stretch
};

/// Time integrals of the items present and of the servers at work.
struct Occupancy {
    double population = 0;
    double last = 0;  ///< up to when the integrals reach
    double busy = 0;  ///< apart from `population`: the two are written singly, so a joint load would stall
    double population_max = 0;
    double population_integral = 0, busy_integral = 0;

    void advance(double now) {
        const double passed = now - last;
        population_integral += population * passed;
        busy_integral += busy * passed;
        last = now;
    }
    void enter() {
        population += 1;
        if (population > population_max) population_max = population;
    }
};

/// Means of a bounded number of equal batches of a series of unknown length: of 5 values each, and when there
/// are too many, of twice as many.
class BatchMeans {
public:
    [[gnu::always_inline]] void add(double value) {
        sum_ += value;
        if (++count_ == size_) close();
    }
    void add(std::span<const double> values) {
        while (!values.empty()) {
            const std::size_t now = std::min(values.size(), size_ - count_);
            sum_ = std::accumulate(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(now), sum_);
            values = values.subspan(now);
            count_ += now;
            if (count_ == size_) close();
        }
    }
    std::vector<double> take() { return std::move(means_); }

private:
    static constexpr std::size_t limit = 4000;

    [[gnu::noinline]] void close() {
        means_.push_back(sum_ / static_cast<double>(size_));
        sum_ = 0;
        count_ = 0;
        if (means_.size() < limit) return;
        for (std::size_t i = 0; i < limit / 2; ++i) means_[i] = (means_[2 * i] + means_[2 * i + 1]) / 2;
        means_.resize(limit / 2);
        size_ *= 2;
    }

    std::vector<double> means_;
    double sum_ = 0;
    std::size_t count_ = 0, size_ = 5;
};

}  // namespace headroom::sim::record
