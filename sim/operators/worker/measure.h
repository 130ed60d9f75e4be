#pragma once
// What a transform gives and takes: figures that do not vary, and times that do.

#include "sim/operators/worker/sample.h"

#include <map>
#include <string>
#include <vector>

namespace headroom::sim::worker {

/// What does not vary from run to run, and how many rows make a time worth measuring.
struct Description {
    double rows_out = 0;                                    ///< of the whole sample
    std::vector<std::pair<std::string, double>> bytes_out;  ///< of a row out, by format
    std::vector<double> key_shares;                         ///< largest first
    std::uint64_t rows_to_measure = 0;
};

Outcome<Description> describe(Engine& engine, const Sample& sample, const std::string& sql,
                              const std::string& key, const std::filesystem::path& folder);

/// CPU seconds of every repetition at one number of rows.
struct Timing {
    std::uint64_t rows = 0;
    std::vector<double> decode, transform;
};

struct Times {
    std::vector<Timing> sizes;     ///< an eighth, a quarter, half and all of the rows
    QueryRun profile;              ///< of the median repetition at all rows
    double reference_seconds = 0;  ///< a step of the reference loop
};

/// Runs the transform over several numbers of rows, in turn, so that whatever disturbs the machine disturbs
/// all of them.
Outcome<Times> measure(Engine& engine, const Sample& sample, const std::string& sql, std::uint64_t rows,
                       int repetitions, const std::filesystem::path& folder);

/// Seconds of CPU that one step of a fixed loop takes: a load from a table of 256 KiB that depends on the
/// step before, a multiplication, two exclusive ors, a shift and a mask. It is what machines are compared by.
double reference_step_seconds();

/// The statement without what stands behind its semicolon, so that it can be set in brackets.
std::string without_semicolon(const std::string& sql);

}  // namespace headroom::sim::worker
