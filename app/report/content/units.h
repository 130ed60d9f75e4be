#pragma once
// Figures as plain numbers in one fixed unit each, for workbooks.

#include "model/store/metrics.h"

#include <string>

namespace headroom::report {

/// Base units in one of these.
struct SheetUnit {
    std::string name;  ///< "s", "items/s", "%" is not used: shares stay shares
    double scale = 1;
    bool dollars = false;
};

SheetUnit sheet_unit(const model::Metric& metric);

}  // namespace headroom::report
