#include "model/system/distribution.h"

#include "model/system/phases.h"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <cmath>

namespace headroom::model {

namespace {

namespace quantiles {

using boost::math::policies::errno_on_error;
using Policy = boost::math::policies::policy<boost::math::policies::domain_error<errno_on_error>,
                                             boost::math::policies::overflow_error<errno_on_error>,
                                             boost::math::policies::evaluation_error<errno_on_error>,
                                             boost::math::policies::pole_error<errno_on_error>>;

double gamma(double mean, double scv, double p) {
    return boost::math::quantile(boost::math::gamma_distribution<double, Policy>(1 / scv, mean * scv), p);
}

double lognormal(double mean, double scv, double p) {
    const double variance = std::log1p(scv);
    return boost::math::quantile(boost::math::lognormal_distribution<double, Policy>(
                                     std::log(mean) - variance / 2, std::sqrt(variance)),
                                 p);
}

/// Shape k of a Weibull distribution with this SCV: Gamma(1 + 2/k) / Gamma(1 + 1/k)^2 = 1 + SCV, which falls
/// with k.
double weibull_shape(double scv) {
    const auto scv_of = [](double shape) {
        return std::expm1(std::lgamma(1 + 2 / shape) - 2 * std::lgamma(1 + 1 / shape));
    };
    double low = 0.02, high = 1000;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
        const double middle = std::sqrt(low * high);
        (scv_of(middle) > scv ? low : high) = middle;
    }
    return std::sqrt(low * high);
}

double weibull(double mean, double scv, double p) {
    const double shape = weibull_shape(scv);
    return mean / std::tgamma(1 + 1 / shape) * std::pow(-std::log1p(-p), 1 / shape);
}

/// The distribution function is inverted by bisection.
double hyperexponential(const Distribution& d, double p) {
    const auto phases = phases_of(d);
    const auto above = [&](double x) {
        double sum = 0;
        for (const Phase& phase : phases) sum += phase.probability * std::exp(-phase.rate / d.mean * x);
        return sum;
    };
    double low = 0, high = d.mean;
    while (above(high) > 1 - p && high < 1e300) high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
        const double middle = 0.5 * (low + high);
        (above(middle) > 1 - p ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double bounded_pareto(const Distribution& d, double p) {
    const double ratio = std::pow(d.low / d.high, d.alpha);
    return d.low * std::pow(1 - p * (1 - ratio), -1 / d.alpha);
}

double empirical(const Distribution& d, double p) {
    if (d.values.empty()) return d.mean;
    const auto right = std::upper_bound(d.probabilities.begin(), d.probabilities.end(), p);
    if (right == d.probabilities.begin()) return d.values.front();
    if (right == d.probabilities.end()) return d.values.back();
    const auto i = static_cast<std::size_t>(right - d.probabilities.begin());
    const double width = d.probabilities[i] - d.probabilities[i - 1];
    const double part = width > 0 ? (p - d.probabilities[i - 1]) / width : 0;
    return d.values[i - 1] + part * (d.values[i] - d.values[i - 1]);
}

}  // namespace quantiles

}  // namespace

std::array<Phase, 2> phases_of(const Distribution& d) {
    if (d.values.size() == 2)
        return {{{d.probabilities[0], d.mean / d.values[0]}, {d.probabilities[1], d.mean / d.values[1]}}};
    const double p = (1 + std::sqrt((d.scv - 1) / (d.scv + 1))) / 2;
    return {{{p, 2 * p}, {1 - p, 2 * (1 - p)}}};
}

Distribution two_phases(double share, double first, double second) {
    const double mean = share * first + (1 - share) * second;
    // SCV - 1 without cancellation: 2 p (1 - p) (m1 - m2)^2 / mean^2.
    const double excess = 2 * share * (1 - share) * (first - second) * (first - second) / (mean * mean);
    if (!(excess > 1e-12)) return Distribution::exponential(mean);
    return {.family = Family::hyperexponential,
            .mean = mean,
            .scv = 1 + excess,
            .probabilities = {share, 1 - share},
            .values = {first, second}};
}

Distribution Distribution::with_scv(double mean, double scv) {
    Distribution result{.mean = mean, .scv = scv};
    if (scv <= 0 || mean == 0) {
        result.family = Family::deterministic;
        result.scv = 0;
    } else if (scv == 1) {
        result.family = Family::exponential;
    } else if (scv > 1) {
        result.family = Family::hyperexponential;
    } else {
        const double stages = 1 / scv;
        result.family =
            std::abs(stages - std::round(stages)) < 1e-9 * stages ? Family::erlang : Family::gamma;
    }
    return result;
}

Distribution Distribution::scaled(double factor) const {
    Distribution result = *this;
    result.mean *= factor;
    result.low *= factor;
    result.high *= factor;
    for (double& value : result.values) value *= factor;
    return result;
}

double Distribution::quantile(double p) const {
    if (mean == 0 || (scv == 0 && family != Family::empirical)) return mean;
    switch (family) {
        case Family::deterministic:
            return mean;
        case Family::exponential:
            return -mean * std::log1p(-p);
        case Family::erlang:
        case Family::gamma:
            return quantiles::gamma(mean, scv, p);
        case Family::hyperexponential:
            return scv > 1 ? quantiles::hyperexponential(*this, p) : -mean * std::log1p(-p);
        case Family::lognormal:
            return quantiles::lognormal(mean, scv, p);
        case Family::weibull:
            return quantiles::weibull(mean, scv, p);
        case Family::uniform: {
            const double half = mean * std::sqrt(3 * scv);  // variance of a uniform: width^2 / 12
            return mean - half + 2 * half * p;
        }
        case Family::bounded_pareto:
            return quantiles::bounded_pareto(*this, p);
        case Family::empirical:
            return quantiles::empirical(*this, p);
    }
    return mean;
}

const char* word_for(Family family) {
    switch (family) {
        case Family::deterministic:
            return "deterministic";
        case Family::exponential:
            return "exponential";
        case Family::erlang:
            return "erlang";
        case Family::gamma:
            return "gamma";
        case Family::hyperexponential:
            return "hyperexponential";
        case Family::lognormal:
            return "lognormal";
        case Family::weibull:
            return "weibull";
        case Family::uniform:
            return "uniform";
        case Family::bounded_pareto:
            return "bounded-pareto";
        case Family::empirical:
            return "empirical";
    }
    return "";
}

}  // namespace headroom::model
