#include "sim/stations/flow/servers.h"

#include "sim/analytic/solver.h"
#include "sim/kernel/elementary.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <numbers>

namespace headroom::sim::flow {

namespace {

constexpr int grid = 400;

/// Sum of many independent residuals: a gamma variate by the transformation of Wilson and Hilferty (1931).
double gamma_like(double mean, double variance, RandomStream& random) {
    const double shape = mean * mean / std::max(variance, 1e-300);
    const double normal =
        std::sqrt(-2 * std::log(random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
    const double root = 1 - 1 / (9 * shape) + normal / (3 * std::sqrt(shape));
    return std::max(0.0, mean * root * root * root);
}

// Whitt, The Queueing Network Analyzer, 1983, eq. 48: share that waits for one server.
double share_of_one(const Mix& mix, double u) {
    const double a = mix.arrival_scv, s = mix.scv;
    const double h =
        a < 1 ? (1 + a + u * s) / (1 + u * (s - 1) + u * u * (4 * a + s)) : 4 * u / (a + u * u * (4 * a + s));
    return std::clamp(u * (1 + (a - 1) * (1 - u) * h), 0.0, 1.0);
}

// Of several servers a few long services hold up only some, so that the wait is shorter than its formula by
// this share. Fitted to the record level over servers 8 to 100, utilisation 0.9 to 0.99, hyperexponential and
// lognormal services of SCV 2 to 8; vanishes in heavy traffic.
double long_service_correction(const Mix& mix, double u, int servers) {
    const double tail = std::max(0.0, mix.residual_variance / (mix.residual_mean * mix.residual_mean) - 1);
    const double light = (1 - u) / (1 - u + 0.015);
    return std::min(0.8, 0.0042 * (std::sqrt(servers) - 1) * (mix.scv - 1) * std::sqrt(tail) * light);
}

}  // namespace

Servers::Servers(int servers, const std::vector<model::Distribution>& service) : servers_(servers) {
    for (std::size_t k = 0; k < service.size(); ++k) {
        const auto alike = static_cast<std::size_t>(
            std::find(service.begin(), service.begin() + static_cast<long>(k), service[k]) - service.begin());
        residuals_.push_back(alike < k ? residuals_[alike] : Residual(service[k]));
        means_.push_back(service[k].mean);
        smallest_.push_back(alike < k ? smallest_[alike] : residuals_.back().mean_of_smallest(servers));
    }
    if (servers > 1)
        for (int i = 0; i <= grid; ++i)
            waiting_share_.push_back(erlang_c(servers, static_cast<double>(servers) * i / grid));
}

Mix Servers::mix(const std::vector<double>& rate, double arrival_scv) {
    Mix mix;
    cumulative_.clear();
    double work = 0, square = 0, residual_square = 0, smaller_of_two = 0;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        const double offered = rate[k] * means_[k];
        mix.rate += rate[k];
        work += offered;
        cumulative_.push_back(work);
        const double residual = residuals_[k].mean();
        square += offered * residual;
        residual_square += offered * (residuals_[k].variance() + residual * residual);
        mix.smallest += offered * smallest_[k];
        smaller_of_two += offered * residuals_[k].smaller_of_two();
    }
    if (mix.rate <= 0 || work <= 0) return mix;
    for (double& share : cumulative_) share /= work;
    mix.mean = work / mix.rate;
    mix.residual_mean = square / work;
    mix.residual_variance = std::max(0.0, residual_square / work - mix.residual_mean * mix.residual_mean);
    mix.smallest /= work;
    mix.smaller_of_two = smaller_of_two / work;
    mix.scv = 2 * mix.residual_mean / mix.mean - 1;
    mix.arrival_scv = arrival_scv;
    return mix;
}

double Servers::erlang(double utilisation) const {
    if (servers_ == 1) return utilisation;
    const double place = utilisation * grid;
    const int cell = std::min(grid - 1, static_cast<int>(place));
    const double low = waiting_share_[static_cast<std::size_t>(cell)],
                 high = waiting_share_[static_cast<std::size_t>(cell) + 1];
    return low + (place - cell) * (high - low);
}

double Servers::stationary_wait(const Mix& mix, double utilisation) const {
    return waiting_share(mix, utilisation) * wait_of_the_waiting(mix, utilisation);
}

// Those who wait for one of c servers wait as those who wait for one that is c times as fast do, which is
// exact for exponential services. As in Allen-Cunneen, it grows with the sum of both variabilities.
double Servers::wait_of_the_waiting(const Mix& mix, double u) const {
    double poisson = mix.smallest + u / (1 - u) * mix.residual_mean / servers_;
    if (servers_ > 1 && mix.scv > 1) poisson /= 1 + long_service_correction(mix, u, servers_);
    if (mix.arrival_scv == 1) return poisson;
    const double share = share_of_one(mix, u);
    if (share <= 0) return 0;
    const double variability = std::max(0.01, (mix.arrival_scv + mix.scv) / (1 + mix.scv));
    return poisson * variability * arrival_correction(u, mix.arrival_scv, mix.scv) * u / share;
}

// Share of the arrivals that wait. For several servers Erlang's, at the idle share divided by the root of the
// peakedness of the arrivals: Whitt, A diffusion approximation for the G/GI/n/m queue, Operations Research
// 2004.
double Servers::waiting_share(const Mix& mix, double u) const {
    if (mix.arrival_scv == 1) return erlang(u);
    if (servers_ == 1) return share_of_one(mix, u);
    const double peakedness = 1 + (mix.arrival_scv - 1) * mix.smaller_of_two;
    if (peakedness <= 0) return 0;
    return erlang(std::max(0.0, 1 - (1 - u) / std::sqrt(peakedness)));
}

double Servers::utilisation_for(const Mix& mix, double wait) const { return 1 - idle_for(mix, wait, 0); }

// The idle share x = 1 - u at which stationary_wait(u) + u * seconds equals the sum. For Poisson arrivals at
// one server that is a square equation; else its solution is where the search begins, in the logarithm of x.
double Servers::idle_for(const Mix& mix, double sum, double seconds) const {
    constexpr double least = 1e-15;
    if (sum <= 0 || mix.mean <= 0) return 1;
    const double residual = mix.residual_mean / servers_, b = sum - seconds + residual;
    const double guess =
        std::clamp(2 * residual / (b + std::sqrt(b * b + 4 * seconds * residual)), least, 1.0);
    if (servers_ == 1 && mix.arrival_scv == 1) return guess;
    const auto excess = [&](double log_idle) {
        const double u = 1 - std::exp(log_idle);
        return stationary_wait(mix, u) + u * seconds - sum;
    };
    const double lowest = std::log(least);
    double low = std::clamp(std::log(guess), lowest, 0.0), high = low;
    double at_low = excess(low), at_high = at_low;
    for (double reach = 0.1; at_low < 0 && low > lowest; reach *= 3) {
        high = low;
        at_high = at_low;
        low = std::max(lowest, low - reach);
        at_low = excess(low);
    }
    for (double reach = 0.1; at_high > 0 && high < 0; reach *= 3) {
        low = high;
        at_low = at_high;
        high = std::min(0.0, high + reach);
        at_high = excess(high);
    }
    if (at_low <= 0) return std::exp(low);
    if (at_high >= 0) return std::exp(high);
    std::uintmax_t steps = 40;
    const auto [from, to] = boost::math::tools::toms748_solve(
        excess, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(32), steps);
    return std::exp((from + to) / 2);
}

double Servers::work_in_service(const Mix& mix) const { return (1 - 1.0 / servers_) * mix.residual_mean; }

Servers::Relaxed Servers::relax(const Mix& mix, const Relaxed& before, double offered, double seconds,
                                double haste) const {
    const double inside = work_in_service(mix), settled = std::min(1.0, offered);
    const double sum =
        before.wait + before.utilisation * inside + (offered - settled + haste * settled) * seconds;
    const double slope = inside + haste * seconds, u = 1 - idle_for(mix, sum, slope);
    return {std::max(0.0, sum - u * slope), u};
}

// Near its stationary value the mean work of M/M/1 forgets what it was in s (1 + rho) / (1 - rho)^2 (from the
// Poisson equation of its second moment), where the approximation takes s / (1 - rho)^2. From nothing at
// capacity it grows as the mean of a reflected Brownian motion, sigma (2 t / pi)^1/2, where the approximation
// takes sigma t^1/2. A backlog that is certain falls as fast as there is capacity left; and so does the work
// in service, as that of infinitely many servers does.
double Line::haste(double offered, double inside) const {
    if (backlog > 0 && offered < 1) return 1;
    const double settled = std::clamp((1 - offered) / std::max(1e-9, 1 - level), 0.0, 1.0);
    const double of_line = settled / (1 + level) + (1 - settled) * 2 / std::numbers::pi;
    const double served = std::max(busy, std::min(1.0, offered)) * inside;
    return served > 0 ? (wait * of_line + served) / (wait + served) : of_line;
}

double Line::advance(const Servers& servers, const Mix& mix, double offered, double seconds) {
    const double inside = servers.work_in_service(mix), before = wait + busy * inside;
    const auto now = servers.relax(mix, {wait, busy}, offered, seconds, haste(offered, inside));
    wait = now.wait;
    busy = now.utilisation;
    backlog = std::clamp(backlog + (offered - 1) * seconds, 0.0, wait);
    level = backlog > 0 ? servers.utilisation_for(mix, wait - backlog) : busy;
    return std::clamp(offered - (wait + busy * inside - before) / seconds, 0.0, 1.0);
}

double Line::cut(const Servers& servers, const Mix& mix, double longest) {
    const double excess = std::min(backlog, wait - longest);
    if (excess <= 0) return 0;
    wait -= excess;
    backlog -= excess;
    level = servers.utilisation_for(mix, wait - backlog);
    return excess;
}

bool Servers::covers(const Mix& mix) const { return mix.arrival_scv == 1 && (servers_ == 1 || mix.scv <= 4); }

double highest_normal(double looks, double p) {
    const double above = -std::expm1(std::log(p) / std::max(1.0, looks));
    using InDoubles = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    const boost::math::normal_distribution<double, InDoubles> normal;
    return boost::math::quantile(boost::math::complement(normal, std::max(above, 1e-300)));
}

double draw_highest(double mean, double variance, double looks, RandomStream& random) {
    if (mean <= 0) return 0;
    const double z = highest_normal(looks, random.uniform());
    // A count leans to the right like that of Poisson: the first term of Cornish and Fisher.
    return std::max(0.0, mean + std::sqrt(variance) * z + (z * z - 1) / 6 * variance / mean);
}

// Beyond the servers the number present falls off by exp(-decay) an item, and excursions above b come at the
// rate waiting share * drift * decay * exp(-decay b) (Aldous, Probability Approximations via the Poisson
// Clumping Heuristic, 1989, chapter D; for M/M/c the decay is -ln rho). Below, the busy servers are about
// Poisson.
double Servers::draw_most(const Mix& mix, double utilisation, double seconds, RandomStream& random) const {
    if (mix.mean <= 0 || utilisation <= 0) return 0;
    const double u = std::min(utilisation, 1 - 1e-9);
    const double decay = -std::log(u) * 2 / std::max(0.05, mix.arrival_scv + mix.scv);
    const double drift = (1 - u) * servers_ / mix.mean;
    const double excursions = seconds * waiting_share(mix, u) * drift * decay;
    const double b = std::log(excursions / -std::log(random.uniform())) / decay;
    if (b > 0) return servers_ + b;
    const double busy = servers_ * u;
    return std::min<double>(servers_, draw_highest(busy, busy, seconds / mix.mean, random));
}

double Servers::memory(const Mix& mix, double utilisation) const {
    const double idle = std::max(1e-6, 1 - utilisation);
    return mix.mean / servers_ * (2 - idle) / (idle * idle) * (1 + mix.scv) / 2;
}

double Servers::draw_residual(double p, RandomStream& random) const {
    std::size_t k = 0;
    if (residuals_.size() > 1) {
        const double chosen = random.uniform();
        while (k + 1 < residuals_.size() && cumulative_[k] < chosen) ++k;
    }
    return residuals_[k].quantile(p);
}

double Servers::draw(const Mix& mix, double utilisation, RandomStream& random) const {
    if (mix.mean <= 0 || utilisation <= 0 || random.uniform() >= waiting_share(mix, utilisation)) return 0;
    // The smallest of c residuals lies where the smallest of c uniform numbers does.
    const double least = random.uniform();
    double wait = draw_residual(servers_ == 1 ? least : -std::expm1(natural_log(least) / servers_), random);
    const double idle = std::max(1 - utilisation, 1e-15);
    const double more = std::floor(natural_log(random.uniform()) / std::log1p(-idle));
    if (more > 12) {
        wait += gamma_like(more * mix.residual_mean, more * mix.residual_variance, random) / servers_;
    } else {
        for (int i = 0; i < static_cast<int>(more); ++i)
            wait += draw_residual(random.uniform(), random) / servers_;
    }
    if (mix.arrival_scv == 1 && (servers_ == 1 || mix.scv <= 1)) return wait;
    const double poisson = mix.smallest + utilisation / (1 - utilisation) * mix.residual_mean / servers_;
    return wait * wait_of_the_waiting(mix, utilisation) / poisson;
}

}  // namespace headroom::sim::flow
