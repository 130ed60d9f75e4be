#pragma once
// Where the simulation and the closed forms differ by more than they may.

#include "sim/experiment/summary.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// What a figure is called in a sentence: "response time, p99 of clicks in broker".
std::string name_of(const model::FigureKey& key);

/// How far an approximation may be from the truth before it is worth a word, relative to the simulated value:
/// two-moment formulas are good to about a quarter for times and numbers present (Whitt, The Queueing Network
/// Analyzer, 1983, compares them with simulations), rates follow from the traffic equations.
double tolerance_of(const std::string& metric);

/// A sentence for the worst figure whose closed form is exact but lies outside its interval, and one for the
/// worst approximation that is further off than its tolerance. The intervals of all exact figures hold
/// together with 99.9 % confidence (Bonferroni). Nothing at the flow level, which rests on the same formulas,
/// nor where the load changes or a backlog grows, so that there is no steady state.
std::vector<std::string> disagreements(const Subject& subject, const model::RunResult& result);

}  // namespace headroom::sim
