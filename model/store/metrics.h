#pragma once
// The one table of output figures. Store, command line, compare view, charts, CSV and reports read it from here.

#include <span>
#include <string>
#include <string_view>

#include "model/units/quantity.h"

namespace headroom::model {

enum class Better { lower, higher, neither };

/// What a figure is about: a whole platform, a component, a station, a workload, a workload at a component.
enum class Scope { platform, component, station, workload, workload_at_component };

struct Metric {
    const char* id;     ///< "response.p99"
    const char* title;  ///< "Response time, 99th percentile"
    Dimension dimension;
    const char* noun;   ///< where items are counted
    bool percent;
    Better better;
    Scope scope;
    const char* objective;  ///< how objectives call it, without the statistic: "response time"; nullptr: not in objectives
    const char* statistic;  ///< "p99", "mean"; "" where there is one only
    const char* help;
};

std::span<const Metric> metrics();
const Metric* find_metric(std::string_view id);
/// A figure's value with its unit: "31.2 ms".
std::string print_figure(const Metric& metric, double value);

}  // namespace headroom::model
