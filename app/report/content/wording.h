#pragma once
// Figures and names as reports write them.

#include "app/report/content/text.h"
#include "model/store/metrics.h"
#include "model/store/run_result.h"

#include <string>
#include <vector>

namespace headroom::report {

/// `noun` says what is counted ("events") instead of items.
std::string figure_text(const model::FigureKey& key, double value, const std::string& noun = {},
                        int digits = 3);
/// What a workload's items are called: "events" of streams, "requests".
std::string noun_of(const model::Scenario& scenario, const std::string& workload);
/// "1.21 to 1.27 s", "exact", "not estimable", "± < 0.1 %" where more digits would not say more.
std::string interval_text(const model::FigureKey& key, const model::Estimate& estimate,
                          const std::string& noun = {});
/// "± 31 ms", in the unit of the value; empty where there is no interval or it is below 0.1 % of the value.
std::string half_width_text(const model::FigureKey& key, const model::Estimate& estimate,
                            const std::string& noun = {});

std::string money(double dollars);  ///< "$1,234.56"
std::string number(double value, int digits = 4);
std::string percent(double share, int digits = 3);
std::string duration(double seconds);
std::string count_of(double count, const std::string& one, const std::string& many);
/// "a", "a and b", "a, b and c"
std::string list_of(const std::vector<std::string>& words);
std::string capitalised(std::string sentence);
/// With spaces behind numbers that lines do not break at: a figure stays with its unit.
std::string unbroken(const std::string& sentence);

/// "response time of dashboards", "freshness of clicks in warehouse", "utilisation of server".
std::string subject_of(const model::FigureKey& key);

}  // namespace headroom::report
