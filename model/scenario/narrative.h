#pragma once
// What a scenario file says to readers of its report (section `report`). Nothing of it is simulated, so it is
// not part of Scenario: whoever writes a report reads it from the document.

#include "model/scenario/document.h"
#include "model/scenario/problem.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace headroom::model {

/// Texts by name, in the order of the file.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct Narrative {
    std::string author, date;  ///< the date is "2026", "2026-11" or "2026-11-21"
    std::string headline, customer, problem, benefit, evidence, experience, quote, decision;
    NamedTexts faq;       ///< answers by question
    NamedTexts risks;     ///< what is done about it, by risk
    NamedTexts roll_out;  ///< what is done, by when
    std::vector<std::pair<std::string, std::filesystem::path>> alternatives;  ///< scenario files by name

    friend bool operator==(const Narrative&, const Narrative&) = default;
};

/// An empty one where the document says nothing. Problems are those that reading the scenario gives as well.
Expected<Narrative> read_narrative(const Document& document);

}  // namespace headroom::model
