#pragma once
// A transform run step by step: what it gives, which does not vary, and the times it takes, which do.

#include "sim/operators/worker/sample.h"

#include <string>
#include <utility>
#include <vector>

namespace headroom::sim::worker {

struct Step {
    std::string name, sql;
    std::string encode;  ///< options of the file that the step writes; empty: it writes none
};

struct NamedSql {
    std::string name, sql;
};

/// What a worker is asked about.
struct Job {
    Source sample;
    std::vector<std::pair<std::string, Source>> tables;
    std::vector<Step> steps;
    std::vector<NamedSql> rules;    ///< conditions on the rows of input
    std::vector<NamedSql> queries;  ///< over the table output
    std::string key;                ///< field whose skew is measured; may be empty
    double held_back = 0;           ///< share of the sample
};

/// A fault with the step (or query) that it belongs to.
struct JobFault {
    Fault fault;
    int step = -1, rule = -1, query = -1;
};
template <class T>
using JobOutcome = tl::expected<T, JobFault>;

/// One step or query, run once over the whole sample.
struct StepRun {
    QueryRun run;
    double rows_in = 0, rows_out = 0;
    double bytes_in = 0, bytes_out = 0;  ///< of a row, as JSON
};

struct Column {
    std::string name, type;
    double nulls = 0;   ///< share of the rows
    double stored = 0;  ///< bytes of a row in Parquet with Snappy
};

struct QueryDescription {
    StepRun run;
    double scanned = 1;  ///< share of the stored bytes that lie in the columns it reads
};

/// What does not vary from run to run.
struct Description {
    double decode_seconds = 0;  ///< of the whole sample
    std::vector<StepRun> steps;
    std::vector<std::pair<std::string, double>> bytes_in, bytes_out;  ///< of a row, by format
    std::vector<double> key_shares;                                   ///< largest first
    double keys = 0;
    std::vector<Column> columns_in, columns_out;
    std::vector<double> pass_rates;  ///< of the rules
    std::vector<QueryDescription> queries;
    std::vector<Batch> batches;
    std::vector<Columns> table_columns;  ///< of the tables that are joined
};

/// Reads the sample and the tables and leaves everything that measuring needs in `prepared`.
JobOutcome<std::pair<Sample, Description>> prepare(Engine& engine, const Job& job,
                                                   const std::filesystem::path& folder,
                                                   const std::filesystem::path& prepared);

/// The sample's columns.
Outcome<std::vector<Column>> describe_columns(Engine& engine, const Job& job,
                                              const std::filesystem::path& folder);

/// Makes `input` of a SELECT, and with it `previous`; drops what an earlier input left behind.
Outcome<void> set_input(Engine& engine, const std::vector<Step>& steps, const std::string& select);
/// Makes the step's rows a table of its name and lets `previous` be that.
Outcome<void> keep_result(Engine& engine, const Step& step);
/// CPU time of the step over the rows there are.
Outcome<QueryRun> run_step(Engine& engine, const Step& step, const std::filesystem::path& folder);

/// A batch's times, in CPU seconds of each repetition.
struct Timing {
    std::string batch;
    std::vector<double> decode;
    std::vector<std::vector<double>> steps;
    std::vector<std::vector<double>> queries;
    double cold_seconds = 0;  ///< all steps, for the first time in this process; 0: not the first batch
    double wall_seconds = 0, cpu_seconds = 0;
};

struct BatchPlan {
    std::string batch;
    int repetitions = 1;
};

struct Times {
    std::vector<Timing> batches;
    double reference_seconds = 0;  ///< a step of the reference loop
};

Outcome<Times> measure(Engine& engine, const Job& job, Format format, const Columns& columns,
                       const std::vector<Columns>& table_columns, const std::vector<BatchPlan>& plan,
                       const std::filesystem::path& folder, const std::filesystem::path& prepared);

/// Seconds of CPU that one step of a fixed loop takes: a load from a table of 256 KiB that depends on the
/// step before, a multiplication, two exclusive ors, a shift and a mask. It is what machines are compared by.
double reference_step_seconds();

}  // namespace headroom::sim::worker
