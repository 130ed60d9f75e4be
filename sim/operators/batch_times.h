#pragma once
// What is left of the answers of worker processes: the time of each batch in each process, and fits of any
// figure made of them.

#include "sim/operators/fit.h"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headroom::sim {

struct BatchShape {
    std::string kind;  ///< "prefix", "quarter", "held"; see worker/sample.h
    double rows = 0, bytes = 0;
};
using Shapes = std::map<std::string, BatchShape>;

/// CPU seconds of a batch in one process, as little disturbed as its repetitions were: decoding, each step,
/// each query.
struct BatchTimes {
    double decode = 0;
    std::vector<double> steps, queries;
    double total() const {
        double sum = decode;
        for (const double seconds : steps) sum += seconds;
        return sum;
    }
    /// Of decoding (0) or a step (1, 2, ...).
    double of(std::size_t part) const { return part == 0 ? decode : steps.at(part - 1); }
};
using ProcessTimes = std::map<std::string, BatchTimes>;

class Measurements {
public:
    /// `description` is the answer to "prepare", `answers` are those to "measure".
    Measurements(const nlohmann::json& description, const std::vector<nlohmann::json>& answers);

    const Shapes& shapes() const { return shapes_; }
    const std::vector<ProcessTimes>& processes() const { return processes_; }

    /// Batches of a kind with fewest rows first.
    std::vector<std::string> batches(const std::string& kind) const;

    /// The figure of a batch in every process that measured it.
    template <class Figure>
    std::vector<double> values(const std::string& batch, const Figure& figure) const {
        std::vector<double> all;
        for (const ProcessTimes& process : processes_)
            if (const auto found = process.find(batch); found != process.end())
                all.push_back(figure(found->second));
        return all;
    }
    /// One process's points of a figure, for a fit.
    template <class Figure>
    std::vector<FitPoint> points(const ProcessTimes& process, const Figure& figure) const {
        std::vector<FitPoint> points;
        for (const auto& [name, times] : process)
            if (const BatchShape& shape = shapes_.at(name); shape.kind != "held")
                points.push_back({shape.rows, shape.bytes, figure(times)});
        return points;
    }
    /// Bytes of a row, as JSON, over the rows that are fitted.
    double mean_bytes() const;

private:
    Shapes shapes_;
    std::vector<ProcessTimes> processes_;
};

/// Fits a figure in each process by itself, because processes differ more than repetitions do.
struct Fitted {
    model::Measured fixed, per_row, per_byte;  ///< per_row with its bytes, at the mean length of a row
    double r2 = 0, worst_miss = 0;
};

template <class Figure>
Fitted fit_figure(const Measurements& measurements, double mean_bytes, const Figure& figure) {
    std::vector<double> fixed, per_row, per_byte;
    for (const ProcessTimes& process : measurements.processes()) {
        const CostFit fit = fit_cost(measurements.points(process, figure));
        fixed.push_back(fit.fixed);
        per_row.push_back(fit.per_row + fit.per_byte * mean_bytes);
        per_byte.push_back(fit.per_byte);
    }
    Fitted result{.fixed = mean_of(fixed), .per_row = mean_of(per_row), .per_byte = mean_of(per_byte)};
    std::vector<FitPoint> pooled;
    for (const auto& [name, shape] : measurements.shapes())
        if (const std::vector<double> all = measurements.values(name, figure);
            shape.kind != "held" && !all.empty())
            pooled.push_back({shape.rows, shape.bytes, median(all)});
    const CostFit together = fit_cost(pooled);
    result.r2 = together.r2;
    result.worst_miss = together.worst_miss;
    return result;
}

}  // namespace headroom::sim
