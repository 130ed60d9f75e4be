#include "app/cli/recovery.h"

#include "app/cli/results.h"
#include "app/cli/table.h"
#include "model/units/unit.h"

#include <cmath>

namespace headroom::cli {

namespace {

using model::Figure;
using model::FigureKey;

std::string simulated(const Figure* figure) {
    return figure ? figure_text(figure->key, figure->simulated) : std::string();
}

/// All of recovery are approximations.
std::string closed_form(const Figure* figure) {
    if (!figure || std::isnan(figure->analytic)) return {};
    return (figure->analytic > 0 ? "~" : "") + figure_text(figure->key, {figure->analytic});
}

}  // namespace

std::string recovery_text(const model::RunResult& result, const model::Scenario& scenario, bool colours) {
    Table table{{{"recovery"},
                 {"loss of a"},
                 {"from"},
                 {"recovery point", true},
                 {"closed form", true},
                 {"at risk", true},
                 {"recovery time", true},
                 {"closed form", true}},
                {}};
    for (const model::Recovery& recovery : scenario.recoveries) {
        const std::string loss = model::word_for(recovery.loss);
        for (const std::string& component : recovery.of) {
            const Figure* time = result.find({"recovery-time." + loss, component, ""});
            for (const model::Workload& workload : scenario.workloads) {
                const Figure* point = result.find({"recovery-point." + loss, component, workload.id});
                const Figure* rate = result.find({"throughput", "", workload.id});
                if (!point) continue;
                table.rows.push_back(
                    {subject_text(point->key), loss, model::source_of(recovery), simulated(point),
                     closed_form(point),
                     rate ? model::format_quantity(point->simulated.value * rate->simulated.value,
                                                   model::dimensions::item, {.digits = 3, .noun = "items"})
                          : "",
                     simulated(time), closed_form(time)});
                time = nullptr;  // that of the component, once
            }
            if (time)
                table.rows.push_back({component, loss, model::source_of(recovery), "", "", "",
                                      simulated(time), closed_form(time)});
        }
    }
    return table.rows.empty() ? "" : heading("Recovery", colours) + print(table, colours);
}

}  // namespace headroom::cli
