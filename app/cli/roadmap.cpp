// A platform that becomes another one step by step: what each step brings, costs and closes behind it.

#include "sim/experiment/roadmap.h"

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/units/unit.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Walked {
    const sim::RoadmapStep* step = nullptr;
    const model::RunResult* run = nullptr;
    sim::RoadmapCost cost;
    model::Duration length;
};

const model::FigureKey platform_cost{"cost", "", ""};

std::string money(const model::Estimate& estimate) {
    const auto print = [](double value) {
        return model::format_quantity(value, model::dimensions::money, {.digits = 3});
    };
    return print(estimate.value) +
           (estimate.exact() || estimate.half_width <= 0 ? "" : " ± " + print(estimate.half_width));
}

Cell verdicts(const model::RunResult& run) {
    const auto met = std::count_if(run.objectives.begin(), run.objectives.end(),
                                   [](const auto& each) { return each.verdict == model::Verdict::met; });
    const auto broken = std::count_if(run.objectives.begin(), run.objectives.end(), [](const auto& each) {
        return each.verdict == model::Verdict::broken;
    });
    const std::string text = std::to_string(met) + " of " + std::to_string(run.objectives.size()) + " met";
    return {text, broken > 0 ? Tone::bad : Tone::good};
}

std::string text_of(const std::vector<Walked>& walked, bool colours) {
    Table table{{{"step"},
                 {"from", true},
                 {"for", true},
                 {"objectives"},
                 {"a month", true},
                 {"step", true},
                 {"beside it", true},
                 {"once", true},
                 {"in all", true},
                 {"door"}},
                {}};
    std::string reasons;
    for (const Walked& each : walked) {
        const sim::RoadmapStep& step = *each.step;
        const auto months = [](model::Duration time) {
            return model::format_quantity(time.value() / model::months(1).value(), model::dimensions::none,
                                          {.digits = 3}) +
                   " mo";
        };
        const model::Figure* cost = each.run->find(platform_cost);
        table.rows.push_back({step.id, months(step.from), months(each.length), verdicts(*each.run),
                              cost != nullptr ? figure_text(platform_cost, cost->simulated) : "",
                              money(each.cost.own), each.cost.beside.value > 0 ? money(each.cost.beside) : "",
                              step.one_off.value() > 0 ? money({step.one_off.value()}) : "",
                              money(each.cost.in_all), step.one_way ? "one-way" : "two-way"});
        reasons += coloured(step.id, Tone::strong, colours) + ": " + wrap(step.says, 92, "    ") + "\n";
        for (const auto& verdict : each.run->objectives)
            if (verdict.verdict == model::Verdict::broken) reasons += "    broken: " + verdict.text + "\n";
    }
    return heading("Steps", colours) + print(table, colours) + "\n" + heading("What each brings", colours) +
           reasons;
}

Json json_of(const model::Estimate& estimate) {
    Json value{{"value", estimate.value}};
    if (!estimate.exact()) value["half-width"] = estimate.half_width;
    return value;
}

std::string json_of(const std::vector<Walked>& walked) {
    Json steps = Json::array();
    for (const Walked& each : walked) {
        Json verdicts = Json::array();
        for (const auto& verdict : each.run->objectives)
            verdicts.push_back({{"objective", verdict.text}, {"verdict", model::word_for(verdict.verdict)}});
        steps.push_back({{"step", each.step->id},
                         {"from", each.step->from.value()},
                         {"length", each.length.value()},
                         {"door", each.step->one_way ? "one-way" : "two-way"},
                         {"one-off", each.step->one_off.value()},
                         {"own", json_of(each.cost.own)},
                         {"beside", json_of(each.cost.beside)},
                         {"in-all", json_of(each.cost.in_all)},
                         {"objectives", verdicts}});
    }
    return Json{{"format", "headroom-roadmap-1"}, {"steps", steps}}.dump(2, ' ', false,
                                                                         Json::error_handler_t::replace) +
           "\n";
}

}  // namespace

int roadmap(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto roadmap = sim::read_roadmap(arguments.positionals.front());
    if (!roadmap) return session.refuse(roadmap.error());
    std::map<std::filesystem::path, model::RunResult> runs;
    std::vector<model::Estimate> per_second;
    bool broken = false;
    for (const sim::RoadmapStep& step : roadmap->steps) {
        if (!runs.contains(step.scenario)) {
            const auto prepared = prepare(step.scenario, arguments, *catalog, session);
            if (!prepared) return session.refuse(prepared.error());
            auto result = simulate(*prepared, *catalog, *options, session, step.scenario.filename().string());
            if (!result) return session.refuse(result.error());
            if (result->cancelled) return session.refuse(problem("", "interrupted"));
            runs.emplace(step.scenario, *std::move(result));
        }
        const model::RunResult& run = runs.at(step.scenario);
        const model::Figure* cost = run.find(platform_cost);
        per_second.push_back(cost != nullptr ? cost->simulated : model::Estimate{0});
    }
    const std::vector<sim::RoadmapCost> costs = sim::costs_of(*roadmap, per_second);
    std::vector<Walked> walked;
    for (std::size_t i = 0; i < roadmap->steps.size(); ++i) {
        const sim::RoadmapStep& step = roadmap->steps[i];
        walked.push_back({&step, &runs.at(step.scenario), costs[i], roadmap->length(i)});
        broken =
            broken || std::any_of(walked.back().run->objectives.begin(), walked.back().run->objectives.end(),
                                  [](const auto& v) { return v.verdict == model::Verdict::broken; });
    }
    session.clear_progress();
    session.print(session.json() ? json_of(walked) : text_of(walked, session.colours()));
    return broken ? exit_broken : exit_good;
}

}  // namespace headroom::cli
