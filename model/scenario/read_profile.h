#pragma once
// How a rate moves over days, weeks and years.

#include "model/scenario/reader.h"

namespace headroom::model {

/// Everything but the base.
void read_profile(Reader& reader, RateProfile& profile, const Section& section, const Value& value,
                  const std::string& path);

}  // namespace headroom::model
