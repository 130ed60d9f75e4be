#include "model/system/phases.h"
#include "sim/analytic/solver.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace headroom::sim {

// Erlang (1917): the share of arrivals that find all servers taken, without a waiting line. The recursion on
// 1/B is stable for any number of servers (Jagers and van Doorn, Operations Research Letters 1986).
namespace {

double erlang_b_recursion(int servers, double offered) {
    double inverse = 1;
    for (int k = 1; k <= servers; ++k) {
        inverse = 1 + inverse * k / offered;
        if (std::isinf(inverse)) return 0;  // it stays so: thousands of servers, hardly used
    }
    return 1 / inverse;
}

}  // namespace

double erlang_b(int servers, double offered) {
    if (offered <= 0) return servers > 0 ? 0 : 1;
    if (servers < 64) return erlang_b_recursion(servers, offered);
    // The same stations are asked about again and again, for every interval of a day and every input that is
    // varied.
    struct Known {
        int servers = 0;
        double offered = 0, blocked = 0;
    };
    thread_local std::array<Known, 1024> known{};
    const std::uint64_t mixed =
        (std::bit_cast<std::uint64_t>(offered) ^ static_cast<std::uint64_t>(servers)) * 0x9E3779B97F4A7C15u;
    Known& entry = known[mixed >> 54];
    if (entry.servers != servers || entry.offered != offered)
        entry = {servers, offered, erlang_b_recursion(servers, offered)};
    return entry.blocked;
}

// The share of arrivals that wait in M/M/c, from Erlang B (Cooper, Introduction to Queueing Theory, 1981,
// eq. 3.5.6).
double erlang_c(int servers, double offered) {
    const double utilisation = offered / servers;
    if (utilisation >= 1) return 1;
    const double blocked = erlang_b(servers, offered);
    return blocked / (1 - utilisation * (1 - blocked));
}

// Kraemer and Langenbach-Belz, ITC 8, 1976.
double arrival_correction(double utilisation, double arrival_scv, double service_scv) {
    const double a = arrival_scv, s = service_scv, u = utilisation;
    if (a == 1 || u <= 0 || a + s <= 0) return 1;
    if (a < 1) return std::exp(-2 * (1 - u) * (1 - a) * (1 - a) / (3 * u * (a + s)));
    return std::exp(-(1 - u) * (a - 1) / (a + 4 * s));
}

// Allen-Cunneen (Allen, Probability, Statistics and Queueing Theory, 1978): the wait of M/M/c times half the
// sum of the two squared coefficients of variation. Exact for M/M/c, and for M/G/1 (Pollaczek 1930, Khinchine
// 1932). Corrected for arrivals that are not Poisson.
double mean_wait(int servers, double arrival_rate, double service_mean, double arrival_scv,
                 double service_scv) {
    const double offered = arrival_rate * service_mean;
    const double utilisation = offered / servers;
    if (offered <= 0) return 0;
    if (utilisation >= 1) return std::numeric_limits<double>::infinity();
    const double poisson = erlang_c(servers, offered) * service_mean / (servers * (1 - utilisation));
    return poisson * (arrival_scv + service_scv) / 2 *
           arrival_correction(utilisation, arrival_scv, service_scv);
}

namespace {

/// Laplace transform of gaps, in their mean; NaN where only samples are known.
class Transform {
public:
    // Shapes without a closed transform: that of the quantiles, by the double exponential rule (Takahasi and
    // Mori, Publications of RIMS 1974), whose steps of a sixteenth leave errors of 1e-10 or less.
    explicit Transform(const model::Distribution& gap) : gap_(gap) {
        using model::Family;
        constexpr double step = 1.0 / 16, pi = 3.14159265358979323846;
        if (gap.family != Family::uniform && gap.family != Family::weibull &&
            gap.family != Family::lognormal && gap.family != Family::bounded_pareto)
            return;
        for (int i = -52; i <= 52; ++i) {
            const double t = i * step, u = 1 / (1 + std::exp(-pi * std::sinh(t)));
            const double weight = step * pi * std::cosh(t) * u / (1 + std::exp(pi * std::sinh(t)));
            if (u > 0 && u < 1) points_.push_back({gap.quantile(u) / gap.mean, weight});
        }
    }

