#pragma once
// A run as a document: sections from one table, in the order that is asked for. The document refers to the
// input, which must outlive it.

#include "app/report/content/document.h"
#include "app/report/content/input.h"

#include <span>

namespace headroom::report {

struct Template;

/// A section adds itself if it has something to say.
struct SectionSpec {
    const char* id;
    const char* title;
    const char* readers;  ///< who looks for it
    const char* help;     ///< one sentence
    void (*add)(Document&, const Input&);
};

/// All sections in their usual order.
std::span<const SectionSpec> sections();
const SectionSpec* find_section(std::string_view id);

/// The sections of those ids, in that order; where none is named those of the template, or all of them.
Document build_report(const Input& input, const std::vector<std::string>& chosen = {},
                      const Template* look = nullptr);

/// Gives a document the template's cover, footer and logo.
void dress(Document& document, const Template& look);

/// "5 replications of 1 d at flow level, seed 1, content 9f86d081884c"
std::string line_of(const model::RunResult& result);

void add_summary(Document& document, const Input& input);
void add_working_backwards(Document& document, const Input& input);
void add_decision(Document& document, const Input& input);
void add_objectives(Document& document, const Input& input);
void add_topology(Document& document, const Input& input);
void add_growth(Document& document, const Input& input);
void add_data(Document& document, const Input& input);
void add_sizing(Document& document, const Input& input);
void add_times(Document& document, const Input& input);
void add_components(Document& document, const Input& input);
void add_whys(Document& document, const Input& input);
void add_failure(Document& document, const Input& input);
void add_security(Document& document, const Input& input);
void add_operations(Document& document, const Input& input);
void add_cost(Document& document, const Input& input);
void add_alternatives(Document& document, const Input& input);
void add_sensitivity(Document& document, const Input& input);
void add_risks(Document& document, const Input& input);
void add_roll_out(Document& document, const Input& input);
void add_experiments(Document& document, const Input& input);
void add_transforms(Document& document, const Input& input);
void add_method(Document& document, const Input& input);
void add_inputs(Document& document, const Input& input);
void add_sources(Document& document, const Input& input);

/// The component that is nearest to its capacity, by the mean utilisation of its busiest station; nullptr
/// where nothing is used.
const model::Figure* bottleneck_of(const model::RunResult& result);

}  // namespace headroom::report
