#pragma once
// What a transform was measured to cost on sample data, and its file. Written by sim/operators, used by kinds
// when they are lowered.

#include "model/scenario/problem.h"
#include "model/units/quantity.h"

#include <filesystem>
#include <string>
#include <vector>

namespace headroom::model {

/// A measured figure with the half-width of its 95 % confidence interval (NaN where it is exact).
struct Measured {
    double value = 0;
    double half_width = 0;
};

struct OperatorCost {
    std::string name;  ///< "FILTER", "HASH_GROUP_BY", as the engine calls it; DECODE for parsing the rows,
                       ///< OTHER for what is in no operator
    double rows = 0;   ///< rows out
    double share = 0;  ///< of the CPU time of decoding and transforming
};

struct Calibration {
    int version = 1;
    std::string component;                    ///< that it was made for
    std::string engine, machine, date;        ///< "DuckDB 1.5.5", CPU model, ISO date
    std::string transform_hash, sample_hash;  ///< SHA-256 of the SQL text, and of the sample's bytes and key
    double machine_speed = 1;  ///< of the measuring core, by the reference benchmark; 1 = reference core
    double rows_in = 0, rows_out = 0;  ///< of the whole sample
    Measured time_per_batch;           ///< seconds of CPU, fixed part
    Measured time_per_row;             ///< seconds of CPU per input row, to parse and to transform it
    double fit_r2 = 0;
    Measured time_scv;       ///< squared coefficient of variation between repetitions
    double selectivity = 1;  ///< rows out per row in
    ItemSize bytes_in;       ///< of an input row, in the sample's own format
    std::vector<std::pair<std::string, double>>
        bytes_out;                   ///< of an output row by format: json, csv, parquet+snappy, ...
    std::vector<double> key_shares;  ///< share of the rows by key, largest first, at most 1,000 keys
    double rejected = 0;             ///< share of input rows that did not parse
    std::vector<OperatorCost> operators;
};

Expected<Calibration> load_calibration(const std::filesystem::path& file);
/// JSON, atomically, deterministic for equal values.
Expected<void> save_calibration(const Calibration& calibration, const std::filesystem::path& file);

}  // namespace headroom::model
