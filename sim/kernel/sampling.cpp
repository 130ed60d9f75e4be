#include "sim/kernel/sampling.h"

#include "model/system/phases.h"
#include "sim/kernel/elementary.h"
#include "sim/kernel/lanes.h"

#include <algorithm>
#include <boost/math/distributions/complement.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/hyperexponential.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace headroom::sim {

/// Cubic Hermite pieces of ln x over w = ln(u / (1 - u)). Both tails of the families drawn so are nearly
/// straight in these coordinates. The uniform numbers reach w = +-36.74.
struct Sampler::Table {
    static constexpr double reach = 37;
    double step = 0.25;                        ///< of w; halved until the pieces are close enough
    std::vector<std::array<double, 4>> piece;  ///< coefficients in (w + reach) / step

    double position(double u) const { return (natural_log(u) - natural_log(1 - u) + reach) * (1 / step); }
    double log_at(double position) const {
        const auto i = static_cast<std::size_t>(position);
        const double t = position - static_cast<double>(i);
        const auto& p = piece[i];
        return p[0] + t * (p[1] + t * (p[2] + t * p[3]));
    }

    /// From functions of w that give ln x and d ln x / d w.
    template <class Value, class Slope>
    static std::shared_ptr<const Table> make(const Value& value, const Slope& slope) {
        constexpr double enough = 5e-5, finest = 1.0 / 64;
        auto table = std::make_shared<Table>();
        table->fit(value, slope);
        while (table->step > finest && table->worst(value) > enough) {
            table->step /= 2;
            table->fit(value, slope);
        }
        return table;
    }

    template <class Value, class Slope>
    void fit(const Value& value, const Slope& slope) {
        piece.clear();
        double y0 = value(-reach), m0 = slope(-reach, y0) * step;
        const auto pieces = static_cast<int>(2 * reach / step);
        for (int i = 1; i <= pieces; ++i) {
            const double w = i * step - reach, y1 = value(w), m1 = slope(w, y1) * step;
            piece.push_back({y0, m0, 3 * (y1 - y0) - 2 * m0 - m1, 2 * (y0 - y1) + m0 + m1});
            y0 = y1;
            m0 = m1;
        }
    }

    /// The largest error in the middle of a piece, for u from 1e-6 to 1 - 1e-6.
    template <class Value>
    double worst(const Value& value) const {
        double error = 0;
        const auto first = static_cast<int>((reach - 14) / step),
                   last = static_cast<int>((reach + 14) / step);
        for (int i = first; i < last; ++i) {
            error = std::max(error, std::abs(log_at(i + 0.5) - value((i + 0.5) * step - reach)));
        }
        return error;
    }

    /// Of a Boost distribution whose lower tail, where x would underflow, has ln x = start(ln u).
    template <class Law, class LowerTail>
    static std::shared_ptr<const Table> of(const Law& law, const LowerTail& lower_tail) {
        const auto log_quantile = [&](double w) {
            const double lower = -std::log1p(std::exp(-w));  // ln u
            const double tail = lower_tail(lower);
            if (tail < -20) return tail;
            if (w < 0) return std::log(boost::math::quantile(law, std::exp(lower)));
            return std::log(boost::math::quantile(boost::math::complement(law, 1 / (1 + std::exp(w)))));
        };
        // d ln x / d w = u (1 - u) / (x f(x)); in the lower tail by difference, as x may underflow.
        const auto slope = [&](double w, double y) {
            const double lower = -std::log1p(std::exp(-w));
            if (lower_tail(lower) < -20) {
                return (lower_tail(lower + 1e-3) - lower_tail(lower - 1e-3)) / 2e-3 / (1 + std::exp(w));
            }
            const double x = std::exp(y);
            return std::exp(lower) / (1 + std::exp(w)) / (x * boost::math::pdf(law, x));
        };
        return make(log_quantile, slope);
    }
};

namespace {

/// Shape k of a Weibull distribution: scv = Gamma(1 + 2/k) / Gamma(1 + 1/k)^2 - 1, which falls with k.
double weibull_shape(double scv) {
    const auto excess = [scv](double log_k) {
        const double k = std::exp(log_k);
        return std::lgamma(1 + 2 / k) - 2 * std::lgamma(1 + 1 / k) - std::log1p(scv);
    };
    std::uintmax_t iterations = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        excess, std::log(0.02), std::log(1e4), boost::math::tools::eps_tolerance<double>(50), iterations);
    return std::exp((bracket.first + bracket.second) / 2);
}

}  // namespace

