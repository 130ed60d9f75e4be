#include "sim/stations/flow/loss.h"

#include "model/system/phases.h"
#include "sim/analytic/solver.h"
#include "sim/kernel/sampling.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace headroom::sim::flow {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

double poisson(double mean, int count) {
    return std::exp(count * std::log(mean) - mean - std::lgamma(count + 1.0));
}

// One server, by what it would be without a limit (there, section 9.2.1), in units of its idle time.
// Integrals over the service time are sums over points even in the logit of the probability, which resolves
// both tails.
double loss_of_one(int capacity, double offered, const model::Distribution& service) {
    constexpr int points = 400;
    constexpr double reach = 16;
    const auto share = [&](double i) { return 1 / (1 + std::exp(reach * (1 - 2 * i / points))); };
    const Sampler draw(service);
    std::vector<double> come, weights;  // expected arrivals in a service
    double mean = 0;
    for (int i = 0; i < points; ++i) {
        const double low = i > 0 ? share(i) : 0, high = i + 1 < points ? share(i + 1) : 1;
        come.push_back(draw(share(i + 0.5)) / service.mean * offered);
        weights.push_back(high - low);
        mean += come.back() * weights.back();
    }
    std::vector<double> more(at(capacity), 0.0);  // chance that more than so many come
    for (std::size_t i = 0; i < come.size(); ++i) {
        const double expected = come[i] * offered / mean;
        double sum = 0;
        for (int k = 0; k < capacity && expected > 0; ++k) {
            sum += poisson(expected, k);
            more[at(k)] += weights[i] * std::max(0.0, 1 - sum);
        }
    }
    std::vector<double> present{1};
    double all = 1;
    for (int j = 1; j < capacity; ++j) {
        double into = more[at(j) - 1];
        for (int k = 1; k < j; ++k) into += more[at(j - k)] * present[at(k)];
        present.push_back(into / (1 - more[0]));
        all += present.back();
    }
    return std::max(0.0, 1 - 1 / (1 / all + offered));
}

/// A service of one exponential phase or two in a row.
struct Phases {
    double share = 1;              ///< of services that begin with the first phase; the others skip it
    double first = 1, second = 1;  ///< rates
    double onward = 0;             ///< chance that the second follows the first

    double in_first() const { return share / first; }  ///< seconds
    double mean() const { return in_first() + (share * onward + 1 - share) / second; }
};

// The exact chain of how many are present and how many of those in service are in their first phase, solved
// from full downwards, level by level: the states of a level are those of the one below times a matrix. Of
// the number in the first phase only what is within eight standard deviations is kept.
class PhaseChain {
public:
    PhaseChain(int servers, int capacity, double offered, const Phases& service)
        : servers_(servers),
          capacity_(capacity),
          rate_(offered * servers / service.mean()),
          service_(service),
          part_(service.in_first() / service.mean()) {}

    /// Operations that it takes, as a power of the matrices' size.
    double work() const { return capacity_ * std::pow(size(capacity_), 3.0); }

    double full() const {
        std::vector<Eigen::MatrixXd> ways(at(capacity_ + 1));
        for (int n = capacity_; n > 0; --n) {
            Eigen::MatrixXd leaving = Eigen::MatrixXd::Zero(size(n), size(n));
            for (int i = 0; i < size(n); ++i) {
                const double inside = lowest(n) + i, others = busy(n) - inside;
                leaving(i, i) +=
                    inside * service_.first + others * service_.second + (n < capacity_ ? rate_ : 0);
                leaving(i, place(n, lowest(n) + i - 1)) -= inside * service_.first * service_.onward;
            }
            if (n < capacity_) leaving -= ways[at(n + 1)] * down(n + 1);
            ways[at(n)] = leaving.transpose().partialPivLu().solve(up(n - 1).transpose()).transpose();
        }
        Eigen::RowVectorXd states = Eigen::RowVectorXd::Ones(1);
        double sum = 1;
        for (int n = 1; n <= capacity_; ++n) {
            states = states * ways[at(n)];
            sum += states.sum();
            if (sum > 1e200) states /= sum, sum = 1;
        }
        return states.sum() / sum;
    }

private:
    int busy(int n) const { return std::min(n, servers_); }
    double reach(int n) const { return 8 * std::sqrt(busy(n) * part_ * (1 - part_)) + 4; }
    int lowest(int n) const { return std::max(0, static_cast<int>(busy(n) * part_ - reach(n))); }
    int highest(int n) const { return std::min(busy(n), static_cast<int>(busy(n) * part_ + reach(n))); }
    int size(int n) const { return highest(n) - lowest(n) + 1; }
    int place(int n, int first) const { return std::clamp(first, lowest(n), highest(n)) - lowest(n); }

