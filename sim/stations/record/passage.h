#pragma once
// Items on their way from one place to the next, many at a time.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace headroom::sim::record {

/// In order of time, which is that of the events that would bring them. An array for each property.
struct Passage {
    std::vector<double> times;  ///< of coming
    std::vector<double>
        made;  ///< when the event was made: of events at one time the one made first comes first
    std::vector<double> born;  ///< as Item::born
    std::vector<std::uint8_t> classes;

    std::size_t size() const { return times.size(); }
    void add(double time, double made_at, double born_at, std::uint8_t item_class);
    void append(const Passage& from, std::size_t first, std::size_t count);
    void clear();
    void drop_first(std::size_t count);
    /// The first from `from` on that does not come before `time`.
    std::size_t first_at(double time, std::size_t from) const;
};

/// What comes to one place from several.
class Meeting {
public:
    /// From where items of this number begin: they are in order among themselves.
    void begin(std::uint32_t from);
    Passage& coming() { return coming_; }
    /// Puts all in order. False where two come at the same time by events that were made at the same time, so
    /// that times do not tell which is first.
    bool settle();
    void clear();

private:
    Passage coming_, settled_;
    std::vector<std::size_t> starts_;
    std::vector<std::uint32_t> order_, merged_;
    std::uint32_t last_from_ = 0;
};

/// Calls with the bounds [i, j) of all that are neighbours and of one class.
template <class Call>
void for_each_class(const std::vector<std::uint8_t>& classes, std::size_t first, std::size_t last,
                    const Call& call) {
    for (std::size_t i = first, j = i; i < last; i = j) {
        const auto from = classes.begin() + static_cast<std::ptrdiff_t>(i);
        const auto other = std::find_if(from, classes.begin() + static_cast<std::ptrdiff_t>(last),
                                        [c = *from](std::uint8_t next) { return next != c; });
        j = static_cast<std::size_t>(other - classes.begin());
        call(i, j);
    }
}

}  // namespace headroom::sim::record
