#pragma once
// All that the report of one plan is made of, gathered in one place for the command line and the desktop:
// what it is held against, what was considered, what the architect writes, what deepens the run.

#include "app/report/content/evidence.h"
#include "app/report/content/input.h"
#include "model/scenario/document.h"
#include "sim/experiment/run.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

namespace headroom::report {

/// A plan that is run to stand beside another.
struct Other {
    std::string name;
    model::Scenario scenario;
    model::RunResult result;
    std::vector<model::InputDifference> differences;
};

class Materials {
public:
    /// Runs the baseline (`baseline`, or where that is empty the file that the document extends) and the
    /// alternatives that the document names with the same options, then gathers evidence. `input` is the
    /// plan's own run; it, and what it refers to, must outlive the materials. A stopped gathering gives what
    /// it has.
    static model::Expected<Materials> gather(const model::Document& document, const Input& input,
                                             const sim::RunOptions& options,
                                             const std::filesystem::path& baseline = {},
                                             const EvidenceProgress& progress = {},
                                             std::stop_token stop = {});

    /// The run with all that was gathered. Valid as long as the materials are.
    const Input& input() const { return kept_->input; }

private:
    struct Kept {
        explicit Kept(const Input& run) : input(run) {}
        Input input;
        model::Narrative narrative;
        std::unique_ptr<Other> baseline;
        std::vector<std::unique_ptr<Other>> alternatives;
        Beside beside;
        Evidence evidence;
    };
    std::unique_ptr<Kept> kept_;  ///< what the input refers to stays where it is
};

}  // namespace headroom::report
