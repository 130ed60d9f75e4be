#pragma once
// A run as a document. The document refers to the input, which must outlive it.

#include "app/report/document.h"
#include "app/report/report.h"

namespace headroom::report {

Document build_report(const Input& input);

// Its sections, each of which adds itself if it has something to say.
void add_summary(Document& document, const Input& input);
void add_objectives(Document& document, const Input& input);
void add_topology(Document& document, const Input& input);
void add_times(Document& document, const Input& input);
void add_components(Document& document, const Input& input);
void add_cost(Document& document, const Input& input);
void add_transforms(Document& document, const Input& input);
void add_failure(Document& document, const Input& input);
void add_method(Document& document, const Input& input);
void add_inputs(Document& document, const Input& input);

/// The component that is nearest to its capacity, by the mean utilisation of its busiest station; nullptr
/// where nothing is used.
const model::Figure* bottleneck_of(const model::RunResult& result);

}  // namespace headroom::report
