#pragma once
// What several sections of a report derive from results.

#include "app/report/content/input.h"
#include "app/report/content/topology.h"

#include <string>
#include <vector>

namespace headroom::report {

/// Bound over figure where at most is asked, figure over bound where at least is: below 1 it is broken.
double room_of(const model::ObjectiveResult& objective);

/// "5 of 6 objectives are met, 1 is broken"
std::string verdicts_in_short(const Input& input);

/// "$2,210", "$1.4M": as a person says it.
std::string rounded_money(double dollars);

/// "$0.52 for each TB that arrives", ...
std::vector<std::string> unit_costs(const Input& input);

/// What gathers while a component is away for an hour, and how long it takes to catch up with what is left of
/// its capacity: backlog = rate x 1 h, time = 1 h x u / (1 - u) at utilisation u of its busiest station
/// (fluid limit).
struct Relief {
    std::string component;
    double utilisation = 0, rate = 0;  ///< items a second
    double backlog = 0, drain = 0;     ///< items; seconds, infinite where it never catches up
    std::string sentence;
};
/// The slowest to catch up first; components that no stream passes are left out.
std::vector<Relief> reliefs_of(const Input& input);

/// Dollars a month of a component and what belongs to it.
double bill_of(const model::RunResult& result, const std::string& component);

/// Bytes that a component's bill holds in the long run, all tiers together; 0: none are billed.
double held_bytes(const model::RunResult& result, const std::string& component);

/// Dollars of each month to come, of the platform ("") or a part of it; empty where the run has none.
std::vector<double> months_to_come(const model::RunResult& result, const std::string& part);

/// Engineers that run the platform, and from what: stated, or nodes and services at what one engineer
/// operates.
struct Crew {
    double nodes = 0, services = 0;
    double nodes_per_engineer = 50, services_per_engineer = 10;
    double operations = 0, development = 0;  ///< engineers; person-months
    bool stated = false;                     ///< the scenario has people
};
Crew crew_of(const Input& input);

/// Components by distance from the workloads, the nearest first: the order in which they can be built.
std::vector<std::vector<std::string>> layers_of(const model::Scenario& scenario);

/// Every way from a workload to an end, at most `most` of them.
std::vector<std::vector<std::string>> ways_of(const model::Scenario& scenario, const std::string& workload,
                                              std::size_t most = 64);

}  // namespace headroom::report
