#include "model/kinds/stream_state.h"

#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

/// Bytes a second of all nodes.
double state_rate(const Component& component) {
    return component.number("state-rate") * component.nodes("nodes").count;
}

}  // namespace

std::vector<ParameterSpec> stream_state_parameters() {
    return {
        spec::chosen(spec::duration("window", "", 1e-3, 31 * 86400.0,
                                    "Length of the windows over which results are made, one after the other; "
                                    "results leave when their window ends. None if left out.",
                                    "5 min")),
        spec::duration("lateness", "0 s", 0, 86400,
                       "Time for which a window that has ended waits for late records.", "10 s"),
        spec::measured(spec::count("keys", "keys", "", 1, 1e12,
                                   "Different keys, each of which gives one result of a window. A result "
                                   "for each record that the transform gives, if left out.",
                                   "50000")),
        spec::measured(spec::size("state", "0 B", 0, 1e16,
                                  "Bytes that all tasks together remember: windows that are open, tables "
                                  "that are joined. With state, a failure of any part stops all tasks until "
                                  "they are back at the last checkpoint.",
                                  "200 GB")),
        spec::share("checkpoint-share", "100 %",
                    "Part of the state that a checkpoint writes: what has changed, where checkpoints are "
                    "incremental.",
                    "10 %"),
        spec::data_rate("state-rate", "100 MB/s", "State that one node writes, or reads back, in a second."),
    };
}

Distribution checkpoint_time(const Component& component) {
    return later(component.distribution("checkpoint-time"),
                 component.number("state") * component.number("checkpoint-share") / state_rate(component));
}

Problems check_stream_state(const Component& component) {
    Problems problems;
    if (!component.has("nodes") || component.nodes("nodes").count < 1) return problems;
    const double takes = checkpoint_time(component).mean, interval = component.number("checkpoint-interval");
    if (component.number("state") > 0 && takes > interval)
        problems.push_back(problem_of(component, "checkpoint-interval", Severity::warning,
                                      "a checkpoint of " + format(DataSize(component.number("state"))) +
                                          " of state takes " + format(seconds(takes)) +
                                          ", longer than until the next"));
    if (component.has("keys") && !component.has("window"))
        problems.push_back(problem_of(component, "keys", Severity::warning,
                                      "without a 'window' every record gives a result of its own"));
    return problems;
}

double results_per_record(const Component& component, double records_per_second) {
    if (!component.has("window") || !component.has("keys")) return 1;
    const double records = records_per_second * component.number("window"), keys = component.number("keys");
    return records > 0 ? -std::expm1(-records / keys) * keys / records : 1;
}

std::optional<Duration> rewind_of(const Component& component, double used) {
    const double state = component.number("state");
    if (state <= 0) return {};
    const double since = component.number("checkpoint-interval") / 2 + checkpoint_time(component).mean;
    return seconds(state / state_rate(component) + since * std::min(1.0, used));
}

}  // namespace headroom::model
