#pragma once
// Recorded arrivals from a CSV file with a header.

#include "model/scenario/reader.h"

namespace headroom::model {

/// The times of a column, or the sums of the gaps in one, counted from the first arrival. Reports what is
/// wrong, with the line of the record, and then has no times.
Trace read_trace(Reader& reader, const Section& section, const Value& value, const std::string& path);

struct TraceSummary {
    ItemRate rate;
    double scv = 0;  ///< of the gaps
};
TraceSummary summarise(const Trace& trace);

}  // namespace headroom::model
