#include "sim/analytic/closed_network.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr int refinements = 2;
constexpr int most_rounds = 2000;

/// Mean values of a closed network of so many users, from what an arrival finds.
class Network {
public:
    Network(const std::vector<ClosedStation>& stations, const std::vector<ClosedClass>& classes)
        : stations_(stations),
          classes_(classes),
          users_(classes.size()),
          throughput(classes.size(), 0.0),
          residence(stations.size(), std::vector<double>(classes.size(), 0.0)),
          length(residence) {
        for (std::size_t k = 0; k < classes.size(); ++k) users_[k] = classes[k].users;
        for (auto& by_class : length)
            for (std::size_t k = 0; k < classes.size(); ++k)
                by_class[k] = users_[k] / static_cast<double>(stations.size() + 1);
    }

    void take_one_away(std::size_t k) { users_[k] = std::max(0.0, users_[k] - 1); }
    /// Of the users of a class, those who are at the station.
    double share(std::size_t s, std::size_t k) const { return users_[k] > 0 ? length[s][k] / users_[k] : 0; }

    /// Until nothing changes any more. `moves(s, j, k)`: by how much the share of class j at the station is
    /// another with one user of class k less.
    template <class Moves>
    void settle(const Moves& moves, double precision) {
        double before = 1e300, keep = 0;
        for (int round = 0; round < most_rounds; ++round) {
            const double change = step(moves, round == 0 ? 0 : keep);
            if (change < precision) return;
            // Where the rounds swing, half of each is taken.
            if (change > 0.9 * before) keep = 0.5;
            before = change;
        }
    }

private:
    template <class Moves>
    double step(const Moves& moves, double keep) {
        const std::size_t count = classes_.size();
        std::vector<double> seen(count);
        double change = 0;
        for (std::size_t k = 0; k < count; ++k) {
            double cycle = classes_[k].think;
            for (std::size_t s = 0; s < stations_.size(); ++s) {
                if (stations_[s].queueing && stations_[s].demand[k] > 0)
                    for (std::size_t j = 0; j < count; ++j)
                        seen[j] = std::max(0.0, users_[j] - (j == k ? 1 : 0)) *
                                  std::clamp(share(s, j) + moves(s, j, k), 0.0, 1.0);
                residence[s][k] = residence_of(stations_[s], k, seen);
                cycle += stations_[s].awaited(k, residence[s][k]);
            }
            const double now = cycle > 0 ? users_[k] / cycle : 0;
            change = std::max(change, std::abs(now - throughput[k]) / std::max(now, 1e-300));
            throughput[k] = now + keep * (throughput[k] - now);
        }
        for (std::size_t s = 0; s < stations_.size(); ++s)
            for (std::size_t k = 0; k < count; ++k) length[s][k] = throughput[k] * residence[s][k];
        return change;
    }

    double residence_of(const ClosedStation& station, std::size_t k, const std::vector<double>& seen) const {
        const double demand = station.demand[k] * (station.queueing ? station.stretch() : 1);
        if (!station.queueing || demand <= 0) return demand;
        if (!station.service.empty())
            return demand + (station.service[k] > 0
                                 ? station.demand[k] / station.service[k] * wait_in_order(station, seen)
                                 : 0);
        const double servers = station.servers;
        double present = 0, busy = 0;
        for (std::size_t j = 0; j < seen.size(); ++j) {
            present += seen[j];
            busy += throughput[j] * station.demand[j] * station.stretch();
        }
        // Of those in sight, the ones in Seidmann's delay are not ahead in the line.
        const double ahead = std::max(0.0, present - busy * (servers - 1) / servers);
        return demand / servers * (1 + ahead + station.residual(ahead, busy) * servers) +
               demand * (servers - 1) / servers;
    }

    /// How long a visit waits for the services of others.
    double wait_in_order(const ClosedStation& station, const std::vector<double>& seen) const {
        const double servers = station.servers;
        double wait = 0;
        for (std::size_t j = 0; j < seen.size(); ++j) {
            const double busy = throughput[j] * station.demand[j] * station.stretch();
            const double ahead = std::max(0.0, seen[j] - busy * (servers - 1) / servers);
            wait +=
                station.service[j] * (ahead + station.excess[j] * std::min(ahead, busy / servers)) / servers;
        }
        return wait * station.stretch();
    }

    const std::vector<ClosedStation>& stations_;
    const std::vector<ClosedClass>& classes_;
    std::vector<double> users_;

public:
    std::vector<double> throughput;                      ///< by class
    std::vector<std::vector<double>> residence, length;  ///< by station and class
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
    const auto moves = [&](std::size_t s, std::size_t j, std::size_t k) {
        return moved[(s * count + j) * count + k];
    };
    all.settle(moves, rough);
    for (int i = 0; i < refinements; ++i) {
        for (Network& network : without) network.settle(moves, rough);
        for (std::size_t s = 0; s < places; ++s)
            for (std::size_t j = 0; j < count; ++j)
                for (std::size_t k = 0; k < count; ++k)
                    moved[(s * count + j) * count + k] = without[k].share(s, j) - all.share(s, j);
        all.settle(moves, i + 1 < refinements ? rough : precision);
    }
    ClosedSolution solution;
    solution.throughput = std::move(all.throughput);
    solution.residence = std::move(all.residence);
    return solution;
}

}  // namespace headroom::sim
