#pragma once
// Studies as text, CSV and JSON.

#include "app/cli/table.h"
#include "model/store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace headroom::cli {

struct Point {
    model::StudyPoint point;
    std::optional<model::RunResult> result;
};

model::Expected<std::vector<Point>> points_of(const model::Study& study, const model::ResultsStore& store);

std::string study_text(const model::Study& study, const std::vector<Point>& points, bool colours);
/// One row for each figure of each point, in base units.
std::string study_csv(const std::vector<Point>& points);
std::string study_json(const model::Study& study, const std::vector<Point>& points);

Table studies_table(const std::vector<model::Study>& studies);
std::string studies_json(const std::vector<model::Study>& studies);

}  // namespace headroom::cli