    double operator()(double x) const {
        switch (gap_.family) {
            case model::Family::deterministic:
                return std::exp(-x);
            case model::Family::exponential:
                return 1 / (1 + x);
            case model::Family::erlang:
            case model::Family::gamma:
                return std::pow(1 + x * gap_.scv, -1 / gap_.scv);
            case model::Family::hyperexponential: {
                double sum = 0;
                for (const auto& phase : model::phases_of(gap_))
                    sum += phase.probability * phase.rate / (phase.rate + x);
                return sum;
            }
            default:
                break;
        }
        if (points_.empty()) return std::numeric_limits<double>::quiet_NaN();
        double sum = 0;
        for (const auto& [gap, weight] : points_) sum += weight * std::exp(-x * gap);
        return sum;
    }

private:
    const model::Distribution& gap_;
    std::vector<std::pair<double, double>> points_;  ///< quantiles in means, and their weights
};

double wait_probability(const Transform& transform, double utilisation) {
    if (std::isnan(transform(1))) return transform(1);
    double low = 0, high = 1 - 1e-12;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (transform((1 - middle) / utilisation) > middle ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

// The root within (0, 1) of s = A*(mu (1 - s)) (Kleinrock, Queueing Systems I, 1975, section 6.4): the
// difference of the two sides is positive below it and negative above it.
double renewal_wait_probability(const model::Distribution& gap, double utilisation) {
    return wait_probability(Transform(gap), utilisation);
}

// What an arrival finds beyond the servers is geometric with ratio s; the share of those who wait follows
// from the transform at the rates of the servers at work (Takacs, Introduction to the Theory of Queues, 1962,
// chapter 2, theorem 3).
double renewal_wait(const model::Distribution& gap, int servers, double utilisation) {
    const Transform transform(gap);
    const double geometric = wait_probability(transform, utilisation), c = servers;
    if (std::isnan(geometric)) return geometric;
    long double sum = 1 / (1 - geometric), ways = 1, product = 1;
    for (int j = 1; j <= servers; ++j) {
        const long double at = transform(j / (c * utilisation)), left = servers - j;
        const long double distance = left - c * geometric;
        // Both parts of the last factor vanish together: a load next to it has the limit.
        if (j < servers && std::abs(distance) < 1e-8L)
            return renewal_wait(gap, servers, utilisation * (1 + 1e-7));
        ways *= (left + 1) / j;
        product *= at / (1 - at);
        sum += ways / (product * (1 - at)) * (left - c * at) / distance;
    }
    const double waits = static_cast<double>(1 / sum) / (1 - geometric);
    return waits >= 0 && waits <= 1 ? waits / (c * (1 - geometric))
                                    : std::numeric_limits<double>::quiet_NaN();
}

// With r = offered / servers, the states above c are a truncated geometric series on top of Erlang B (Gross
// and Harris, Fundamentals of Queueing Theory, section 2.5).
double mmck_loss(int servers, int capacity, double offered) {
    if (offered <= 0) return 0;
    const int places = std::max(0, capacity - servers);
    const double blocked = erlang_b(servers, offered);
    const double ratio = offered / servers;
    if (std::abs(ratio - 1) < 1e-9) return blocked / (1 + blocked * places);
    const double log_power = places * std::log(ratio);
    if (log_power > 600) return 1 - 1 / ratio;
    const double power = std::exp(log_power);
    const double sum = ratio * (power - 1) / (ratio - 1);  // of r^j for j = 1 ... places
    return blocked * power / (1 + blocked * sum);
}

}  // namespace headroom::sim
