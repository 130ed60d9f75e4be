#include "sim/analytic/closed_network.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr int refinements = 2;
constexpr int most_rounds = 2000;

/// Mean values of a closed network of so many users, from what an arrival finds. Numbers by station and
/// class lie in one row after the other.
class Network {
public:
    Network(const std::vector<ClosedStation>& stations, const std::vector<ClosedClass>& classes)
        : stations_(stations),
          classes_(classes),
          throughput(classes.size(), 0.0),
          residence(stations.size() * classes.size(), 0.0),
          share(residence.size(), 1 / static_cast<double>(stations.size() + 1)) {
        for (const ClosedClass& of : classes) users_.push_back(of.users);
        for (const ClosedStation& station : stations) {
            const double servers = station.servers;
            paces_.push_back(
                {1 / servers, (servers - 1) / servers, station.queueing ? station.stretch() : 1});
            for (const double demand : station.demand) work_.push_back(demand * paces_.back().stretch);
        }
    }

    void take_one_away(std::size_t k) { users_[k] = std::max(0.0, users_[k] - 1); }

    /// Until nothing changes any more. `moved`: by how much the share of a class at the station is another
    /// with one user of another class less; by station, that other class and the class.
    void settle(const std::vector<double>& moved, double precision) {
        double before = 1e300, keep = 0;
        for (int round = 0; round < most_rounds; ++round) {
            const double change = step(moved, round == 0 ? 0 : keep);
            if (change < precision) return;
            // Where the rounds swing, half of each is taken.
            if (change > 0.9 * before) keep = 0.5;
            before = change;
        }
    }

private:
    double step(const std::vector<double>& moved, double keep) {
        const std::size_t count = classes_.size();
        std::vector<double> others(count), seen(count);
        double change = 0;
        for (std::size_t k = 0; k < count; ++k) {
            for (std::size_t j = 0; j < count; ++j) others[j] = std::max(0.0, users_[j] - (j == k ? 1 : 0));
            double cycle = classes_[k].think;
            for (std::size_t s = 0; s < stations_.size(); ++s) {
                const std::size_t row = s * count;
                if (stations_[s].queueing && work_[row + k] > 0) {
                    for (std::size_t j = 0; j < count; ++j)
                        seen[j] =
                            others[j] * std::clamp(share[row + j] + moved[(row + k) * count + j], 0.0, 1.0);
                    residence[row + k] = residence_of(s, k, seen);
                } else {
                    residence[row + k] = work_[row + k];
                }
                cycle += stations_[s].awaited(k, residence[row + k]);
            }
            const double now = cycle > 0 ? users_[k] / cycle : 0;
            change = std::max(change, std::abs(now - throughput[k]) / std::max(now, 1e-300));
            throughput[k] = now + keep * (throughput[k] - now);
        }
        for (std::size_t k = 0; k < count; ++k) {
            const double each = users_[k] > 0 ? throughput[k] / users_[k] : 0;
            for (std::size_t place = k; place < share.size(); place += count)
                share[place] = each * residence[place];
        }
        return change;
    }

    double residence_of(std::size_t s, std::size_t k, const std::vector<double>& seen) const {
        const ClosedStation& station = stations_[s];
        const Pace& pace = paces_[s];
        const double* work = &work_[s * seen.size()];
        if (!station.service.empty())
            return work[k] + (station.service[k] > 0
                                  ? station.demand[k] / station.service[k] * wait_in_order(s, work, seen)
                                  : 0);
        double present = 0, busy = 0;
        for (std::size_t j = 0; j < seen.size(); ++j) {
            present += seen[j];
            busy += throughput[j] * work[j];
        }
        // Of those in sight, the ones in Seidmann's delay are not ahead in the line.
        const double ahead = std::max(0.0, present - busy * pace.others);
        return work[k] * pace.one * (1 + ahead + station.residual(ahead, busy) * station.servers) +
               work[k] * pace.others;
    }

    /// How long a visit waits for the services of others.
    double wait_in_order(std::size_t s, const double* work, const std::vector<double>& seen) const {
        const ClosedStation& station = stations_[s];
        const Pace& pace = paces_[s];
        double wait = 0;
        for (std::size_t j = 0; j < seen.size(); ++j) {
            const double busy = throughput[j] * work[j];
            const double ahead = std::max(0.0, seen[j] - busy * pace.others);
            wait += station.service[j] * (ahead + station.excess[j] * std::min(ahead, busy * pace.one));
        }
        return wait * pace.one * pace.stretch;
    }

    struct Pace {
        double one = 1, others = 0;  ///< of all servers, the part that is one of them, and the rest
        double stretch = 1;          ///< beside open classes
    };

    const std::vector<ClosedStation>& stations_;
    const std::vector<ClosedClass>& classes_;
    std::vector<double> users_;
    std::vector<Pace> paces_;
    std::vector<double> work_;  ///< seconds of a cycle, beside open classes

public:
    std::vector<double> throughput;  ///< by class
    std::vector<double> residence;   ///< seconds of a cycle
    std::vector<double> share;       ///< of the users of the class, those who are at the station
};

}  // namespace

ClosedSolution approximate_closed(const std::vector<ClosedStation>& stations,
                                  const std::vector<ClosedClass>& classes) {
    constexpr double precision = 1e-8, rough = 1e-4;
    const std::size_t count = classes.size(), places = stations.size();
    Network all(stations, classes);
    std::vector<Network> without(count, all);
    for (std::size_t k = 0; k < count; ++k) without[k].take_one_away(k);
    std::vector<double> moved(places * count * count, 0.0);
    all.settle(moved, rough);
    for (int i = 0; i < refinements; ++i) {
        for (Network& network : without) network.settle(moved, rough);
        for (std::size_t s = 0; s < places; ++s)
            for (std::size_t k = 0; k < count; ++k)
                for (std::size_t j = 0; j < count; ++j)
                    moved[(s * count + k) * count + j] =
                        without[k].share[s * count + j] - all.share[s * count + j];
        all.settle(moved, i + 1 < refinements ? rough : precision);
    }
    ClosedSolution solution;
    solution.throughput = std::move(all.throughput);
    for (std::size_t s = 0; s < places; ++s) {
        const auto row = all.residence.begin() + static_cast<std::ptrdiff_t>(s * count);
        solution.residence.emplace_back(row, row + static_cast<std::ptrdiff_t>(count));
    }
    return solution;
}

}  // namespace headroom::sim
