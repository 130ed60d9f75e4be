#pragma once
// Studies as text, CSV and JSON.

#include "app/cli/table.h"
#include "model/store/store.h"
#include "sim/experiment/sensitivity.h"
#include "sim/experiment/study.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace headroom::cli {

class Session;

struct Point {
    model::StudyPoint point;
    std::optional<model::RunResult> result;
};

model::Expected<std::vector<Point>> points_of(const model::Study& study, const model::ResultsStore& store);

/// Where the study has been analysed, that takes the place of its points in text and Markdown.
using Analyses = std::vector<sim::Sensitivity>;

std::string study_text(const model::Study& study, const std::vector<Point>& points, bool colours);
/// The tables of study_text() in Markdown, fit for a pull request: what is broken comes first.
std::string study_markdown(const model::Study& study, const std::vector<Point>& points,
                           const Analyses& analyses);
/// One row for each figure of each point, in base units; a column for each setting.
std::string study_csv(const model::Study& study, const std::vector<Point>& points);
std::string study_json(const model::Study& study, const std::vector<Point>& points, const Analyses& analyses);

/// In the format that the file's ending names: .csv, .parquet, .json or .md.
model::Expected<void> write_points(const model::Study& study, const std::vector<Point>& points,
                                   const Analyses& analyses, const std::filesystem::path& file);

/// "12 of 64 points", in the progress bar.
void show_points(const sim::StudyProgress& progress, Session& session);

Table studies_table(const std::vector<model::Study>& studies);
std::string studies_json(const std::vector<model::Study>& studies);

}  // namespace headroom::cli
