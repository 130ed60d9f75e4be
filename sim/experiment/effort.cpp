#include "sim/experiment/effort.h"

#include "model/units/quantity.h"
#include "model/units/unit.h"
#include "sim/platform/flow_grid.h"
#include "sim/platform/replication.h"

namespace headroom::sim {

namespace {

/// Record level follows some 10 million visits a second: a quarter of an hour for one replication.
constexpr double most_visits = 1e10;
/// The same, where nobody asked for that level: some minutes for all replications.
constexpr double most_unasked_visits = 1e9;
/// An item takes about 100 bytes.
constexpr double most_items = 2e7;
/// Flow level: a step takes some 10 microseconds a station; five years of days are 90,000 steps.
constexpr double most_steps = 1e5;
/// Each is an event or two, kept for the whole replication.
constexpr double most_failures = 1e6;
/// A replication's tallies take some 100 kB, all of which are kept.
constexpr int most_replications = 10'000;

std::string number(double value) { return model::format_quantity(value, {}); }

tl::unexpected<model::Problems> refuse(const std::string& field, const std::string& message) {
    return model::fail({}, field, message);
}

}  // namespace

double items_present(const model::System& system, std::span<const double> growing) {
    double items = 0;
    for (const auto& source : system.closed) items += source.users;
    for (const double rate : growing) items += rate * system.horizon.value();
    return items;
}

model::Expected<void> within_reach(const model::System& system, std::span<const double> growing,
                                   model::Level level, bool asked, int replications) {
    if (replications > most_replications)
        return refuse("replications", number(replications) +
                                          " replications are more than fit into memory; at most " +
                                          number(most_replications) + " expected");
    if (const double failures = expected_failures(system); failures > most_failures)
        return refuse("failures", number(failures) +
                                      " failures are expected within the horizon, and at most " +
                                      number(most_failures) + " can be followed; rarer ones are expected");
    const std::string horizon = model::format(system.horizon);
    if (level == model::Level::record) {
        const double visits = expected_visits(system), items = items_present(system, growing);
        if (visits > most_visits)
            return refuse("horizon", "record level would follow " + number(visits) + " visits in " + horizon +
                                         ", and at most " + number(most_visits) +
                                         " can be awaited; take flow level or a shorter horizon");
        if (!asked && visits > most_unasked_visits)
            return refuse("level", flow_gap(system) + ", which would follow " + number(visits) +
                                       " visits in " + horizon + ": ask for that, or take a shorter horizon");
        if (items > most_items)
            return refuse("level", "record level would hold " + number(items) +
                                       " items at once, and at most " + number(most_items) +
                                       " fit into memory; take flow level");
    } else if (level == model::Level::flow) {
        const double users = items_present(system, {});
        if (users > most_items)
            return refuse("users", number(users) +
                                       " users, each of whom is simulated, do not fit into memory; at most " +
                                       number(most_items) + " expected");
        const double steps = flow_steps(system);
        if (steps > most_steps)
            return refuse("horizon", "flow level would take " + number(steps) + " steps for " + horizon +
                                         " of this load, and at most " + number(most_steps) +
                                         " can be awaited; a shorter horizon is expected");
    }
    return {};
}

}  // namespace headroom::sim
