#include "app/report/build.h"

#include "app/report/wording.h"

#include <cmath>

namespace headroom::report {

namespace {

std::string line_of(const model::RunResult& result) {
    std::string line;
    if (result.replications == 0)
        line = "Closed forms alone, nothing was simulated";
    else
        line = count_of(result.replications, "replication", "replications") + " of " +
               duration(result.horizon.value()) + " at " + model::word_for(result.level) + " level, seed " +
               std::to_string(result.seed);
    if (!result.scenario_hash.empty()) line += ", content " + result.scenario_hash.substr(0, 12);
    return line;
}

}  // namespace

const model::Figure* bottleneck_of(const model::RunResult& result) {
    const model::Figure* most = nullptr;
    for (const model::Figure& figure : result.figures) {
        if (figure.key.metric != "utilisation" || !(figure.simulated.value > 0)) continue;
        if (!most || figure.simulated.value > most->simulated.value) most = &figure;
    }
    return most;
}

Document build_report(const Input& input) {
    Document document;
    document.title = clean(input.scenario.name);
    if (document.title.empty()) document.title = "Untitled scenario";
    document.question = clean(input.scenario.question);
    document.line = line_of(input.result);
    add_summary(document, input);
    add_objectives(document, input);
    add_topology(document, input);
    add_times(document, input);
    add_components(document, input);
    add_cost(document, input);
    add_transforms(document, input);
    add_failure(document, input);
    add_method(document, input);
    add_inputs(document, input);
    return document;
}

}  // namespace headroom::report
