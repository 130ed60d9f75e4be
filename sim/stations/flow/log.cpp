// Partitioned logs: consumers, each with its line.

#include "sim/analytic/station_figures.h"
#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/services.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

namespace headroom::sim::flow {

namespace {

/// Consumers that are alike.
struct Group {
    int alike = 1;       ///< how many such lines
    double share = 1;    ///< of the station's arrivals, each
    Mix mix;             ///< its services and arrivals
    Line before, after;  ///< at the edges of the step
    double lost = 0;     ///< share of what comes in the step that will be lost
};

/// Consumers by their shares: the busiest on their own, the others in groups of about equal shares.
std::vector<Group> groups_of(std::vector<double> shares) {
    constexpr std::size_t alone = 12, together = 12;
    std::sort(shares.begin(), shares.end(), std::greater<>());
    std::vector<Group> groups;
    const std::size_t single = std::min(alone, shares.size());
    for (std::size_t i = 0; i < single; ++i) groups.push_back({1, shares[i]});
    const std::size_t rest = shares.size() - single;
    for (std::size_t g = 0; g < std::min(together, rest); ++g) {
        const std::size_t from = single + rest * g / std::min(together, rest);
        const std::size_t to = single + rest * (g + 1) / std::min(together, rest);
        const double sum = std::accumulate(shares.begin() + static_cast<long>(from),
                                           shares.begin() + static_cast<long>(to), 0.0);
        groups.push_back({static_cast<int>(to - from), sum / static_cast<double>(to - from)});
    }
    // Where shares are even, one line stands for all.
    std::vector<Group> distinct;
    for (const Group& group : groups) {
        if (!distinct.empty() && distinct.back().share - group.share < 1e-9 * group.share)
            distinct.back().alike += group.alike;
        else
            distinct.push_back(group);
    }
    return distinct;
}

class LogFlow : public StationFlow {
public:
    LogFlow(const model::Station& station, const model::PartitionedLog& log, const Draws& draws)
        : servers_(1, log.service),
          groups_(groups_of(consumer_shares(log))),
          poll_(log.poll_interval.value()),
          retention_(log.retention.value()),
          random_(draws.stream(station.name, "waits of the flow")),
          peaks_(draws.stream(station.name, "peaks of the flow")),
          services_(log.service, station.name, draws) {
        double sum = 0;
        for (const Group& group : groups_) {
            sum += group.alike * group.share;
            cumulative_.push_back(sum);
            lines_ += group.alike;
        }
    }

    double servers() const override { return static_cast<double>(lines_); }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        const Mix mix = servers_.mix(inflow.rate, inflow.scv);
        double busy = 0, content = 0, lost = 0;
        longest_before_ = std::min(longest_, retention_);
        longest_ = std::min(retention_, inflow.longest_wait);
        bulk_ = inflow.bulks ? inflow.bulks->gap() : 0;
        for (Group& group : groups_) {
            if (mix.mean > 0) group.mix = thinned(mix, group.share);
            if (mix.mean <= 0) group.mix.rate = 0;  // what is left of the backlog is still worked off
            const double offered = group.mix.rate * group.mix.mean;
            group.before = group.after;
            const double used = group.after.advance(servers_, group.mix, offered, inflow.length);
            const double excess = group.after.cut(servers_, group.mix, longest_);
            // What will be lost takes no service: so much of what comes is not waited for.
            const double came = offered * inflow.length;
            group.lost = came > 0 ? std::min(1.0, excess / came) : 0;
            if (excess > 0) lost += group.alike * excess / group.mix.mean;
            busy += group.alike * used;
            answer.hottest = std::max(answer.hottest, used);
            if (group.mix.mean > 0)
                content +=
                    group.alike * used / group.mix.mean * (group.after.wait + group.mix.mean + hold(used));
        }
        answer.utilisation = busy / static_cast<double>(lines_);
        answer.work_variance = Servers::work_variance(mix);
        answer.most = most_present(content, inflow.length);
        const double rate = std::accumulate(inflow.rate.begin(), inflow.rate.end(), 0.0);
        if (rate > 0) shares_ = inflow.rate;
        for (double& share : shares_) share /= rate > 0 ? rate : 1;
        for (std::size_t k = 0; k < shares_.size(); ++k) {
            answer.content[k] = content * shares_[k];
        }
        forget(lost, inflow.start + inflow.length, answer);
    }

