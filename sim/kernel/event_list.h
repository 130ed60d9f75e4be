#pragma once
// The pending events, in order of time and, at equal times, of their making.

#include "sim/kernel/event_key.h"
#include "sim/kernel/far_events.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace headroom::sim {

/// A heap with four children to a node. An event is one 128-bit key. The four children of a node share a
/// cache line. A pop leaves a hole at the root that the next push fills, so that the usual pair of pop and
/// push costs one pass, which ends where the new event belongs: often near the top, since a source's next
/// arrival is soon. Where few are pending, as in a small network, the pass has no branch at all. Where very
/// many are, the heap has but the next of them, and the others wait in unsorted buckets. Nothing is taken
/// out before its time: who no longer wants an event lets it come, and finds that it is stale.
class EventList {
public:
    static constexpr int payload_bits = 28;
    static constexpr std::uint32_t payload_limit = 1u << payload_bits;

    [[gnu::always_inline]] void push(double time, std::uint32_t payload) {
        const Key key = key_of(time, sequence_ | payload);
        sequence_ += payload_limit;
        if (hole_ && end_ <= few_) {
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
    std::size_t size() const { return end_ - root - (hole_ ? 1 : 0) + (few_ == 0 ? far_->size() : 0); }

private:
    using Key = EventKey;
    struct alignas(64) Group {
        Key keys[4] = {no_event, no_event, no_event, no_event};
    };
    static constexpr std::size_t root =
        3;  ///< so that the children of slot s start at 4 (s - 2), a full group
    static constexpr std::size_t few = 8;      ///< up to here, the children of the root are all there is
    static constexpr std::size_t many = 4000;  ///< from here on, buckets are faster

    Key* slots() { return groups_.data()->keys; }

    [[gnu::noinline]] void push_among_many(Key key) {
        if (few_ == 0 && far_->keep(key)) return;
        if (hole_) {
            hole_ = false;
            sink(root, key);
        } else {
            append(key);
        }
    }

    /// The root and one group of children, some of which may be `no_event`.
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

    void sink(std::size_t hole, Key key) {
        Key* const slot = slots();
        std::size_t child = 4 * (hole - 2);
        while (child < end_) {  // slots from end_ on hold `no_event`
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
        if (end_ > most_) spread();
    }

    [[gnu::noinline]] void close_hole() {
        hole_ = false;
        Key* const slot = slots();
        const Key last = std::exchange(slot[--end_], no_event);
        if (end_ > root) {
            sink(root, last);
            if (end_ == many / 2 && few_ == few) most_ = many;
        } else if (few_ == 0) {
            refill();
        }
    }

    /// The heap is empty and buckets are in use.
    void refill();
    /// The heap is too large: begins to use buckets, or makes them narrower.
    void spread();

    std::vector<Group> groups_{2};  ///< at least the root and its children
    std::size_t end_ = root;
    std::uint64_t sequence_ = 0;
    std::size_t few_ = few;    ///< 0 while buckets are in use
    std::size_t most_ = many;  ///< slots of the heap, before its events are spread
    bool hole_ = false;
    std::unique_ptr<FarEvents> far_;
    std::vector<Key> taken_;  ///< from a bucket, on their way to the heap
};

}  // namespace headroom::sim
