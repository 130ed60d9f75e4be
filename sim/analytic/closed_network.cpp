#include "sim/analytic/closed_network.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr double exact_limit = 20'000;
/// Multiplications that an exact solution may cost: about a millisecond.
constexpr double affordable_work = 1e6;
/// The probability of an empty station is what a subtraction leaves; its rounding error grows like e^servers.
constexpr int stable_servers = 16;

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
        exact = exact && stations[s].variability == 1 && stations[s].awaited(0, 1) == 1 &&
                (stations[s].servers == 1 || stations[s].open_utilisation == 0);
    }
    double throughput = 0;
    const int population = static_cast<int>(users.users);
    for (int n = 1; n <= population; ++n) {
        double cycle = users.think;
        for (std::size_t s = 0; s < stations.size(); ++s) {
            const ClosedStation& station = stations[s];
            const double demand = station.demand[0] * (station.queueing ? station.stretch() : 1);
            double residence = demand;
            if (station.queueing) {
                double idle = 0;
                for (int j = 0; j + 1 < station.servers; ++j)
                    idle += (station.servers - 1 - j) * probability[s][static_cast<std::size_t>(j)];
                const double ahead = std::max(0.0, (length[s] + idle + 1) / station.servers - 1);
                residence = demand * (1 + ahead + station.residual(ahead, throughput * demand));
            }
            solution.residence[s][0] = residence;
            cycle += station.awaited(0, residence);
        }
        throughput = cycle > 0 ? n / cycle : 0;
        // The residual service is an approximation, which must not lift the throughput above the capacity.
        for (std::size_t s = 0; s < stations.size() && !exact; ++s) {
            const double work = stations[s].demand[0] * stations[s].stretch();
            if (!stations[s].queueing || throughput * work <= stations[s].servers) continue;
            throughput = stations[s].servers / work;
            solution.residence[s][0] += (n / throughput - cycle) / stations[s].awaited(0, 1);
            cycle = n / throughput;
        }
        for (std::size_t s = 0; s < stations.size(); ++s) {
            const ClosedStation& station = stations[s];
            length[s] = throughput * solution.residence[s][0];
            if (!station.queueing || station.servers == 1) continue;
            const double load = throughput * station.demand[0] * station.stretch();
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

/// Several classes, population by population (Reiser and Lavenberg, JACM 1980, section 4): for product-form
/// stations, so that a class sees the station as it is with one user less.
ClosedSolution solve_classes(const std::vector<ClosedStation>& stations,
                             const std::vector<ClosedClass>& classes) {
    const std::size_t count = classes.size(), places = stations.size();
    std::vector<std::size_t> users(count), stride(count), first(places);
    std::size_t states = 1, width = 0;
    for (std::size_t k = 0; k < count; ++k) {
        users[k] = static_cast<std::size_t>(classes[k].users);
        stride[k] = states;
        states *= users[k] + 1;
    }
    for (std::size_t s = 0; s < places; ++s) {
        first[s] = width;
        if (stations[s].queueing && stations[s].servers > 1)
            width += static_cast<std::size_t>(stations[s].servers);
    }
    std::vector<double> length(states * places, 0.0), marginal(states * width, 0.0);
    for (std::size_t s = 0; s < places; ++s)
        if (stations[s].queueing && stations[s].servers > 1) marginal[first[s]] = 1;

    ClosedSolution solution;
    solution.exact = true;
    solution.throughput.assign(count, 0.0);
    solution.residence.assign(places, std::vector<double>(count, 0.0));
    for (std::size_t state = 1; state < states; ++state) {
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t present = state / stride[k] % (users[k] + 1);
            solution.throughput[k] = 0;
            if (present == 0) continue;
            const std::size_t before = state - stride[k];
            double cycle = classes[k].think;
            for (std::size_t s = 0; s < places; ++s) {
                const ClosedStation& station = stations[s];
                double residence = station.demand[k];
                if (station.queueing) {
                    double seen = length[before * places + s];
                    for (int j = 0; j + 1 < station.servers; ++j)
                        seen += (station.servers - 1 - j) *
                                marginal[before * width + first[s] + static_cast<std::size_t>(j)];
                    residence *= station.stretch() * (1 + seen) / station.servers;
                }
                solution.residence[s][k] = residence;
                cycle += station.awaited(k, residence);
            }
            solution.throughput[k] = cycle > 0 ? static_cast<double>(present) / cycle : 0;
        }
        for (std::size_t s = 0; s < places; ++s) {
            const ClosedStation& station = stations[s];
            for (std::size_t k = 0; k < count; ++k)
                length[state * places + s] += solution.throughput[k] * solution.residence[s][k];
            if (!station.queueing || station.servers == 1) continue;
            double used = 0;
            for (std::size_t j = 0; j < static_cast<std::size_t>(station.servers); ++j) {
                double p = 0;
                for (std::size_t k = 0; k < count; ++k) {
                    if (solution.throughput[k] <= 0) continue;
                    const double load = solution.throughput[k] * station.demand[k];
                    if (j == 0)
                        used += load;
                    else
                        p += load * marginal[(state - stride[k]) * width + first[s] + j - 1];
                }
                if (j == 0) continue;
                p /= static_cast<double>(j);
                marginal[state * width + first[s] + j] = p;
                used += (station.servers - static_cast<double>(j)) * p;
            }
            marginal[state * width + first[s]] = std::max(0.0, 1 - used / station.servers);
        }
    }
    return solution;
}

using Constants = std::vector<long double>;

/// More than one server of one speed.
bool depends_on_load(const ClosedStation& station) {
    return station.queueing && (station.servers > 1 || !station.speeds.empty());
}

/// Weights of 0 ... n items at such a station: offered^j / (rate(1) ... rate(j)).
Constants weights_of(const ClosedStation& station, long double scale, std::size_t n) {
    Constants weights(n + 1, 1);
    for (std::size_t j = 1; j <= n; ++j)
        weights[j] = weights[j - 1] * scale * station.demand[0] / station.rate(j);
    return weights;
}

Constants convolve(const Constants& a, const Constants& b) {
    Constants sum(a.size(), 0);
    for (std::size_t n = 0; n < a.size(); ++n)
        for (std::size_t j = 0; j <= n; ++j) sum[n] += a[j] * b[n - j];
    return sum;
}

/// One class by convolution (Buzen, Communications of the ACM 1973): only sums of positive terms, so that any
/// number of servers is safe. Rates are scaled so that the constants stay within a long double.
ClosedSolution solve_by_convolution(const std::vector<ClosedStation>& stations, const ClosedClass& users) {
    const auto n = static_cast<std::size_t>(users.users);
    double delay = users.think, all = users.think, bound = 1e300;
    for (const ClosedStation& station : stations) {
        all += station.demand[0];
        if (!station.queueing)
            delay += station.demand[0];
        else if (station.demand[0] > 0)
            bound = std::min(bound, station.rate(n) / station.demand[0]);
    }
    const long double scale = std::min(bound, users.users / all);
    Constants base(n + 1, 1);
    for (std::size_t j = 1; j <= n; ++j) base[j] = base[j - 1] * delay * scale / static_cast<long double>(j);
    for (const ClosedStation& station : stations)
        if (station.queueing && !depends_on_load(station))
            for (std::size_t j = 1; j <= n; ++j) base[j] += base[j - 1] * scale * station.demand[0];
    const auto constants = [&](const ClosedStation* without) {
        Constants sum = base;
        for (const ClosedStation& station : stations)
            if (depends_on_load(station) && &station != without)
                sum = convolve(sum, weights_of(station, scale, n));
        return sum;
    };
    const Constants g = constants(nullptr);
    ClosedSolution solution;
    solution.exact = true;
    const double throughput = n > 0 ? static_cast<double>(scale * g[n - 1] / g[n]) : 0;
    solution.throughput = {throughput};
    for (const ClosedStation& station : stations) {
        double residence = station.demand[0], busy = 0;
        if (station.queueing && throughput > 0) {
            long double length = 0;
            if (!depends_on_load(station)) {
                long double power = 1;
                for (std::size_t j = 1; j <= n; ++j) {
                    power *= scale * station.demand[0];
                    length += power * g[n - j];
                }
            } else {
                const Constants rest = constants(&station), weights = weights_of(station, scale, n);
                for (std::size_t j = 1; j <= n; ++j) {
                    const long double weight = weights[j] * rest[n - j];
                    length += static_cast<long double>(j) * weight;
                    busy += std::min(static_cast<double>(j), static_cast<double>(station.servers)) *
                            static_cast<double>(weight / g[n]);
                }
            }
            residence = static_cast<double>(length / g[n]) / throughput;
        }
        solution.residence.push_back({residence});
        solution.busy.push_back(busy);
    }
    return solution;
}

/// Every station keeps the product form, as far as can be told here.
bool product_form(const std::vector<ClosedStation>& stations) {
    return std::all_of(stations.begin(), stations.end(), [](const ClosedStation& station) {
        const bool at_once = std::any_of(station.counted.begin(), station.counted.end(),
                                         [](double share) { return share != 1; });
        return !station.queueing || (station.variability == 1 && station.service.empty() && !at_once &&
                                     (station.servers == 1 || station.open_utilisation == 0));
    });
}

int most_servers(const std::vector<ClosedStation>& stations) {
    int most = 1;
    for (const ClosedStation& station : stations)
        if (station.queueing) most = std::max(most, station.servers);
    return most;
}

}  // namespace