    DrawnVisit draw(double part, int item_class) override {
        const Group& group = groups_[chosen_group()];
        if (group.lost > 0 && random_.uniform() < group.lost) return {0, 0, true};
        const auto between = [&](double Line::*value) {
            return group.before.*value + part * (group.after.*value - group.before.*value);
        };
        const Mix& mix = group.mix;
        double wait = servers_.draw(mix, between(&Line::level), random_);
        const double offered = std::min(1.0, mix.rate * mix.mean);
        if (poll_ > 0) {
            // What earlier polls left over, less what a poll's interval hides (Siegmund 1985), then the time
            // until the next poll, then the records that came before since the last one.
            const double deviation = std::sqrt(mix.rate * poll_ * (1 + mix.scv)) * mix.mean;
            const double since = random_.uniform() * poll_;
            wait = std::max(0.0, wait - 0.583 * deviation) + (poll_ - since) + offered * since;
        } else if (bulk_ > 0) {
            wait += random_.uniform() * offered * bulk_;
        }
        wait += between(&Line::backlog);
        if (std::isfinite(longest_))
            wait = std::min(wait, longest_before_ + part * (longest_ - longest_before_));
        const double service = services_.draw(item_class);
        return {wait, wait + service, false};
    }

    double memory() const override {
        // The next visit may well be to another consumer.
        return groups_.size() > 1 ? 0 : servers_.memory(groups_[0].mix, groups_[0].after.level);
    }

private:
    /// Too old when their turn comes: until then they are there.
    struct Doomed {
        double turn = 0;
        std::vector<double> items;  ///< by class
    };
    void forget(double items, double now, StepAnswer& answer) {
        if (items > 0) {
            // Where the line stands still, it has to move again.
            doomed_.push_back({now + std::max(longest_, groups_[0].mix.mean), shares_});
            for (double& share : doomed_.back().items) share *= items;
        }
        for (; !doomed_.empty() && doomed_.front().turn <= now; doomed_.pop_front())
            for (std::size_t k = 0; k < answer.lost.size(); ++k) answer.lost[k] += doomed_.front().items[k];
        for (const Doomed& doomed : doomed_)
            for (std::size_t k = 0; k < answer.content.size(); ++k) answer.content[k] += doomed.items[k];
    }
    /// All consumers' items together are about normal; the busiest one may stand out.
    double most_present(double content, double seconds) {
        double variance = 0, highest = 0;
        for (const Group& group : groups_) {
            const Mix& mix = group.mix;
            const double used = std::min(group.after.level, 1 - 1e-6);
            const double line = used + used * used / (1 - used) * (mix.arrival_scv + mix.scv) / 2;
            variance += group.alike * (line * (1 + line) + mix.rate * mix.rate * poll_ * poll_ / 12);
            const double backlog = std::max(group.before.backlog, group.after.backlog);
            const double most = servers_.draw_most(mix, used, seconds * group.alike, peaks_) +
                                (mix.mean > 0 ? backlog / mix.mean : 0) + mix.rate * poll_;
            highest = std::max(highest, content - (line + mix.rate * poll_ / 2) + most);
        }
        const double memory =
            std::max({poll_, groups_[0].mix.mean, servers_.memory(groups_[0].mix, groups_[0].after.level)});
        return std::max(highest, draw_highest(content, variance, memory > 0 ? seconds / memory : 1, peaks_));
    }
    std::size_t chosen_group() {
        if (groups_.size() == 1) return 0;
        const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1,
                                            random_.uniform() * cumulative_.back());
        return static_cast<std::size_t>(found - cumulative_.begin());
    }
    /// Mean time that a bulk or a poll adds to a wait.
    double hold(double used) const { return poll_ > 0 ? poll_ * (1 + used) / 2 : used * bulk_ / 2; }
    /// A random share of a stream is closer to Poisson than the stream.
    static Mix thinned(Mix mix, double share) {
        mix.rate *= share;
        if (share < 1) mix.arrival_scv = 1 + share * (mix.arrival_scv - 1);
        return mix;
    }

    Servers servers_;
    std::vector<Group> groups_;
    std::vector<double> cumulative_;
    long lines_ = 0;
    double poll_, retention_;
    RandomStream random_, peaks_;
    Services services_;
    // Of the step at hand:
    double bulk_ = 0;
    /// The longest wait of what is not lost, at the edges.
    double longest_before_ = std::numeric_limits<double>::infinity(), longest_ = longest_before_;
    std::vector<double> shares_;  ///< of the records, by class
    std::deque<Doomed> doomed_;
};

}  // namespace

std::unique_ptr<StationFlow> make_log(const model::Station& station, const Draws& draws) {
    return std::make_unique<LogFlow>(station, std::get<model::PartitionedLog>(station.primitive), draws);
}

}  // namespace headroom::sim::flow
