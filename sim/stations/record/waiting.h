#pragma once
// Who waits at a queue, and who of them is served next.

#include "model/system/system.h"
#include "sim/kernel/random.h"
#include "sim/stations/record/item.h"

#include <vector>

namespace headroom::sim::record {

class WaitingRoom {
public:
    /// With `removable`, items can leave from the middle.
    WaitingRoom(const model::Queue& queue, std::size_t classes, const RandomStream& stream, bool removable);

    /// The level of those who outrank all others is 0.
    int level_of(const Item& item) const { return levels_[item.item_class]; }
    std::size_t size() const { return size_; }

    void put(ItemPool& pool, std::uint32_t index);
    void put_back(ItemPool& pool, std::uint32_t index);  ///< after it was interrupted
    std::uint32_t take(ItemPool& pool);                  ///< `none` if nobody waits
    void remove(ItemPool& pool, std::uint32_t index);    ///< who waits

private:
    void append(ItemPool& pool, Line& line, std::uint32_t index);
    void prepend(ItemPool& pool, Line& line, std::uint32_t index);
    std::uint32_t take_first(ItemPool& pool, Line& line);
    std::uint32_t take_from_crowd(std::size_t place);
    std::uint32_t& before(std::uint32_t index);

    model::Discipline discipline_;
    bool removable_;
    std::size_t size_ = 0;
    std::vector<int> levels_;           ///< by class
    std::vector<Line> lines_;           ///< by level
    std::vector<std::uint32_t> crowd_;  ///< of Discipline::random
    /// Where removable, by item: its predecessor in the line, or its place in the crowd.
    std::vector<std::uint32_t> before_;
    RandomStream random_;
};

}  // namespace headroom::sim::record
