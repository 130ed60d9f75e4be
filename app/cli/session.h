#pragma once
// What all subcommands share: the terminal, the two outputs, Ctrl-C, and the way from arguments to a scenario
// that is ready to run.

#include "app/cli/options.h"
#include "model/catalog/catalog.h"
#include "model/kinds/lower.h"
#include "model/scenario/document.h"
#include "model/scenario/read.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"
#include "model/store/store.h"
#include "sim/experiment/run.h"
#include "sim/operators/calibrate.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace headroom::cli {

/// Refuses the run with these problems. Warnings and notes are printed without refusing anything.
model::Problems problem(std::string field, std::string message);

class Session {
public:
    explicit Session(bool json);

    bool colours() const { return colours_; }
    bool json() const { return json_; }
    void print(std::string_view text);
    /// One line each on standard error; in JSON on standard output as well. Gives the exit code.
    int refuse(const model::Problems& problems);
    void warn(const model::Problems& problems);
    /// For a person at a terminal only: nothing that a script would read.
    void remark(const std::string& text);
    /// Writes what print() gathered; an output that cannot be written is a problem as well.
    int finish(int code);

    void show_progress(const std::string& what, double fraction, const std::string& details);
    void clear_progress();

    std::stop_token stop() const;

private:
    bool json_, colours_, error_terminal_;
    bool progress_shown_ = false;
    std::string output_;
};

/// A scenario that is read and checked, with its calibrations and with the options applied.
struct Prepared {
    model::Document document;
    model::Scenario scenario;
    model::Calibrations calibrations;
};

model::Expected<model::Catalog> load_catalog();
/// The document with every --set applied.
model::Expected<model::Document> load_document(const std::filesystem::path& file, const Arguments& arguments);
/// Warnings go to standard error.
model::Expected<model::Scenario> read(const model::Document& document, const model::Catalog& catalog,
                                      Session& session);
model::Expected<Prepared> prepare(const std::filesystem::path& file, const Arguments& arguments,
                                  const model::Catalog& catalog, Session& session);
model::Expected<sim::RunOptions> run_options(const Arguments& arguments);
/// A share between 0 and 1, both excluded; `otherwise` where the option is left out.
model::Expected<double> share_option(const Arguments& arguments, const char* option, double otherwise);
/// A time of 1 to `most` months, to the nearest whole one.
model::Expected<int> months_option(const Arguments& arguments, const char* option, int most, int otherwise);
/// Runs with a progress bar; `what` names it there.
model::Expected<model::RunResult> simulate(const Prepared& prepared, const model::Catalog& catalog,
                                           const sim::RunOptions& options, Session& session,
                                           const std::string& what);
/// Says before anything is computed whether a store can be used; a missing one is not created yet.
model::Expected<void> try_store(const std::filesystem::path& file);

/// "12 s left"
std::string time_left(double seconds);

/// Stores a result, creating the store if it is missing; gives the run's number.
model::Expected<std::int64_t> keep(const std::filesystem::path& file, const model::RunResult& result);

/// The problems that all JSON outputs carry.
std::string problems_json(const model::Problems& problems);

}  // namespace headroom::cli
