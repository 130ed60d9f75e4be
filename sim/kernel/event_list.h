#pragma once
// The pending events, in order of time and, at equal times, of their making.

#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace headroom::sim {

/// A heap with four children to a node. An event is one 128-bit key, compared without branches: time (the
/// bits of a non-negative double are ordered as the double is), sequence number, payload. The four children
/// of a node share a cache line. A pop leaves a hole at the root that the next push fills, so that the usual
/// pair of pop and push costs one pass, which ends where the new event belongs: often near the top, since a
/// source's next arrival is soon. Where few are pending, as in a small network, the pass has no branch at
/// all.
class EventList {
public:
    static constexpr int payload_bits = 28;
    static constexpr std::uint32_t payload_limit = 1u << payload_bits;

    [[gnu::always_inline]] void push(double time, std::uint32_t payload) {
        const Key key = key_of(time, sequence_ | payload);
        sequence_ += payload_limit;
        if (hole_ && end_ <= few) {
            hole_ = false;
            fill_root_of_few(key);
        } else {
            push_among_many(key);
        }
    }

    /// Infinity where nothing is pending.
    double next_time() {
        if (hole_) close_hole();
        return time_of(slots()[root]);
    }

    /// The payload of the next event, which is no longer pending. There must be one.
    std::uint32_t pop() {
        if (hole_) close_hole();
        hole_ = true;
        return static_cast<std::uint32_t>(slots()[root]) & (payload_limit - 1);
    }

    bool empty() const { return size() == 0; }
    std::size_t size() const { return end_ - root - (hole_ ? 1 : 0); }

private:
    __extension__ using Key = unsigned __int128;
    struct alignas(64) Group {
        Key keys[4] = {nothing, nothing, nothing, nothing};
    };
    static constexpr Key nothing =
        (Key{std::bit_cast<std::uint64_t>(std::numeric_limits<double>::infinity())} << 64) |
        ~std::uint64_t{0};
    static constexpr std::size_t root =
        3;  ///< so that the children of slot s start at 4 (s - 2), a full group
    static constexpr std::size_t few = 8;  ///< up to here, the children of the root are all there is

    static Key key_of(double time, std::uint64_t low) {
        return (Key{std::bit_cast<std::uint64_t>(time)} << 64) | low;
    }
    static double time_of(Key key) { return std::bit_cast<double>(static_cast<std::uint64_t>(key >> 64)); }

    Key* slots() { return groups_.data()->keys; }

    [[gnu::noinline]] void push_among_many(Key key) {
        if (hole_) {
            hole_ = false;
            fill_root(key);
        } else {
            append(key);
        }
    }

    /// The root and one group of children, some of which may be `nothing`.
    [[gnu::always_inline]] void fill_root_of_few(Key key) {
        Key* const slot = slots();
        std::size_t least = root + 1;
        if (end_ > root + 2) {
            const std::size_t a = slot[5] < slot[4] ? 5 : 4;
            const std::size_t b = slot[7] < slot[6] ? 7 : 6;
            least = slot[b] < slot[a] ? b : a;
        }
        const Key child = slot[least];
        const bool stays = child < key;
        slot[root] = stays ? child : key;
        slot[least] = stays ? key : child;
    }

    void fill_root(Key key) {
        Key* const slot = slots();
        std::size_t hole = root, child = 4;
        while (child < end_) {  // slots from end_ on hold `nothing`
            const std::size_t a = child + (slot[child + 1] < slot[child] ? 1 : 0);
            const std::size_t b = child + 2 + (slot[child + 3] < slot[child + 2] ? 1 : 0);
            const std::size_t least = slot[b] < slot[a] ? b : a;
            if (key < slot[least]) break;
            slot[hole] = slot[least];
            hole = least;
            child = 4 * (hole - 2);
        }
        slot[hole] = key;
    }

    static void rise(Key* slot, std::size_t hole, Key key) {
        while (hole > root) {
            const std::size_t parent = hole / 4 + 2;
            if (slot[parent] <= key) break;
            slot[hole] = slot[parent];
            hole = parent;
        }
        slot[hole] = key;
    }

    void append(Key key) {
        if (end_ == 4 * groups_.size()) groups_.emplace_back();
        rise(slots(), end_++, key);
    }

    [[gnu::noinline]] void close_hole() {
        hole_ = false;
        Key* const slot = slots();
        const Key last = std::exchange(slot[--end_], nothing);
        if (end_ > root) fill_root(last);
    }

    std::vector<Group> groups_{2};  ///< at least the root and its children
    std::size_t end_ = root;
    std::uint64_t sequence_ = 0;
    bool hole_ = false;
};

}  // namespace headroom::sim
