#include "sim/analytic/single_server.h"

#include "model/system/phases.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr int most_room = 300;
constexpr std::size_t most_states = 12;

/// Adds share x P(n Poisson arrivals in a gamma time of this mean and SCV), which is negative binomial.
void add_gamma(std::vector<double>& arrivals, double share, double expected, double scv) {
    const double scale = expected * scv, odds = scale / (1 + scale);
    double p = share * std::exp(-std::log1p(scale) / scv);
    for (std::size_t n = 0; n < arrivals.size(); ++n) {
        arrivals[n] += p;
        p *= (1 / scv + static_cast<double>(n)) / static_cast<double>(n + 1) * odds;
    }
}

void add_poisson(std::vector<double>& arrivals, double share, double expected) {
    double p = share * std::exp(-expected);
    for (std::size_t n = 0; n < arrivals.size(); ++n) {
        arrivals[n] += p;
        p *= expected / static_cast<double>(n + 1);
    }
}

/// Adds the law of the number of arrivals in a service. False where it was taken from quantiles.
bool add_arrivals(std::vector<double>& arrivals, double share, const model::Distribution& service,
                  double rate) {
    using model::Family;
    const double expected = rate * service.mean;
    const bool fixed = service.scv == 0 && service.family != Family::empirical;
    if (fixed) {
        add_poisson(arrivals, share, expected);
    } else if (service.family == Family::exponential || service.family == Family::erlang ||
               service.family == Family::gamma) {
        add_gamma(arrivals, share, expected, service.scv);
    } else if (service.family == Family::hyperexponential) {
        for (const auto& phase : model::phases_of(service))
            add_gamma(arrivals, share * phase.probability, expected / phase.rate, 1);
    } else {
        constexpr int points = 200;
        for (int i = 0; i < points; ++i)
            add_poisson(arrivals, share / points, rate * service.quantile((i + 0.5) / points));
        return false;
    }
    return true;
}

}  // namespace

double bulk_wait(double rate, double service_mean, double service_scv, const model::BulkSize& bulk) {
    const double idle = 1 - rate * service_mean;
    const double others = rate * service_mean * service_mean * (1 + service_scv) / (2 * idle);
    return others + service_mean * (bulk.second_moment() / bulk.mean() - 1) / (2 * idle);
}

std::optional<double> modulated_population(const std::vector<model::ModulatedState>& states,
                                           double service_mean) {
    using Eigen::MatrixXd;
    using Eigen::VectorXd;
    if (states.size() > most_states || model::mean_rate(states).value() * service_mean >= 1) return {};
    const auto count = static_cast<Eigen::Index>(states.size());
    const MatrixXd unit = MatrixXd::Identity(count, count);
    MatrixXd up = MatrixXd::Zero(count, count), changes = up;
    const MatrixXd down = unit / service_mean;
    for (Eigen::Index i = 0; i < count; ++i) {
        const auto& state = states[static_cast<std::size_t>(i)];
        up(i, i) = state.rate.value();
        for (Eigen::Index j = 0; j < count; ++j)
            changes(i, j) += state.next[static_cast<std::size_t>(j)] / state.stay.value();
        changes(i, i) -= 1 / state.stay.value();
    }
    const MatrixXd local = changes - up - down;
    const Eigen::PartialPivLU<MatrixXd> stay(-local);
    MatrixXd high = stay.solve(up), low = stay.solve(down);
    MatrixXd first_passage = low, reached = high;
    const VectorXd ones = VectorXd::Ones(count);
    for (int i = 0; i < 60; ++i) {
        const Eigen::PartialPivLU<MatrixXd> both(unit - high * low - low * high);
        const MatrixXd higher = both.solve(high * high), lower = both.solve(low * low);
        high = higher;
        low = lower;
        first_passage += reached * low;
        reached *= high;
        if ((ones - first_passage * ones).cwiseAbs().maxCoeff() < 1e-14) break;
    }
    const MatrixXd rate = up * (-(local + up * first_passage)).partialPivLu().solve(unit);
    const MatrixXd sum = (unit - rate).partialPivLu().solve(unit);
    // With nobody present: pi (changes - up + R down) = 0, of total pi (I - R)^-1 1 = 1.
    MatrixXd boundary = (changes - up + rate * down).transpose();
    boundary.row(count - 1) = (sum * ones).transpose();
    VectorXd right = VectorXd::Zero(count);
    right(count - 1) = 1;
    const VectorXd empty = boundary.partialPivLu().solve(right);
    const double population = empty.transpose() * rate * sum * sum * ones;
    if (!std::isfinite(population)) return {};
    return population;
}

std::optional<FiniteRoom> finite_room(int capacity, const std::vector<model::Distribution>& service,
                                      const std::vector<double>& rate) {
    if (capacity < 1 || capacity > most_room) return {};
    double all = 0, work = 0;
    for (std::size_t k = 0; k < rate.size(); ++k) all += rate[k], work += rate[k] * service[k].mean;
    const auto room = static_cast<std::size_t>(capacity);
    std::vector<double> arrivals(room + 2, 0.0);
    FiniteRoom result;
    result.exact = true;
    for (std::size_t k = 0; k < rate.size(); ++k)
        if (rate[k] > 0)
            result.exact = add_arrivals(arrivals, rate[k] / all, service[k], all) && result.exact;
    // at_least[n]: probability of n arrivals or more in a service.
    std::vector<double> at_least(room + 2, 1.0);
    for (std::size_t n = 1; n < at_least.size(); ++n)
        at_least[n] = std::max(0.0, at_least[n - 1] - arrivals[n - 1]);
    if (!(arrivals[0] > 0)) return {};
    // Up across j from i present after a service: from 0 by j + 1 arrivals, from i by j - i + 2; down by
    // none.
    std::vector<double> left(room, 0.0);
    left[0] = 1;
    double sum = 1;
    for (std::size_t j = 0; j + 1 < room; ++j) {
        double up = left[0] * at_least[j + 1];
        for (std::size_t i = 1; i <= j; ++i) up += left[i] * at_least[j - i + 2];
        left[j + 1] = up / arrivals[0];
        sum += left[j + 1];
        if (sum > 1e280) return {};
    }
    const double cycle = left[0] / sum + work;
    result.loss = std::max(0.0, 1 - 1 / cycle);
    for (std::size_t j = 0; j < room; ++j)
        result.population += static_cast<double>(j) * left[j] / sum / cycle;
    result.population += static_cast<double>(capacity) * result.loss;
    return result;
}

}  // namespace headroom::sim
