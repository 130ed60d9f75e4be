#pragma once
// Items on their way from one place to the next, many at a time.

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
    /// Of some, at least one, whether all are.
    bool is_of_one_class(std::size_t first, std::size_t last) const;
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

}  // namespace headroom::sim::record
