#pragma once
// What moves through a network at record level, and the pool that it lives in.

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace headroom::sim::record {

inline constexpr std::uint32_t none = 0xffffffff;

/// What an entry of the pool is doing; for those with a pending event, what happens when it comes.
enum class Stage : std::uint8_t {
    unused,
    // Not items: sources and timers.
    source,     ///< the next arrival of an open source
    thinking,   ///< a user, before the next request
    sharing,    ///< a station's next completion under processor sharing
    polling,    ///< a consumer's next poll
    gathering,  ///< a batch that may have waited long enough
    // Items in the system.
    waiting,  ///< in a line; no event
    served,   ///< in service of a first-come-first-served queue
    delayed,
    consumed,   ///< in service of a consumer
    shared,     ///< in service of a processor-sharing queue; the station holds the event
    committed,  ///< the first of a batch that is being committed
    ranked,     ///< in service of a queue that picks whom to serve
    held,       ///< in service of a queue that preempts; the station holds the event
    // Not items either.
    ranking,    ///< a station's next completion, where the station holds the events
    hedging,    ///< a fork's next copy of one item, which may not be needed
    patience,   ///< how long an item goes on waiting
    opening,    ///< a gate before which items wait, now that there is room
    deadline,   ///< how long a request waits for its answer
    outage,     ///< the next change of a station's capacity
    refilling,  ///< a limiter's next tokens for those that wait
    pooling,    ///< a batch pool's next event
    // Items again.
    forked,        ///< kept by its fork while its copies are on their way
    pooled,        ///< a job in a batch pool; the pool holds its events
    accompanying,  ///< in service with others: the first of the batch has the event
    blocked,       ///< served, but kept by its server until there is room where it goes next
    outside,       ///< waiting before a full place, in no station
    orbiting,      ///< on its way back to a station that had no room
    backing_off    ///< a request between two attempts
};

inline bool in_system(Stage stage) {
    return (stage >= Stage::waiting && stage < Stage::ranking) || stage >= Stage::forked;
}

/// 32 bytes, because an overloaded station may hold millions.
struct Item {
    double born = 0;            ///< when it entered the system; copies and created items inherit it
    double arrived = 0;         ///< at the present station
    double started = 0;         ///< service at the present station
    std::uint32_t next = none;  ///< in its line; the consumer, for Stage::consumed and Stage::polling
    std::uint16_t place = 0;    ///< station or source
    std::uint8_t item_class = 0;
    Stage stage : 7 = Stage::unused;
    bool user : 1 = false;  ///< goes back to thinking instead of being released
};
static_assert(sizeof(Item) == 32);

/// A network that would hold so many ends with an exception.
[[noreturn]] inline void refuse_more_items() {
    throw std::length_error("more items are in the system than can be held");
}

class ItemPool {
public:
    explicit ItemPool(std::uint32_t limit) : limit_(limit) {}

    Item& operator[](std::uint32_t index) { return items_[index]; }

    /// May move all items: references do not survive it.
    std::uint32_t take() {
        const std::uint32_t index = free_;
        if (index == none) [[unlikely]]
            return make();
        free_ = items_[index].next;
        return index;
    }
    void release(std::uint32_t index) {
        Item& item = items_[index];
        item.stage = Stage::unused;
        item.user = false;
        item.next = free_;
        free_ = index;
    }

    const std::vector<Item>& all() const { return items_; }

private:
    [[gnu::noinline]] std::uint32_t make() {
        if (items_.size() == limit_) refuse_more_items();
        items_.emplace_back();
        return static_cast<std::uint32_t>(items_.size() - 1);
    }

    std::vector<Item> items_;
    std::uint32_t free_ = none, limit_;
};

/// First in, first out, through Item::next.
struct Line {
    std::uint32_t head = none, tail = none;

    bool empty() const { return head == none; }
    void append(ItemPool& pool, std::uint32_t index) {
        pool[index].next = none;
        if (head == none) {
            head = index;
        } else {
            pool[tail].next = index;
        }
        tail = index;
    }
    void prepend(ItemPool& pool, std::uint32_t index) {
        pool[index].next = head;
        if (head == none) tail = index;
        head = index;
    }
    /// False if it is not in this line. Takes time in proportion to the line's length.
    bool remove(ItemPool& pool, std::uint32_t index) {
        std::uint32_t before = none;
        for (std::uint32_t i = head; i != none; before = i, i = pool[i].next) {
            if (i != index) continue;
            (before == none ? head : pool[before].next) = pool[i].next;
            if (tail == i) tail = before;
            return true;
        }
        return false;
    }
    std::uint32_t take_first(ItemPool& pool) {
        const std::uint32_t index = head;
        head = pool[index].next;
        return index;
    }
};

}  // namespace headroom::sim::record
