#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "model/kinds/flows.h"

namespace headroom::cli {

namespace {

std::string count(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

int check(const Arguments& arguments, Session& session) {
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    model::Problems problems;
    std::string good;
    for (const std::string& file : arguments.positionals) {
        const auto document = load_document(file, arguments);
        if (!document) {
            problems.insert(problems.end(), document.error().begin(), document.error().end());
            continue;
        }
        const model::Reading reading = model::read_scenario(*document, *catalog);
        problems.insert(problems.end(), reading.problems.begin(), reading.problems.end());
        if (!reading.scenario) continue;
        const model::Scenario& s = *reading.scenario;
        if (const auto flows = model::trace_flows(s); !flows) {
            problems.insert(problems.end(), flows.error().begin(), flows.error().end());
            continue;
        }
        good += file + ": no errors; " + count(s.workloads.size(), "workload") + ", " +
                count(s.components.size(), "component") + ", " + count(s.links.size(), "link") + ", " +
                count(s.objectives.size(), "objective") + "\n";
    }
    if (model::has_errors(problems)) return session.refuse(problems);
    session.warn(problems);
    session.print(session.json() ? problems_json(problems) : good);
    return exit_good;
}

}  // namespace headroom::cli