double ClosedStation::stretch() const { return 1 / std::max(1e-9, 1 - open_utilisation); }

double ClosedStation::residual(double ahead, double busy) const {
    return (variability - 1) * std::min(ahead, busy / servers) / servers;
}

double ClosedStation::rate(std::size_t present) const {
    const double working = std::min(static_cast<double>(present), static_cast<double>(servers));
    return speeds.empty() ? working : working * speeds[std::min(present, speeds.size()) - 1];
}

ClosedSolution solve_closed(const std::vector<ClosedStation>& stations,
                            const std::vector<ClosedClass>& classes) {
    const bool varies = std::any_of(stations.begin(), stations.end(),
                                    [](const ClosedStation& station) { return !station.speeds.empty(); });
    const bool stable = most_servers(stations) <= stable_servers && !varies;
    if (classes.size() == 1) {
        if (stable && classes[0].users <= exact_limit) return solve_single(stations, classes[0]);
        const auto several = static_cast<double>(std::count_if(
            stations.begin(), stations.end(), [](const auto& station) { return depends_on_load(station); }));
        const double places = static_cast<double>(stations.size()) + 1;
        const double work =
            classes[0].users * (places + (several + several * several) * classes[0].users / 2);
        if (product_form(stations) && work <= affordable_work)
            return solve_by_convolution(stations, classes[0]);
        return approximate_closed(stations, classes);
    }
    double work = static_cast<double>(stations.size() * classes.size());
    for (const ClosedClass& users : classes) work *= users.users + 1;
    if (stable && work <= affordable_work && product_form(stations)) return solve_classes(stations, classes);
    return approximate_closed(stations, classes);
}

}  // namespace headroom::sim