    /// Rates of arrivals from n present to n + 1.
    Eigen::MatrixXd up(int n) const {
        Eigen::MatrixXd rates = Eigen::MatrixXd::Zero(size(n), size(n + 1));
        for (int i = 0; i < size(n); ++i) {
            const int inside = lowest(n) + i;
            if (n >= servers_) {
                rates(i, i) = rate_;
            } else {
                rates(i, place(n + 1, inside + 1)) += rate_ * service_.share;
                rates(i, place(n + 1, inside)) += rate_ * (1 - service_.share);
            }
        }
        return rates;
    }
    /// Rates of departures from n present to n - 1: if others wait, one of them begins.
    Eigen::MatrixXd down(int n) const {
        Eigen::MatrixXd rates = Eigen::MatrixXd::Zero(size(n), size(n - 1));
        for (int i = 0; i < size(n); ++i) {
            const int inside = lowest(n) + i;
            const double first = inside * service_.first * (1 - service_.onward),
                         second = (busy(n) - inside) * service_.second;
            const double begins = n > servers_ ? service_.share : 0;
            rates(i, place(n - 1, inside)) += first * begins + second * (1 - begins);
            rates(i, place(n - 1, inside - 1)) += first * (1 - begins);
            rates(i, place(n - 1, inside + 1)) += second * begins;
        }
        return rates;
    }

    int servers_, capacity_;
    double rate_;
    Phases service_;
    double part_;  ///< of those in service, in their first phase
};

constexpr Phases erlang_of_two{.share = 1, .first = 2, .second = 2, .onward = 1};
/// The first three moments of a gamma distribution with an SCV of 2.
constexpr Phases gamma_of_two{
    .share = 0.5, .first = 2 - std::numbers::sqrt2, .second = 2 + std::numbers::sqrt2};

Phases phases_like(const model::Distribution& service) {
    const std::array<model::Phase, 2> phases = model::phases_of(service);
    return {.share = phases[0].probability,
            .first = phases[0].rate / service.mean,
            .second = phases[1].rate / service.mean};
}

// By the idle share and the places to wait in the scaling of Halfin and Whitt (Operations Research 1981), in
// which many servers are alike. Fitted to the record level for 8 to 200 servers, 3 to 20 places and loads of
// 0.7 to 1, where the loss is then within 2 % of it.
double beyond_middle(int servers, int places, double offered) {
    if (servers < 8) return 0;
    const double root = std::sqrt(servers), idle = std::clamp((1 - offered) * root, 0.0, 2.5),
                 room = places / root, reach = 1.32 + 1.04 * idle;
    return 0.0925 * idle * idle / (1 + 0.145 * idle * idle) * std::pow(room, 4.0 / 3) *
           std::max(0.0, 1 - room * room / (reach * reach));
}

// Regular services at several servers: the logarithm of the loss is a smooth function of x = 1 / (1 + SCV),
// known exactly at 1/3, 1/2 and 2/3. A constant service (x = 1) lies between the straight line through the
// last two and the parabola through all three: in the middle, and beyond_middle() further. In between, the
// cubic through all four.
double loss_of_regular(int servers, int capacity, double offered, double scv) {
    const double varied = PhaseChain(servers, capacity, offered, gamma_of_two).full(),
                 exponential = mmck_loss(servers, capacity, offered * servers),
                 regular = PhaseChain(servers, capacity, offered, erlang_of_two).full();
    if (regular < 1e-200) return 0;
    const double a = std::log(varied), b = std::log(exponential), c = std::log(regular);
    const double d = 1.5 * a - 5 * b + 4.5 * c + beyond_middle(servers, capacity - servers, offered);
    constexpr std::array x{1.0 / 3, 1.0 / 2, 2.0 / 3, 1.0};
    const std::array y{a, b, c, d};
    const double at = 1 / (1 + scv);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        double part = y[i];
        for (std::size_t j = 0; j < x.size(); ++j)
            if (j != i) part *= (at - x[j]) / (x[i] - x[j]);
        sum += part;
    }
    return std::exp(sum);
}

}  // namespace

std::optional<double> poisson_loss(int servers, int capacity, double offered,
                                   const model::Distribution& service, double most_work) {
    using model::Family;
    if (offered <= 0 || service.mean <= 0) return 0;
    if (service.family == Family::exponential) return mmck_loss(servers, capacity, offered * servers);
    if (servers == 1) return loss_of_one(capacity, offered, service);
    const bool mixed = service.family == Family::hyperexponential;
    if (!mixed && service.scv > 1) return {};
    const PhaseChain chain(servers, capacity, offered, mixed ? phases_like(service) : erlang_of_two);
    if (chain.work() > most_work) return {};
    return mixed ? chain.full() : loss_of_regular(servers, capacity, offered, service.scv);
}

}  // namespace headroom::sim::flow
