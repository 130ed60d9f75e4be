#pragma once
// Windows, checkpoints and state of a stream processor: what output waits for, and what a failure costs.

#include "model/kinds/kind.h"

#include <vector>

namespace headroom::model {

/// Parameters of these.
std::vector<ParameterSpec> stream_state_parameters();

/// A checkpoint that takes longer than until the next, windows that nothing leaves.
Problems check_stream_state(const Component& component);

/// A checkpoint: its fixed time, then the nodes write their part of the state side by side.
Distribution checkpoint_time(const Component& component);

/// Results for one record that enters a window: N records with K keys, each as likely, have
/// K (1 - exp(-N / K)) different ones. 1 where there is no window, or its keys are not stated.
double results_per_record(const Component& component, double records_per_second);

/// For how long a failure stops all tasks when what failed is back: the nodes read their state back, and the
/// records since the last checkpoint, which is half an interval and one checkpoint old on average, are worked
/// on again, at the share `used` of the capacity. None where no state is kept.
std::optional<Duration> rewind_of(const Component& component, double used);

}  // namespace headroom::model
