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
    std::string
        name;       ///< "FILTER", "HASH_GROUP_BY", as the engine calls it; OTHER for what is in no operator
    int step = 0;   ///< index into the calibration's steps
    int depth = 0;  ///< in the step's plan; the operators whose rows it takes follow, one deeper
    double rows_in = 0;  ///< of the whole sample; of HASH_GROUP_BY and its like, `rows` counts the groups
    double rows = 0;     ///< rows out
    double share = 0;    ///< of the CPU time of decoding and all steps
};

/// A batch of rows and the CPU time that it took: the median of all processes.
struct TimedBatch {
    double rows = 0, seconds = 0;
};

/// One statement or ready-made operator of a transform. The first step of every calibration decodes the
/// records.
struct StepCost {
    std::string name;
    double rows_in = 0, rows_out = 0;    ///< of the whole sample
    double bytes_in = 0, bytes_out = 0;  ///< of a row, as JSON
    Measured time_per_batch;             ///< seconds of CPU, fixed part
    Measured time_per_row;   ///< seconds of CPU for a record of mean size at the head of the transform
    Measured time_per_byte;  ///< of that, for each byte of the record
    double fit_r2 = 0;
    double growth = 1;      ///< exponent with which the time grows with the rows at the largest batches
    double worst_miss = 0;  ///< largest relative distance of a batch from the line
    double peak_memory = 0, spilled = 0;  ///< bytes, on the whole sample
    std::vector<TimedBatch> batches;      ///< smallest first
};

/// A query over what the transform gives. Times are for a row of the output.
struct QueryCost {
    std::string name;
    Measured time_per_batch, time_per_row;
    double fit_r2 = 0;
    double rows_out = 0;     ///< of the whole sample's output
    double scanned = 1;      ///< share of the stored bytes that lie in the columns it reads
    double peak_memory = 0;  ///< bytes
};

struct ColumnProfile {
    std::string name, type;
    double nulls = 0;   ///< share of the rows
    double stored = 0;  ///< bytes of a row in Parquet with Snappy
};

/// How well the fit foretold rows that it had not seen.
struct HeldBack {
    double rows = 0;       ///< 0: nothing was held back
    double measured = 0;   ///< seconds of CPU
    double predicted = 0;  ///< seconds of CPU
};

struct Calibration {
    int version = 2;
    std::string component;                    ///< that it was made for
    std::string engine, machine, date;        ///< "DuckDB 1.5.5", CPU model, ISO date
    std::string transform_hash, sample_hash;  ///< SHA-256 of the transform, and of the sample's bytes and key
    double machine_speed = 1;  ///< of the measuring core, by the reference benchmark; 1 = reference core
    double rows_in = 0, rows_out = 0;  ///< of the whole sample
    double repeated = 1;               ///< times that a small sample's rows were taken again to be measured
    Measured time_per_batch;           ///< seconds of CPU, fixed part
    Measured time_per_row;             ///< seconds of CPU for an input row, to parse and to transform it
    Measured time_per_byte;            ///< of that, for each byte of the row
    Measured cold_start;               ///< seconds of CPU that a process's first batch takes longer
    double fit_r2 = 0;
    Measured time_scv;  ///< squared coefficient of variation between rows, as far as their size explains it
    double selectivity = 1;  ///< rows out per row in
    ItemSize bytes_in;       ///< of an input row, in the sample's own format
    std::vector<std::pair<std::string, double>>
        bytes_in_formats,            ///< of an input row by format: json, csv+gzip, parquet+snappy, ...
        bytes_out;                   ///< of an output row by format
    std::vector<double> key_shares;  ///< share of the rows by key, largest first, at most 1,000 keys
    double keys = 0;                 ///< how many there are
    double rejected = 0;             ///< share of input rows that did not parse
    double disturbed = 1;  ///< wall time / CPU time: well above 1 on a machine that did other things
    std::vector<StepCost> steps;
    std::vector<OperatorCost> operators;
    std::vector<QueryCost> queries;
    std::vector<ColumnProfile> columns_in, columns_out;
    std::vector<std::pair<std::string, double>> rules;  ///< share of the input rows that keep to each
    HeldBack held_back;
    std::vector<std::string> remarks;  ///< why it should be read with caution; not kept in the file
};

/// CPU seconds of a batch: between measured batches in proportion on logarithmic scales, beyond them along
/// the fitted line.
Duration time_of_batch(const Calibration& calibration, double rows);

/// What the figures themselves give reason to doubt: a line that does not fit, a disturbed machine, a sample
/// that is small, a prediction that missed.
std::vector<std::string> doubts(const Calibration& calibration);

/// Reads the present version and the first, which had no steps.
Expected<Calibration> load_calibration(const std::filesystem::path& file);
/// JSON, atomically, deterministic for equal values.
Expected<void> save_calibration(const Calibration& calibration, const std::filesystem::path& file);

}  // namespace headroom::model
