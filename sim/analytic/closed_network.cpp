#include "sim/analytic/closed_network.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr double exact_limit = 20'000;

/// Servers' capacity that open classes leave (exact for one server in a product-form network: Lavenberg,
/// Computer Performance Modeling Handbook, 1983).
double stretch(const ClosedStation& station) { return 1 / std::max(1e-9, 1 - station.open_utilisation); }

ClosedSolution solve_single(const std::vector<ClosedStation>& stations, const ClosedClass& users) {
    ClosedSolution solution;
    solution.residence.assign(stations.size(), {0.0});
    std::vector<double> length(stations.size(), 0.0);
    // Probability of j items at a station with several servers, j = 0 ... servers - 1.
    std::vector<std::vector<double>> probability(stations.size());
    bool exact = true;
    for (std::size_t s = 0; s < stations.size(); ++s) {
        probability[s].assign(static_cast<std::size_t>(stations[s].servers), 0.0);
        probability[s][0] = 1;
        if (!stations[s].queueing) continue;
        exact = exact && stations[s].variability == 1 &&
                (stations[s].servers == 1 || stations[s].open_utilisation == 0);
    }
    double throughput = 0;
    const int population = static_cast<int>(users.users);
    for (int n = 1; n <= population; ++n) {
        double cycle = users.think;
        for (std::size_t s = 0; s < stations.size(); ++s) {
            const ClosedStation& station = stations[s];
            const double demand = station.demand[0] * (station.queueing ? stretch(station) : 1);
            double residence = demand;
            if (station.queueing) {
                double idle = 0;
                for (int j = 0; j + 1 < station.servers; ++j)
                    idle += (station.servers - 1 - j) * probability[s][static_cast<std::size_t>(j)];
                const double ahead = (length[s] + idle + 1) / station.servers - 1;
                residence = demand * (1 + std::max(0.0, ahead) * station.variability);
            }
            solution.residence[s][0] = residence;
            cycle += residence;
        }
        throughput = cycle > 0 ? n / cycle : 0;
        for (std::size_t s = 0; s < stations.size(); ++s) {
            const ClosedStation& station = stations[s];
            length[s] = throughput * solution.residence[s][0];
            if (!station.queueing || station.servers == 1) continue;
            const double load = throughput * station.demand[0] * stretch(station);
            std::vector<double>& p = probability[s];
            double above = load;
            for (std::size_t j = p.size() - 1; j >= 1; --j) {
                p[j] = load / static_cast<double>(j) * p[j - 1];
                above += (station.servers - static_cast<double>(j)) * p[j];
            }
            p[0] = std::max(0.0, 1 - above / station.servers);
        }
    }
    solution.throughput = {throughput};
    solution.exact = exact;
    return solution;
}

ClosedSolution solve_many(const std::vector<ClosedStation>& stations,
                          const std::vector<ClosedClass>& classes) {
    const std::size_t count = classes.size();
    ClosedSolution solution;
    solution.throughput.assign(count, 0.0);
    solution.residence.assign(stations.size(), std::vector<double>(count, 0.0));
    std::vector<std::vector<double>> length(stations.size(), std::vector<double>(count, 0.0));
    for (auto& by_class : length)
        for (std::size_t k = 0; k < count; ++k)
            by_class[k] = classes[k].users / static_cast<double>(stations.size() + 1);
    for (int round = 0; round < 2000; ++round) {
        double change = 0;
        for (std::size_t k = 0; k < count; ++k) {
            double cycle = classes[k].think;
            for (std::size_t s = 0; s < stations.size(); ++s) {
                const ClosedStation& station = stations[s];
                double residence = station.demand[k];
                if (station.queueing) {
                    const double demand = residence * stretch(station), servers = station.servers;
                    double seen = 0;
                    for (std::size_t j = 0; j < count; ++j)
                        seen +=
                            length[s][j] * (j == k && classes[k].users > 0 ? 1 - 1 / classes[k].users : 1);
                    // Of those in sight, the ones in Seidmann's delay are not ahead in the line.
                    double serving = 0;
                    for (std::size_t j = 0; j < count; ++j)
                        serving += solution.throughput[j] * station.demand[j] * stretch(station) *
                                   (servers - 1) / servers;
                    residence = demand / servers * (1 + std::max(0.0, seen - serving) * station.variability) +
                                demand * (servers - 1) / servers;
                }
                solution.residence[s][k] = residence;
                cycle += residence;
            }
            const double throughput = cycle > 0 ? classes[k].users / cycle : 0;
            change = std::max(change,
                              std::abs(throughput - solution.throughput[k]) / std::max(throughput, 1e-300));
            solution.throughput[k] = round == 0 ? throughput : (throughput + solution.throughput[k]) / 2;
        }
        for (std::size_t s = 0; s < stations.size(); ++s)
            for (std::size_t k = 0; k < count; ++k)
                length[s][k] = solution.throughput[k] * solution.residence[s][k];
        if (change < 1e-9) break;
    }
    return solution;
}

}  // namespace

ClosedSolution solve_closed(const std::vector<ClosedStation>& stations,
                            const std::vector<ClosedClass>& classes) {
    if (classes.size() == 1 && classes[0].users <= exact_limit) return solve_single(stations, classes[0]);
    return solve_many(stations, classes);
}

}  // namespace headroom::sim
