#include "sim/experiment/sketch.h"

#include "sim/experiment/verdicts.h"

#include <cmath>
#include <limits>

namespace headroom::sim {

model::Expected<model::RunResult> sketch(const model::Scenario& scenario, const model::Catalog& catalog,
                                         const model::Calibrations& calibrations, std::stop_token stop) {
    RunOptions few;
    few.level = model::Level::flow;
    few.replications = 3;
    few.threads = 1;  // a run that the person asked for has the others
    auto result = run(scenario, catalog, calibrations, few, {}, std::move(stop));
    if (!result) return result;
    for (model::Figure& figure : result->figures)
        if (figure.analytic_exact && std::isfinite(figure.analytic))
            figure.simulated = {figure.analytic, std::numeric_limits<double>::quiet_NaN()};
    result->objectives = judge(scenario, result->figures);
    return result;
}

}  // namespace headroom::sim
