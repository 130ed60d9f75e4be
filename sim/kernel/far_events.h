#pragma once
// Events that are not among the next, where very many are pending.

#include "sim/kernel/event_key.h"

#include <cstdint>
#include <vector>

namespace headroom::sim {

/// Buckets of equal width in time, whose events are not sorted, as in a calendar queue (Brown 1988) or one
/// rung of a ladder queue (Tang, Goh and Thng 2005); and beyond the last bucket a list of whatever is later.
/// Buckets are taken one after the other. When all are, what is beyond is spread anew, over buckets as wide
/// as its own times ask for. Which bucket an event belongs to never decreases with its time, so that equal
/// times share one and a bucket's events all come before the next one's. An event costs one write on the way
/// in and one read on the way out, however many are pending; its bucket's last cache line is likely near.
class FarEvents {
public:
    std::size_t size() const { return bucketed_ + beyond_.size(); }

    /// Whether an event belongs to a bucket that is not taken yet, and is kept. Otherwise it is due before
    /// them all.
    bool keep(EventKey key) {
        const double position = (time_of(key) - origin_) * per_second_;
        if (position < static_cast<double>(next_)) return false;
        if (position < end_) {
            put(static_cast<std::size_t>(position), key);
        } else {
            beyond_.push_back(key);
        }
        return true;
    }

    void add_beyond(EventKey key) { beyond_.push_back(key); }

    /// Moves the events of all buckets beyond them, so that the next taking spreads them anew.
    void gather();

    /// Moves the events of the next bucket that has any to the end of a list. All of them, where their times
    /// are too close or too far apart for buckets. There must be some. Once none is left, `keep` is not
    /// called before others were added beyond and taken from.
    void take_next(std::vector<EventKey>& into);

    /// Moves all events to the end of a list.
    void take_all(std::vector<EventKey>& into);

private:
    // A bucket is the place after its last event; its chunks are linked backwards by their first slot.
    static constexpr std::uint32_t chunk = 16, no_chunk = 0;

    void put(std::size_t bucket, EventKey key) {
        std::uint32_t& end = ends_[bucket];
        if (end % chunk == 0) end = open_chunk(end);
        slots_[end++] = key;
        ++bucketed_;
    }
    std::uint32_t open_chunk(std::uint32_t before);
    void empty(std::uint32_t& end, std::vector<EventKey>& into);
    bool spread();

    std::vector<EventKey> slots_ = std::vector<EventKey>(chunk);  ///< chunk 0 is none
    std::vector<std::uint32_t> ends_;
    std::vector<EventKey> beyond_;
    std::uint32_t free_ = no_chunk;  ///< linked by their first slots
    std::size_t next_ = 0;           ///< bucket to be taken
    std::size_t bucketed_ = 0;
    double origin_ = 0;
    double per_second_ = 0;  ///< buckets
    double end_ = 0;         ///< how many buckets there are
};

}  // namespace headroom::sim
