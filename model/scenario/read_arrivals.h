#pragma once
// What arrives by itself: at a rate that follows a profile, with gaps of a shape, from a process with states,
// in bulks, or as recorded.

#include "model/scenario/reader.h"

namespace headroom::model {

/// The parts of a workload that are read.
struct Arrivals {
    RateProfile& rate;
    Distribution& interarrival;
    SourcePattern& pattern;
};

void read_arrivals(Reader& reader, const Arrivals& arrivals, const Section& section, const Value& value,
                   const std::string& path);

}  // namespace headroom::model
