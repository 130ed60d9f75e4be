#pragma once
// An event as one number, by which events are ordered.

#include <bit>
#include <cstdint>
#include <limits>

namespace headroom::sim {

/// Time, sequence number, payload, in this order from the highest bit. The bits of a non-negative double are
/// ordered as the double is, so two events compare without branches.
__extension__ using EventKey = unsigned __int128;

inline EventKey key_of(double time, std::uint64_t low) {
    return (EventKey{std::bit_cast<std::uint64_t>(time)} << 64) | low;
}
inline double time_of(EventKey key) { return std::bit_cast<double>(static_cast<std::uint64_t>(key >> 64)); }

/// After every event.
inline constexpr EventKey no_event =
    (EventKey{std::bit_cast<std::uint64_t>(std::numeric_limits<double>::infinity())} << 64) |
    ~std::uint64_t{0};

}  // namespace headroom::sim