Sampler::Sampler(const model::Distribution& d) {
    using model::Family;
    const bool varies = d.scv > 0 || d.family == Family::bounded_pareto || d.family == Family::empirical;
    if (d.family == Family::deterministic || d.mean == 0 || !varies) {
        a_ = d.mean;
        return;
    }
    switch (d.family) {
        case Family::deterministic:
            break;
        case Family::exponential:
            form_ = Form::exponential;
            a_ = d.mean;
            break;
        case Family::uniform:
            form_ = Form::uniform;
            b_ = 2 * d.mean * std::sqrt(3 * d.scv);
            a_ = d.mean - b_ / 2;
            break;
        case Family::weibull: {
            form_ = Form::weibull;
            const double shape = weibull_shape(d.scv);
            a_ = d.mean / std::tgamma(1 + 1 / shape);
            b_ = 1 / shape;
            break;
        }
        case Family::bounded_pareto:
            form_ = Form::bounded_pareto;
            a_ = d.low;
            b_ = 1 - std::pow(d.low / d.high, d.alpha);
            c_ = -1 / d.alpha;
            break;
        case Family::empirical:
            form_ = Form::empirical;
            probabilities_ = d.probabilities;
            values_ = d.values;
            if (values_.empty() || values_.size() != probabilities_.size()) {
                throw std::invalid_argument(
                    "an empirical distribution needs as many values as probabilities");
            }
            break;
        case Family::lognormal: {
            form_ = Form::table;
            const double variance = std::log1p(d.scv), sigma = std::sqrt(variance);
            const double mu = std::log(d.mean) - variance / 2;
            const boost::math::normal_distribution<double> normal;
            const auto z = [&](double w) {
                const double tail = boost::math::quantile(normal, 1 / (1 + std::exp(std::abs(w))));
                return w < 0 ? tail : -tail;
            };
            table_ = Table::make([&](double w) { return mu + sigma * z(w); },
                                 [&](double w, double y) {
                                     const double u = 1 / (1 + std::exp(std::abs(w)));
                                     return sigma * u * (1 - u) / boost::math::pdf(normal, (y - mu) / sigma);
                                 });
            break;
        }
        case Family::erlang:
        case Family::gamma: {
            form_ = Form::table;
            const double shape =
                d.family == Family::erlang ? std::max(1.0, std::round(1 / d.scv)) : 1 / d.scv;
            const double scale = d.mean / shape;
            // Near 0 the gamma distribution function is (x / scale)^shape / Gamma(shape + 1).
            const double constant = std::lgamma(shape + 1) / shape;
            const boost::math::gamma_distribution<double> law(shape);
            const auto unit = Table::of(law, [=](double log_u) { return log_u / shape + constant; });
            auto table = std::make_shared<Table>(*unit);
            for (auto& piece : table->piece) piece[0] += std::log(scale);
            table_ = std::move(table);
            break;
        }
        case Family::hyperexponential: {
            if (d.scv <= 1) {
                form_ = Form::exponential;
                a_ = d.mean;
                break;
            }
            form_ = Form::table;
            const auto phases = model::phases_of(d);
            const std::array chances{phases[0].probability, phases[1].probability};
            const std::array rates{phases[0].rate, phases[1].rate};
            const double at_zero = std::log(chances[0] * rates[0] + chances[1] * rates[1]);
            const boost::math::hyperexponential_distribution<double> law(chances, rates);
            const auto unit = Table::of(law, [=](double log_u) { return log_u - at_zero; });
            auto table = std::make_shared<Table>(*unit);
            for (auto& piece : table->piece) piece[0] += std::log(d.mean);
            table_ = std::move(table);
            break;
        }
    }
}

double Sampler::constant() const {
    return form_ == Form::constant ? a_ : std::numeric_limits<double>::quiet_NaN();
}

double Sampler::operator()(double u) const {
    std::array<double, 1> one{u};
    transform(one);
    return one[0];
}

HEADROOM_LANES void Sampler::transform(std::span<double> u) const {
    switch (form_) {
        case Form::constant:
            std::fill(u.begin(), u.end(), a_);
            break;
        case Form::exponential:
            for (double& x : u) x = -a_ * natural_log(1 - x);
            break;
        case Form::uniform:
            for (double& x : u) x = a_ + b_ * x;
            break;
        case Form::weibull:
            for (double& x : u) x = a_ * natural_exp(b_ * natural_log(-natural_log(1 - x)));
            break;
        case Form::bounded_pareto:
            for (double& x : u) x = a_ * natural_exp(c_ * natural_log(1 - b_ * x));
            break;
        case Form::table:
            for (double& x : u) x = table_->position(x);
            for (double& x : u) x = std::max(table_->log_at(x), -690.0);
            for (double& x : u) x = natural_exp(x);
            break;
        case Form::empirical:
            for (double& x : u) {
                const auto above = std::upper_bound(probabilities_.begin(), probabilities_.end(), x);
                const auto i =
                    std::clamp<std::ptrdiff_t>(above - probabilities_.begin(), 1, std::ssize(values_) - 1);
                const auto hi = static_cast<std::size_t>(i), lo = hi - 1;
                const double gap = probabilities_[hi] - probabilities_[lo];
                const double share = gap > 0 ? std::clamp((x - probabilities_[lo]) / gap, 0.0, 1.0) : 1;
                x = values_[lo] + share * (values_[hi] - values_[lo]);
            }
            break;
    }
}

void VariateStream::refill() {
    random_.fill(block_);
    sampler_.transform(block_);
    next_ = 0;
}

}  // namespace headroom::sim
