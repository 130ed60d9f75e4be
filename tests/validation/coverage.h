#pragma once
// How often do the intervals of runs hold the truth? M/M/c, whose response time has a known distribution.

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "sim/experiment/run.h"

#include <array>
#include <cmath>
#include <string>

namespace headroom::validation {

/// Response time of M/M/c with service of mean 1 s: with the probability of Erlang's C an exponential wait of
/// rate c - arrival rate, then the service (Gross et al., Fundamentals of Queueing Theory, 2.3).
class MultiServer {
public:
    MultiServer(int servers, double utilisation) : servers_(servers), rate_(servers * utilisation) {
        double blocked = 1;  // Erlang's B
        for (int k = 1; k <= servers; ++k) blocked = rate_ * blocked / (k + rate_ * blocked);
        waits_ = blocked / (1 - utilisation * (1 - blocked));
    }
    double mean() const { return 1 + waits_ / (servers_ - rate_); }
    double share_above(double t) const {
        const double clears = servers_ - rate_;
        if (std::abs(clears - 1) < 1e-9) return std::exp(-t) * (1 + waits_ * t);
        return (1 - waits_) * std::exp(-t) +
               waits_ * (clears * std::exp(-t) - std::exp(-clears * t)) / (clears - 1);
    }
    double percentile(double p) const {
        double low = 0, high = 1e4;
        for (int i = 0; i < 100; ++i) (share_above((low + high) / 2) > 1 - p ? low : high) = (low + high) / 2;
        return low;
    }
    double rate() const { return rate_; }

private:
    double servers_, rate_, waits_ = 0;
};

struct CoveredFigure {
    const char* metric;
    double p;  ///< 0: the mean
    int runs = 0, known = 0, held = 0;
    double bias = 0, half_width = 0;  ///< sums over the known, relative to the truth

    double share_held() const { return known > 0 ? static_cast<double>(held) / known : 0; }
};

struct CoverageCase {
    int servers = 1;
    double utilisation = 0.9;
    double customers = 50'000;  ///< in a replication
    int replications = 10;      ///< 0: until `objective` is known within 5 %
    const char* objective = "mean";
};

/// Runs of one case with seeds 1, 2, ...: a tally of each figure.
class Coverage {
public:
    Coverage(const CoverageCase& which, const model::Catalog& catalog) : case_(which) {
        const MultiServer truth(which.servers, which.utilisation);
        const std::string text =
            "headroom: 1\nname: Coverage\nhorizon: " + std::to_string(which.customers / truth.rate()) +
            " s\nworkloads:\n  jobs: {requests: {rate: " + std::to_string(truth.rate()) +
            "/s}}\ncomponents:\n  server: {technology: queue, servers: " + std::to_string(which.servers) +
            ", service: {exponential: 1 s}}\nlinks: [jobs -> server]\nobjectives: [\"response time of "
            "jobs: " +
            which.objective + " <= 1 s\"]\nprecision: {replications: {max: 1000}}\n";
        auto reading = model::read_scenario(model::Document(text, "coverage.yaml"), catalog);
        scenario_ = std::move(reading.scenario);
    }

    bool valid() const { return scenario_.has_value(); }
    const std::array<CoveredFigure, 5>& figures() const { return figures_; }
    double replications() const { return replications_; }

    void run(std::uint64_t seed, const model::Catalog& catalog) {
        const MultiServer truth(case_.servers, case_.utilisation);
        sim::RunOptions options{.level = model::Level::record, .seed = seed};
        if (case_.replications > 0) options.replications = case_.replications;
        const auto result = sim::run(*scenario_, catalog, {}, options);
        if (!result) return;
        replications_ += result->replications;
        for (CoveredFigure& figure : figures_) {
            const model::Figure* found = result->find({figure.metric, "", "jobs"});
            ++figure.runs;
            if (!found || !std::isfinite(found->simulated.half_width)) continue;
            const double exact = figure.p > 0 ? truth.percentile(figure.p) : truth.mean();
            ++figure.known;
            const model::Estimate& simulated = found->simulated;
            figure.held += simulated.low() <= exact && exact <= simulated.high() ? 1 : 0;
            figure.bias += simulated.value / exact - 1;
            figure.half_width += simulated.half_width / exact;
        }
    }

private:
    CoverageCase case_;
    std::optional<model::Scenario> scenario_;
    std::array<CoveredFigure, 5> figures_{{{"response.mean", 0},
                                           {"response.p50", 0.5},
                                           {"response.p95", 0.95},
                                           {"response.p99", 0.99},
                                           {"response.p99.9", 0.999}}};
    double replications_ = 0;
};

}  // namespace headroom::validation
