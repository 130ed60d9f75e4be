#include "sim/kernel/event_list.h"

#include <algorithm>
#include <limits>

namespace headroom::sim {

void EventList::refill() {
    taken_.clear();
    if (far_->size() < many / 2) {
        far_->take_all(taken_);
    } else {
        far_->take_next(taken_);
    }
    if (far_->size() == 0) few_ = few;
    if (const std::size_t groups = (root + taken_.size() + 3) / 4; groups > groups_.size())
        groups_.resize(groups);
    std::copy(taken_.begin(), taken_.end(), slots() + root);
    end_ = root + taken_.size();
    // Parents from the last to the root, each into the heaps below it.
    for (std::size_t hole = end_ > root + 1 ? (end_ - 1) / 4 + 2 : 0; hole >= root; --hole)
        sink(hole, slots()[hole]);
    if (end_ > most_) spread();
}

void EventList::spread() {
    if (!far_) far_ = std::make_unique<FarEvents>();
    if (few_ == 0) far_->gather();
    few_ = 0;
    Key* const slot = slots();
    for (; end_ > root; --end_) far_->add_beyond(std::exchange(slot[end_ - 1], no_event));
    most_ = std::numeric_limits<std::size_t>::max();  // where it does not help, not again
    refill();
    most_ = std::max(many, 2 * end_);
}

}  // namespace headroom::sim
