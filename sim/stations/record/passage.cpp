#include "sim/stations/record/passage.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace headroom::sim::record {

namespace {

template <class T>
void append_to(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t count) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
}

template <class T>
void drop(std::vector<T>& from, std::size_t count) {
    from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

void Passage::add(double time, double made_at, double born_at, std::uint8_t item_class) {
    times.push_back(time);
    made.push_back(made_at);
    born.push_back(born_at);
    classes.push_back(item_class);
}

void Passage::append(const Passage& from, std::size_t first, std::size_t count) {
    append_to(times, from.times, first, count);
    append_to(made, from.made, first, count);
    append_to(born, from.born, first, count);
    append_to(classes, from.classes, first, count);
}

void Passage::clear() {
    times.clear();
    made.clear();
    born.clear();
    classes.clear();
}

void Passage::drop_first(std::size_t count) {
    drop(times, count);
    drop(made, count);
    drop(born, count);
    drop(classes, count);
}

std::size_t Passage::first_at(double time, std::size_t from) const {
    const auto begin = times.begin() + static_cast<std::ptrdiff_t>(from);
    return static_cast<std::size_t>(std::lower_bound(begin, times.end(), time) - times.begin());
}

bool Passage::is_of_one_class(std::size_t first, std::size_t last) const {
    const auto begin = classes.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = classes.begin() + static_cast<std::ptrdiff_t>(last);
    return begin != end && std::equal(begin + 1, end, begin);  // each with its neighbour
}

void Meeting::begin(std::uint32_t from) {
    if (!starts_.empty() && from == last_from_) return;
    starts_.push_back(coming_.size());
    last_from_ = from;
}

bool Meeting::settle() {
    if (starts_.size() <= 1) return true;
    bool told = true;
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        if (coming_.times[a] != coming_.times[b]) return coming_.times[a] < coming_.times[b];
        told = told && coming_.made[a] != coming_.made[b];
        return coming_.made[a] < coming_.made[b];
    };
    order_.resize(coming_.size());
    merged_.resize(coming_.size());
    std::iota(order_.begin(), order_.end(), 0u);
    while (starts_.size() > 1) {
        std::vector<std::size_t> joined;
        for (std::size_t i = 0; i < starts_.size(); i += 2) {
            const auto at = [&](std::size_t run) {
                return order_.begin() +
                       static_cast<std::ptrdiff_t>(run < starts_.size() ? starts_[run] : order_.size());
            };
            std::merge(at(i), at(i + 1), at(i + 1), at(i + 2), merged_.begin() + (at(i) - order_.begin()),
                       before);
            joined.push_back(starts_[i]);
        }
        std::swap(order_, merged_);
        starts_ = std::move(joined);
    }
    for (const std::uint32_t i : order_)
        settled_.add(coming_.times[i], coming_.made[i], coming_.born[i], coming_.classes[i]);
    std::swap(coming_, settled_);
    settled_.clear();
    return told;
}

void Meeting::clear() {
    coming_.clear();
    starts_.clear();
}

}  // namespace headroom::sim::record
