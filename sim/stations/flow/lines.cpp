// Queues served in order of arrival and partitioned logs: groups of servers, each with its line.

#include "sim/analytic/station_figures.h"
#include "sim/kernel/sampling.h"
#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim::flow {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Servers that share a line, or consumers that are alike.
struct Group {
    int alike = 1;     ///< how many such lines
    double share = 1;  ///< of the station's arrivals, each
    /// At an edge of the step.
    struct Edge {
        double wait = 0;     ///< mean seconds
        double backlog = 0;  ///< part of it that overload has piled up for certain
        double level = 0;    ///< utilisation that goes with the rest
    };
    Edge before, after;
};

/// Consumers by their shares: the busiest on their own, the others in groups of about equal shares.
std::vector<Group> groups_of(std::vector<double> shares) {
    constexpr std::size_t alone = 24, together = 40;
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

class Lines : public StationFlow {
public:
    Lines(const model::Station& station, const std::vector<model::Distribution>& service, int servers_a_line,
          std::vector<Group> groups, double poll, const Draws& draws)
        : servers_(servers_a_line, service),
          groups_(std::move(groups)),
          poll_(poll),
          random_(draws.stream(station.name, "waits of the flow")) {
        for (const auto& distribution : service) samplers_.emplace_back(distribution);
        double sum = 0;
        for (const Group& group : groups_) {
            sum += group.alike * group.share;
            cumulative_.push_back(sum);
            lines_ += group.alike;
        }
    }

    double servers() const override { return static_cast<double>(lines_) * servers_.servers(); }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        Mix mix = servers_.mix(inflow.rate, inflow.scv);
        if (mix.mean <= 0) {
            mix = mix_;  // what is left of the backlog is still worked off
            mix.rate = 0;
        }
        const double per_line = 1.0 / servers_.servers();
        double busy = 0, content = 0;
        bulk_ = inflow.bulks ? inflow.bulks->gap() : 0;
        for (Group& group : groups_) {
            const Mix own = thinned(mix, group, inflow.scv);
            const double offered = own.rate * own.mean * per_line;
            group.before = group.after;
            const double wait = servers_.relax(own, group.before.wait, offered, inflow.length);
            const double used = std::clamp(offered - (wait - group.before.wait) / inflow.length, 0.0, 1.0);
            const double backlog =
                std::clamp(group.before.backlog + (offered - 1) * inflow.length, 0.0, wait);
            group.after = {wait, backlog, servers_.utilisation_for(own, wait - backlog)};
            busy += group.alike * used;
            answer.hottest = std::max(answer.hottest, used);
            if (mix.mean > 0) {
                const double served = used * servers_.servers() / mix.mean;
                content += group.alike * served * (wait + mix.mean + hold(used, bulk_));
            }
        }
        answer.utilisation = busy / static_cast<double>(lines_);
        const double rate = std::accumulate(inflow.rate.begin(), inflow.rate.end(), 0.0);
        for (std::size_t k = 0; k < inflow.rate.size(); ++k)
            answer.content[k] = rate > 0 ? content * inflow.rate[k] / rate : 0;
        mix_ = std::move(mix);
        scv_ = inflow.scv;
    }

    DrawnVisit draw(double part, int item_class) override {
        std::size_t g = 0;
        if (groups_.size() > 1) {
            const double chosen = random_.uniform() * cumulative_.back();
            while (g + 1 < groups_.size() && cumulative_[g] < chosen) ++g;
        }
        const Group& group = groups_[g];
        const auto between = [&](double Group::Edge::*value) {
            return group.before.*value + part * (group.after.*value - group.before.*value);
        };
        const Mix own = thinned(mix_, group, scv_);
        const double level = between(&Group::Edge::level);
        double wait = servers_.draw(own, level, random_);
        const double offered = std::min(1.0, own.rate * own.mean / servers_.servers());
        if (poll_ > 0) {
            // What earlier polls left over, less what a poll's interval hides (Siegmund 1985), then the time
            // until the next poll, then the records that came before since the last one.
            const double deviation = std::sqrt(own.rate * poll_ * (1 + own.scv)) * own.mean;
            const double since = random_.uniform() * poll_;
            wait = std::max(0.0, wait - 0.583 * deviation) + (poll_ - since) + offered * since;
        } else if (bulk_ > 0) {
            wait += random_.uniform() * offered * bulk_;
        }
        wait += between(&Group::Edge::backlog);
        const double service = samplers_[at(item_class)](random_.uniform());
        return {wait, wait + service, false};
    }

    // The time in which the number in M/M/1 forgets (Morse, JORSA 1955: the integral of its autocorrelation
    // is close to (1 + rho) / (mu (1 - rho)^2)), on servers c times as fast.
    double memory() const override {
        if (groups_.size() > 1) return 0;  // the next visit may well be to another partition
        const double idle = std::max(1e-6, 1 - groups_[0].after.level);
        return mix_.mean / servers_.servers() * (2 - idle) / (idle * idle) * (1 + mix_.scv) / 2;
    }

private:
    /// Mean time that a bulk or a poll adds to a wait.
    double hold(double used, double bulk) const {
        if (poll_ > 0) return poll_ * (1 + used) / 2;
        return used * bulk / 2;
    }
    Mix thinned(const Mix& mix, const Group& group, double scv) const {
        Mix own = mix;
        own.rate = mix.rate * group.share;
        // A random share of a stream is closer to Poisson than the stream.
        if (group.share < 1) own.arrival_scv = 1 + group.share * (scv - 1);
        return own;
    }

    Servers servers_;
    std::vector<Group> groups_;
    std::vector<double> cumulative_;
    long lines_ = 0;
    double poll_;
    RandomStream random_;
    std::vector<Sampler> samplers_;
    // Of the step at hand:
    Mix mix_;
    double scv_ = 1, bulk_ = 0;
};

}  // namespace

std::unique_ptr<StationFlow> make_queue(const model::Station& station, const Draws& draws) {
    const auto& queue = std::get<model::Queue>(station.primitive);
    return std::make_unique<Lines>(station, queue.service, queue.servers, std::vector<Group>{Group{}}, 0,
                                   draws);
}

std::unique_ptr<StationFlow> make_log(const model::Station& station, const Draws& draws) {
    const auto& log = std::get<model::PartitionedLog>(station.primitive);
    return std::make_unique<Lines>(station, log.service, 1, groups_of(consumer_shares(log)),
                                   log.poll_interval.value(), draws);
}

}  // namespace headroom::sim::flow
