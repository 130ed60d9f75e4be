#pragma once
// Growth month by month: what breaks when, what is enlarged for it, what that costs.

#include "app/report/content/document.h"
#include "app/report/content/input.h"

#include <string>

namespace headroom::report {

/// Below the section on workload and growth; nothing where growth was not followed.
void add_months(Document& document, const Input& input);

/// "Enlarged as growth asks, the first 3 years cost $616k instead of $598k"; empty where growth was not
/// followed or costs nothing.
std::string cost_of_growth(const Input& input);

}  // namespace headroom::report
