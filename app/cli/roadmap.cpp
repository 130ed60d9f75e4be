// A platform that becomes another one step by step: what each step brings, costs and closes behind it.

#include "sim/experiment/roadmap.h"

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/units/unit.h"
#include "sim/experiment/roadmap_bills.h"

#include <algorithm>
#include <cmath>
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
    model::Money first, last;  ///< bills of its first and of its last whole month
};

struct Walk {
    std::vector<Walked> steps;
    std::vector<sim::RoadmapMonth> months;
    std::vector<sim::Commitment> commitments;
};

const model::FigureKey platform_cost{"cost", "", ""};

std::string money(const model::Estimate& estimate) {
    const auto print = [](double value) {
        return model::format_quantity(value, model::dimensions::money, {.digits = 4});
    };
    return print(estimate.value) +
           (estimate.exact() || estimate.half_width <= 0
                ? ""
                : " ± " +
                      model::format_quantity(estimate.half_width, model::dimensions::money, {.digits = 2}));
}

std::string money_or_nothing(double value) { return value > 0 ? money({value}) : ""; }

Cell verdicts(const model::RunResult& run) {
    const auto met = std::count_if(run.objectives.begin(), run.objectives.end(),
                                   [](const auto& each) { return each.verdict == model::Verdict::met; });
    const auto broken = std::count_if(run.objectives.begin(), run.objectives.end(), [](const auto& each) {
        return each.verdict == model::Verdict::broken;
    });
    const std::string text = std::to_string(met) + " of " + std::to_string(run.objectives.size()) + " met";
    return {text, broken > 0 ? Tone::bad : Tone::good};
}

Table steps_of(const Walk& walk) {
    Table table{{{"step"},
                 {"from", true},
                 {"for", true},
                 {"objectives"},
                 {"first month", true},
                 {"last month", true},
                 {"step", true},
                 {"beside it", true},
                 {"once", true},
                 {"in all", true},
                 {"door"}},
                {}};
    for (const Walked& each : walk.steps) {
        const sim::RoadmapStep& step = *each.step;
        const auto months = [](model::Duration time) {
            return model::format_quantity(time.value() / model::months(1).value(), model::dimensions::none,
                                          {.digits = 3}) +
                   " mo";
        };
        table.rows.push_back({step.id, months(step.from), months(each.length), verdicts(*each.run),
                              money({each.first.value()}), money({each.last.value()}), money(each.cost.own),
                              each.cost.beside.value > 0 ? money(each.cost.beside) : "",
                              money_or_nothing(step.one_off.value()), money(each.cost.in_all),
                              step.one_way ? "one-way" : "two-way"});
    }
    return table;
}

/// Month by month, or year by year where there are many.
Table months_of(const Walk& walk) {
    constexpr std::size_t most_rows = 36;
    const std::size_t each = walk.months.size() > most_rows ? 12 : 1;
    Table table{{{each == 1 ? "month" : "year", true},
                 {"step"},
                 {"platform", true},
                 {"beside it", true},
                 {"once", true},
                 {"in all", true}},
                {}};
    for (std::size_t m = 0; m < walk.months.size(); m += each) {
        double own = 0, beside = 0, once = 0;
        const std::size_t end = std::min(m + each, walk.months.size());
        for (std::size_t i = m; i < end; ++i) {
            own += walk.months[i].own;
            beside += walk.months[i].beside;
            once += walk.months[i].once;
        }
        const sim::RoadmapMonth& last = walk.months[end - 1];
        table.rows.push_back({std::to_string(m / each + 1), walk.steps[last.step].step->id, money({own}),
                              money_or_nothing(beside), money_or_nothing(once), money({last.so_far})});
    }
    return table;
}

Table commitments_of(const Walk& walk) {
    Table table{{{"from month", true},
                 {"nodes of"},
                 {"instance"},
                 {"nodes", true},
                 {"on demand", true},
                 {"committed", true},
                 {"terms"}},
                {}};
    for (const sim::Commitment& each : walk.commitments) {
        std::string terms;
        const auto add = [&](int count, const char* what) {
            if (count > 0) terms += (terms.empty() ? "" : ", ") + std::to_string(count) + " x " + what;
        };
        add(each.years_of_3, "3 years");
        add(each.years_of_1, "1 year");
        table.rows.push_back({std::to_string(each.month + 1), each.component, each.instance,
                              model::format_quantity(each.nodes, model::dimensions::none, {.digits = 3}),
                              money({each.on_demand_cost}), money({each.cost}),
                              terms.empty() ? "on demand" : terms});
    }
    return table;
}

double saved(const Walk& walk) {
    double sum = 0;
    for (const sim::Commitment& each : walk.commitments) sum += each.on_demand_cost - each.cost;
    return sum;
}

std::string text_of(const Walk& walk, bool colours) {
    std::string reasons;
    for (const Walked& each : walk.steps) {
        reasons +=
            coloured(each.step->id, Tone::strong, colours) + ": " + wrap(each.step->says, 92, "    ") + "\n";
        for (const auto& verdict : each.run->objectives)
            if (verdict.verdict == model::Verdict::broken) reasons += "    broken: " + verdict.text + "\n";
    }
    std::string text = heading("Steps", colours) + print(steps_of(walk), colours) +
                       heading("Months", colours) + print(months_of(walk), colours);
    if (!walk.commitments.empty()) {
        text += heading("Commitments", colours) + print(commitments_of(walk), colours);
        if (saved(walk) > 0)
            text += "With these, " + money({walk.months.back().so_far - saved(walk)}) +
                    " in all instead of " + money({walk.months.back().so_far}) +
                    "; terms that outlast the end are paid in full.\n";
    }
    return text + heading("What each brings", colours) + reasons;
}

