#pragma once
// Runs and differences as text for people and as CSV.

#include "app/cli/table.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <string>

namespace headroom::cli {

/// Everything that a person wants to know of a run; with `all`, every figure.
std::string run_text(const model::RunResult& result, const model::Scenario& scenario, bool all, bool colours);
/// Verdicts, cost, the busiest components and the notes in a few lines of Markdown.
std::string run_markdown(const model::RunResult& result);
/// The bill, each line with its usage and price; with `sources`, the origin of each price as well.
std::string bill_text(const model::RunResult& result, bool sources, bool colours);
/// Every figure, in base units.
std::string run_csv(const model::RunResult& result);

struct Compared {
    const model::Scenario& scenario_a;
    const model::RunResult& a;
    const model::RunResult& b;
    std::vector<model::Difference> differences;
};
std::string comparison_text(const Compared& compared, const std::string& name_a, const std::string& name_b,
                            bool all, bool colours);
std::string comparison_csv(const Compared& compared);
std::string comparison_json(const Compared& compared);

Cell verdict_cell(model::Verdict verdict);
/// "31.2 ms ± 0.4", whatever the metric.
std::string figure_text(const model::FigureKey& key, const model::Estimate& estimate);
/// "clicks in warehouse", "warehouse", "clicks", "platform"
std::string subject_text(const model::FigureKey& key);
std::string dollars(double amount);
/// "run 7 in results.db"
std::string heading(std::string_view text, bool colours);

}  // namespace headroom::cli
