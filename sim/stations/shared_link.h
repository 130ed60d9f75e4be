#pragma once
// A network or a disk that those who use it at the same time share evenly.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

namespace headroom::sim {

/// Users are known by a number of the owner's. Bytes are counted on a clock of the link, which moves on by
/// what each user has got: an end does not move when others come and go.
class SharedLink {
public:
    SharedLink(double rate, double most) : rate_(rate), most_(most) {}

    bool empty() const { return users_.empty(); }
    /// Bytes a second that each user gets.
    double rate() const { return std::min(rate_ / static_cast<double>(users_.size()), most_); }

    /// Brings the link's clock to `now`; before anyone comes or goes.
    void settle(double now) {
        if (!users_.empty()) clock_ += (now - settled_) * rate();
        settled_ = now;
    }
    /// The end of so many bytes, on the link's clock.
    double join(std::uint32_t user, double bytes) {
        users_.emplace(clock_ + bytes, user);
        return clock_ + bytes;
    }
    void leave(std::uint32_t user, double end) { users_.erase({end, user}); }
    /// Who is done first, and leaves.
    std::uint32_t take_first() {
        const auto [end, user] = *users_.begin();
        clock_ = std::max(clock_, end);
        users_.erase(users_.begin());
        return user;
    }
    /// Seconds until someone is done, as things are.
    double left() const { return std::max(0.0, users_.begin()->first - clock_) / rate(); }

private:
    double rate_, most_;
    std::set<std::pair<double, std::uint32_t>> users_;  ///< by their ends
    double clock_ = 0, settled_ = 0;
};

}  // namespace headroom::sim
