#pragma once
// Which candidate is chosen, and how sure that is.

#include "sim/experiment/sizing.h"

namespace headroom::sim {

/// How far a figure is on the wrong side of its bound, relative to the bound; negative: on the right side.
double excess_of(const model::ObjectiveResult& objective);

SizedCandidate candidate_of(Configuration levels, model::RunResult result);

struct Choice {
    bool found = false;
    std::size_t chosen = 0;  ///< the cheapest that meets; where none does, the one that misses least
    double correct = 0;
    std::vector<std::size_t> doubtful;  ///< whose verdicts contribute to the doubt
};

/// Of candidates in ascending order of cost. The choice is wrong only if the chosen one misses an objective,
/// or a cheaper one meets all. Each chance is the tail of Student's t of the replications' values (exact
/// figures leave none), and they are added up: P(correct) >= 1 - sum (Bonferroni; Kim and Nelson, Selecting
/// the Best System, 2006, chapter 17.2).
Choice choose(const std::vector<SizedCandidate>& candidates);

/// Marks the candidates that no other one beats in cost, in the figure of the first objective about a time,
/// and in availability.
void mark_efficient(std::vector<SizedCandidate>& candidates);

}  // namespace headroom::sim
