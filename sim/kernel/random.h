#pragma once
// Counter-based random streams: a draw is a function of seed, stream, replication and index alone.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace headroom::sim {

/// Identifies the stream of one purpose of one subject: stream_id("brokers.append", "service of clicks").
std::uint64_t stream_id(std::string_view subject, std::string_view purpose);

/// Uniform numbers by Philox4x64-10 (Salmon et al., SC 2011). The key is (seed, stream), the counter is
/// (index / 4, replication), so streams neither overlap nor disturb one another.
class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::uint64_t stream, std::uint64_t replication)
        : seed_(seed), stream_(stream), replication_(replication) {}

    /// The next uniform number, an odd multiple of 2^-53: never 0, never 1.
    double uniform() {
        if (next_ == buffer_.size()) refill();
        return buffer_[next_++];
    }
    /// The next exponential variate of mean 1, by inversion of one uniform number.
    double exponential();

    /// The next numbers at once; the size is a multiple of 4. Not to be mixed with uniform().
    void fill(std::span<double> uniforms);

private:
    void refill();

    std::uint64_t seed_, stream_, replication_, block_ = 0;
    std::array<double, 32> buffer_{};
    std::size_t next_ = 32;
};

}  // namespace headroom::sim
