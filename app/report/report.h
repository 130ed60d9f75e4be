#pragma once
// Planning reports: HTML and PDF of one run, the same bytes for the same input, from the command line and the
// desktop.

#include "model/catalog/catalog.h"
#include "model/kinds/lower.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <filesystem>
#include <string>

namespace headroom::report {

struct Input {
    const model::Scenario& scenario;
    const model::Catalog& catalog;
    const model::RunResult& result;
    const model::Calibrations& calibrations;
};

/// Bytes of the finished documents. Need a QGuiApplication (offscreen will do) with widgets: Qt Charts draws
/// the charts.
std::string to_html(const Input& input);
std::string to_pdf(const Input& input);

/// Writes atomically: the old file or the new one, never half of it. The format follows the ending (.html,
/// .pdf).
model::Expected<void> write(const Input& input, const std::filesystem::path& file);

}  // namespace headroom::report
