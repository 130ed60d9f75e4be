#pragma once
// The one table of output figures. Store, command line, compare view, charts, CSV and reports read it from
// here.

#include "model/units/quantity.h"

#include <span>
#include <string>
#include <string_view>

namespace headroom::model {

struct Estimate;

enum class Better { lower, higher, neither };

/// Whether a figure's key names a component (or station) or a workload.
enum class Names { never, may, must };

struct Metric {
    const char* id;     ///< "response.p99"
    const char* title;  ///< "Response time, 99th percentile"
    Dimension dimension;
    const char* noun;  ///< where items are counted: "items"
    bool percent;      ///< of dimension none, shown as a percentage
    Better better;
    Names component;  ///< FigureKey::subject; where it may, empty means the whole way through the platform
    Names workload;   ///< FigureKey::of; where it may, empty means all together
    const char* objective;  ///< how objectives call it: "response time"; nullptr: not in objectives
    const char* statistic;  ///< in objectives: "p99", "mean"; "" where there is only one
    const char* help;       ///< one sentence
};

std::span<const Metric> metrics();
const Metric* find_metric(std::string_view id);
/// A figure's value with its unit: "31.2 ms".
std::string print_figure(const Metric& metric, double value);
/// With the half-width in the same unit, both to the digits that the half-width is worth: "31.2 ms ± 0.4".
/// The unit is not smaller than one for `least` would be, where that is given.
std::string print_estimate(const Metric& metric, const Estimate& estimate, double least = 0);

}  // namespace headroom::model
