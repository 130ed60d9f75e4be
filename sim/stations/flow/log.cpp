// Partitioned logs: consumers, each with its line.

#include "sim/analytic/station_figures.h"
#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/services.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim::flow {

namespace {

/// Consumers that are alike.
struct Group {
    int alike = 1;       ///< how many such lines
    double share = 1;    ///< of the station's arrivals, each
    Mix mix;             ///< its services and arrivals
    Line before, after;  ///< at the edges of the step
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
        double busy = 0, content = 0;
        bulk_ = inflow.bulks ? inflow.bulks->gap() : 0;
        for (Group& group : groups_) {
            if (mix.mean > 0) group.mix = thinned(mix, group.share);
            if (mix.mean <= 0) group.mix.rate = 0;  // what is left of the backlog is still worked off
            const double offered = group.mix.rate * group.mix.mean;
            group.before = group.after;
            const double used = group.after.advance(servers_, group.mix, offered, inflow.length);
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
        for (std::size_t k = 0; k < shares_.size(); ++k) answer.content[k] = content * shares_[k];
    }

    DrawnVisit draw(double part, int item_class) override {
        const Group& group = groups_[chosen_group()];
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
        const double service = services_.draw(item_class);
        return {wait, wait + service, false};
    }

    double memory() const override {
        // The next visit may well be to another consumer.
        return groups_.size() > 1 ? 0 : servers_.memory(groups_[0].mix, groups_[0].after.level);
    }

private:
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
    double poll_;
    RandomStream random_, peaks_;
    Services services_;
    // Of the step at hand:
    double bulk_ = 0;
    std::vector<double> shares_;  ///< of the records, by class
};

}  // namespace

std::unique_ptr<StationFlow> make_log(const model::Station& station, const Draws& draws) {
    return std::make_unique<LogFlow>(station, std::get<model::PartitionedLog>(station.primitive), draws);
}

}  // namespace headroom::sim::flow