Json json_of(const model::Estimate& estimate) {
    Json value{{"value", estimate.value}};
    if (!estimate.exact()) value["half-width"] = estimate.half_width;
    return value;
}

std::string json_of(const Walk& walk) {
    Json steps = Json::array(), months = Json::array(), commitments = Json::array();
    for (const Walked& each : walk.steps) {
        Json verdicts = Json::array();
        for (const auto& verdict : each.run->objectives)
            verdicts.push_back({{"objective", verdict.text}, {"verdict", model::word_for(verdict.verdict)}});
        steps.push_back({{"step", each.step->id},
                         {"from", each.step->from.value()},
                         {"length", each.length.value()},
                         {"door", each.step->one_way ? "one-way" : "two-way"},
                         {"one-off", each.step->one_off.value()},
                         {"first-month", each.first.value()},
                         {"last-month", each.last.value()},
                         {"own", json_of(each.cost.own)},
                         {"beside", json_of(each.cost.beside)},
                         {"in-all", json_of(each.cost.in_all)},
                         {"objectives", verdicts}});
    }
    for (const sim::RoadmapMonth& each : walk.months)
        months.push_back({{"step", walk.steps[each.step].step->id},
                          {"own", each.own},
                          {"beside", each.beside},
                          {"once", each.once},
                          {"so-far", each.so_far}});
    for (const sim::Commitment& each : walk.commitments)
        commitments.push_back({{"component", each.component},
                               {"instance", each.instance},
                               {"month", each.month},
                               {"nodes", each.nodes},
                               {"years-of-3", each.years_of_3},
                               {"years-of-1", each.years_of_1},
                               {"on-demand", each.on_demand_cost},
                               {"cost", each.cost}});
    return Json{{"format", "headroom-roadmap-1"},
                {"steps", steps},
                {"months", months},
                {"commitments", commitments}}
               .dump(2, ' ', false, Json::error_handler_t::replace) +
           "\n";
}

/// By how much the cost of a platform may be off, relative to its bill: the error of what was simulated, and
/// what sets it apart from the closed form after which the months are billed.
double error_of(const model::RunResult& run, double closed_form) {
    const model::Figure* cost = run.find(platform_cost);
    if (cost == nullptr || !(cost->simulated.value > 0)) return 0;
    const double half_width = std::isfinite(cost->simulated.half_width) ? cost->simulated.half_width : 0;
    const double error = std::hypot(half_width, cost->simulated.value - closed_form) / cost->simulated.value;
    return error < 1e-9 ? 0 : error;  // rounding
}

/// Bills the months of steps that have been simulated.
model::Expected<Walk> walk_of(const sim::Roadmap& roadmap, const std::vector<const model::RunResult*>& runs,
                              const std::vector<model::Scenario>& scenarios,
                              const std::vector<model::Calibrations>& calibrations,
                              const model::Catalog& catalog) {
    const auto billing = sim::RoadmapBills::make(roadmap, scenarios, calibrations, catalog);
    if (!billing) return tl::unexpected(billing.error());
    const auto bills = billing->bills();
    if (!bills) return tl::unexpected(bills.error());
    std::vector<double> errors;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto long_run = billing->long_run(i);
        if (!long_run) return tl::unexpected(long_run.error());
        errors.push_back(error_of(*runs[i], *long_run));
    }
    const auto monthly = sim::monthly_costs(*bills, errors);
    const std::vector<sim::RoadmapCost> costs = sim::costs_of(roadmap, monthly);
    Walk walk{{}, sim::months_of(roadmap, monthly), billing->commitments(*bills)};
    for (std::size_t i = 0; i < roadmap.steps.size(); ++i) {
        const auto first = static_cast<std::size_t>(roadmap.first_month(i));
        std::size_t last = first;
        for (std::size_t m = first; m < walk.months.size(); ++m)
            if (roadmap.share(i, static_cast<int>(m)) > 0) last = m;
        walk.steps.push_back({&roadmap.steps[i], runs[i], costs[i], roadmap.length(i),
                              (*bills)[i][first].per_month(), (*bills)[i][last].per_month()});
    }
    return walk;
}

}  // namespace

int roadmap(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto roadmap = sim::read_roadmap(arguments.positionals.front());
    if (!roadmap) return session.refuse(roadmap.error());
    std::map<std::filesystem::path, model::RunResult> results;
    std::vector<const model::RunResult*> runs;
    std::vector<model::Scenario> scenarios;
    std::vector<model::Calibrations> calibrations;
    for (const sim::RoadmapStep& step : roadmap->steps) {
        auto prepared = prepare(step.scenario, arguments, *catalog, session);
        if (!prepared) return session.refuse(prepared.error());
        if (!results.contains(step.scenario)) {
            auto result = simulate(*prepared, *catalog, *options, session, step.scenario.filename().string());
            if (!result) return session.refuse(result.error());
            if (result->cancelled) return session.refuse(problem("", "interrupted"));
            results.emplace(step.scenario, *std::move(result));
        }
        runs.push_back(&results.at(step.scenario));
        scenarios.push_back(std::move(prepared->scenario));
        calibrations.push_back(std::move(prepared->calibrations));
    }
    const auto walk = walk_of(*roadmap, runs, scenarios, calibrations, *catalog);
    if (!walk) return session.refuse(walk.error());
    session.clear_progress();
    session.print(session.json() ? json_of(*walk) : text_of(*walk, session.colours()));
    const bool broken =
        std::any_of(runs.begin(), runs.end(), [](const auto* run) { return run->any_broken(); });
    return broken ? exit_broken : exit_good;
}

}  // namespace headroom::cli
