#pragma once
// Measured history: a rate at regular times, read from a CSV file as a monitoring system exports it.

#include "model/scenario/problem.h"
#include "model/units/quantity.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace headroom::sim {

/// Seconds since 1970 by the clock of the file, whatever its zone.
using ClockTime = std::int64_t;

struct History {
    std::string column, noun;  ///< of the values; what they count ("events"), empty where not said
    ClockTime start = 0;
    model::Duration step;
    std::vector<double> rates;  ///< items a second by step; NaN where nothing was measured
    int rows = 0;
    int missing = 0;        ///< steps without a value
    int empty = 0;          ///< rows whose value is empty or "null", "NA", "NaN"
    int repeated = 0;       ///< rows whose time was there before: their mean counts
    int unsorted = 0;       ///< rows before the one above them
    int clock_changes = 0;  ///< hours that are missing or repeated early on a Sunday
    bool counted = false;   ///< the values had no unit and were taken as counts of a step

    ClockTime time(std::size_t index) const;
    ClockTime end() const { return time(rates.size()); }
};

struct HistoryOptions {
    std::string column;  ///< of the values; empty: the second. The first holds the times.
    std::string unit;  ///< of the values: "requests/min"; empty: what the column's name ends with in brackets
};

/// Times are ISO 8601, with or without a zone, or seconds or milliseconds since 1970. Problems name file,
/// line and column.
model::Expected<History> read_history(const std::filesystem::path& file, const HistoryOptions& options = {});

/// A known event of the past or to come: a sale, a holiday.
struct KnownEvent {
    std::string name;
    ClockTime from = 0, to = 0;
};
/// A CSV file with the columns name, from and to.
model::Expected<std::vector<KnownEvent>> read_events(const std::filesystem::path& file);

/// "2025-11-28 09:00"
std::string print_time(ClockTime time);

}  // namespace headroom::sim
