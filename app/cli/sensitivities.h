#pragma once
// What inputs decide, as text, Markdown, CSV and JSON.

#include "app/cli/table.h"
#include "model/store/store.h"
#include "sim/experiment/sensitivity.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headroom::cli {

/// Of a study in a store; none where its design tells nothing about single inputs.
model::Expected<std::vector<sim::Sensitivity>> sensitivities_of(const model::Study& study,
                                                                const model::ResultsStore& store);

/// A table for each figure, the strongest inputs first, and what its columns mean; with `all`, every input.
std::string sensitivities_text(const std::vector<sim::Sensitivity>& analyses, bool all, bool colours);
std::string sensitivities_markdown(const std::vector<sim::Sensitivity>& analyses);
/// One row for each figure and input, in base units.
std::string sensitivities_csv(const std::vector<sim::Sensitivity>& analyses);
nlohmann::ordered_json sensitivities_json(const std::vector<sim::Sensitivity>& analyses);

}  // namespace headroom::cli
