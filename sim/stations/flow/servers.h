#pragma once
// Servers with a common line, as fluid: the wait that relaxes towards its stationary value, and its
// distribution.

#include "sim/kernel/random.h"
#include "sim/stations/flow/residual.h"

#include <vector>

namespace headroom::sim::flow {

/// Services of all classes together at their present rates.
struct Mix {
    double rate = 0, mean = 0, scv = 0;
    double residual_mean = 0, residual_variance = 0, smallest = 0;
    double smaller_of_two = 1;  ///< of two services, as a share of their mean
    double arrival_scv = 1;     ///< of the gaps between arrivals
};

class Servers {
public:
    Servers(int servers, const std::vector<model::Distribution>& service);

    /// From here on, services are drawn in these shares of the classes.
    Mix mix(const std::vector<double>& rate, double arrival_scv);
    int servers() const { return servers_; }

    /// Stationary mean wait at a utilisation below 1 (Tijms, van Hoorn, Federgruen, Advances in Applied
    /// Probability 1981): those who wait wait for the smallest of c residual services and for a geometric
    /// number of residuals served c times as fast. Exact for M/G/1 and M/M/c.
    double stationary_wait(const Mix& mix, double utilisation) const;
    /// Share of the arrivals that have to wait, there.
    double waiting_share(const Mix& mix, double utilisation) const;
    /// The inverse of stationary_wait().
    double utilisation_for(const Mix& mix, double wait) const;

    /// Seconds of work that each server has in hand beyond what those who wait see of it, where all are busy:
    /// by Little's law, work is wait + utilisation * this, exactly so for M/G/1 (nothing) and M/M/c.
    double work_in_service(const Mix& mix) const;

    /// The mean wait after `seconds` in which work comes at `offered` (1 = capacity) and leaves at the
    /// utilisation that goes with the wait: the pointwise stationary fluid flow approximation (Wang, Tipper,
    /// Banerjee, INFOCOM 1996), taken implicitly so that any step is stable. It comes nearer to its
    /// stationary value `haste` times as fast as that approximation says. Servers that become busy take up
    /// work before a line grows.
    struct Relaxed {
        double wait = 0, utilisation = 0;
    };
    Relaxed relax(const Mix& mix, const Relaxed& before, double offered, double seconds, double haste) const;

    /// The formulas were found within 5 % of the record level for such a load, percentiles included.
    bool covers(const Mix& mix) const;
    /// Seconds in which the number present forgets what it was, at a utilisation: that of M/M/1 (Morse, JORSA
    /// 1955: the integral of its autocorrelation is close to (1 + rho) / (mu (1 - rho)^2)) on servers c times
    /// as fast.
    double memory(const Mix& mix, double utilisation) const;

    /// The most items present in a stretch of time at a utilisation below 1: drawn from the law of the
    /// maximum.
    double draw_most(const Mix& mix, double utilisation, double seconds, RandomStream& random) const;
    /// Variance of the work that comes in, in square server-seconds a second.
    static double work_variance(const Mix& mix) {
        return mix.rate * mix.mean * mix.mean * (mix.arrival_scv + mix.scv);
    }

    /// One wait, drawn from its distribution at a utilisation below 1.
    double draw(const Mix& mix, double utilisation, RandomStream& random) const;

private:
    double erlang(double utilisation) const;
    double wait_of_the_waiting(const Mix& mix, double utilisation) const;
    double idle_for(const Mix& mix, double sum, double seconds) const;
    double draw_residual(double p, RandomStream& random) const;

    int servers_;
    std::vector<Residual> residuals_;
    std::vector<double> means_, smallest_;
    std::vector<double> cumulative_;     ///< share of the work by class, summed up
    std::vector<double> waiting_share_;  ///< Erlang C on an even grid of the utilisation
};

/// The highest of a number of independent standard normal variates, at quantile p of its own law.
double highest_normal(double looks, double p);
/// The highest of a number of independent looks at a count of this mean and variance, drawn.
double draw_highest(double mean, double variance, double looks, RandomStream& random);

/// A common line at an edge of a step.
struct Line {
    double wait = 0;     ///< mean seconds
    double backlog = 0;  ///< part of it that overload has piled up for certain
    double level = 0;    ///< utilisation that goes with the rest
    double busy = 0;     ///< share of the servers

    double haste(double offered, double inside) const;

    /// Goes on by a step in which work comes at `offered` (1 = capacity); gives the mean utilisation of the
    /// step.
    double advance(const Servers& servers, const Mix& mix, double offered, double seconds);
    /// Leaves a wait of `longest` at most; gives by how much it was longer.
    double cut(const Servers& servers, const Mix& mix, double longest);
};

}  // namespace headroom::sim::flow
