#include "app/cli/commands.h"
#include "app/cli/pictures.h"
#include "app/cli/results.h"
#include "app/cli/sensitivities.h"
#include "app/cli/session.h"
#include "app/cli/studies.h"
#include "model/scenario/write_file.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/inputs.h"
#include "sim/experiment/sensitivity_study.h"
#include "sim/experiment/study_file.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;
using model::Expected;
using Kind = sim::Design::Kind;
namespace fs = std::filesystem;

constexpr double usual_spread = 0.2;
constexpr int usual_trajectories = 10, usual_pairs = 64;

Expected<sim::Design> design_of(const Arguments& arguments) {
    sim::Design design{Kind::one_at_a_time, 0};
    if (const std::string word = arguments.text("--method"); !word.empty()) {
        bool known = false;
        for (const Kind kind : {Kind::one_at_a_time, Kind::morris, Kind::sobol_indices})
            if (word == sim::word_for(kind)) {
                design.kind = kind;
                known = true;
            }
        if (!known)
            return tl::unexpected(problem("--method", "'" + model::excerpt(word) +
                                                          "' is no method; one-at-a-time, morris or "
                                                          "sobol-indices expected"));
    }
    design.samples = design.kind == Kind::morris          ? usual_trajectories
                     : design.kind == Kind::sobol_indices ? usual_pairs
                                                          : 0;
    const std::string text = arguments.text("--samples");
    if (text.empty()) return design;
    if (design.kind == Kind::one_at_a_time)
        return tl::unexpected(problem("--samples",
                                      "one at a time has no samples; it goes with --method morris "
                                      "or sobol-indices"));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), design.samples);
    if (error != std::errc() || end != text.data() + text.size() || design.samples < 2 ||
        design.samples > static_cast<int>(sim::most_points))
        return tl::unexpected(problem(
            "--samples",
            "'" + model::excerpt(text) + "' is not a number from 2 to " + std::to_string(sim::most_points)));
    return design;
}

Expected<double> spread_of(const Arguments& arguments) {
    const std::string text = arguments.text("--spread");
    if (text.empty()) return usual_spread;
    const auto spread = model::parse_quantity(text, model::dimensions::none);
    if (!spread) return tl::unexpected(problem("--spread", spread.error()));
    if (!(*spread > 0 && *spread < 1))
        return tl::unexpected(
            problem("--spread", "'" + model::excerpt(text) + "' is not between 0 and 100 %"));
    return *spread;
}

/// "response.p99 of payments", "freshness.p95 of clicks in warehouse", "cost"
Expected<model::FigureKey> figure_named(const std::string& text, const model::Scenario& scenario) {
    model::FigureKey key;
    std::string of;
    const std::size_t in = text.find(" in "), about = text.find(" of ");
    key.metric = text.substr(0, std::min(in, about));
    if (about != std::string::npos)
        of = text.substr(about + 4, in == std::string::npos ? in : in - about - 4);
    if (in != std::string::npos) key.subject = text.substr(in + 4);
    if (!model::find_metric(key.metric)) {
        std::vector<std::string> names;
        for (const model::Metric& metric : model::metrics()) names.emplace_back(metric.id);
        const std::string near = model::nearest_name(key.metric, names);
        return tl::unexpected(
            problem("--metric", "there is no metric '" + model::excerpt(key.metric) + "'" +
                                    (near.empty() ? "" : "; did you mean '" + near + "'?")));
    }
    const auto has = [](const auto& all, const std::string& id) {
        return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
    };
    // Of a metric of components, "of" names the component.
    if (!of.empty() && key.subject.empty() && !has(scenario.workloads, of))
        key.subject = of;
    else
        key.of = of;
    const std::string component = key.subject.substr(0, key.subject.find('.'));
    if (!component.empty() && !has(scenario.components, component))
        return tl::unexpected(problem("--metric", "there is no workload or component '" +
                                                      model::excerpt(key.subject) + "' in the scenario"));
    if (!key.of.empty() && !has(scenario.workloads, key.of))
        return tl::unexpected(
            problem("--metric", "there is no workload '" + model::excerpt(key.of) + "' in the scenario"));
    return key;
}

/// Those that the person names; without any, those that the scenario assumes.
Expected<std::vector<sim::AssumedInput>> inputs_of(const Arguments& arguments, const Prepared& prepared,
                                                   double spread) {
    std::vector<sim::AssumedInput> inputs;
    for (const std::string& text : arguments.all("--uncertain")) {
        if (text.find('=') == std::string::npos) {
            auto input = sim::input_around(prepared.document, text, spread, "--uncertain");
            if (!input) return tl::unexpected(input.error());
            inputs.push_back(*std::move(input));
            continue;
        }
        auto factor = sim::parse_interval(text, "--uncertain");
        if (!factor) return tl::unexpected(factor.error());
        if (const auto known = sim::known_target(prepared.document, factor->field, "--uncertain"); !known)
            return tl::unexpected(known.error());
        sim::AssumedInput input;
        input.name = factor->path;
        input.low = factor->levels.front();
        input.high = factor->levels.back();
        input.factor = *std::move(factor);
        inputs.push_back(std::move(input));
    }
    if (!arguments.has("--uncertain")) {
        inputs = sim::assumed_inputs(prepared.document, prepared.scenario, spread);
        if (inputs.empty())
            return tl::unexpected(problem("--uncertain",
                                          "the scenario has no input that could be moved; name one with its "
                                          "interval: PATH=LOW..HIGH"));
    }
    return inputs;
}

/// What was asked, as the study file that could be run instead.
sim::SensitivityQuestion question_of(const Arguments& arguments, const std::string& name,
                                     const std::vector<sim::AssumedInput>& inputs,
                                     const sim::Design& design) {
    sim::SensitivityQuestion question{.name = "Sensitivity of " + name, .design = design};
    const fs::path output = arguments.text("--output");
    question.scenario = arguments.positionals[0];
    if (!output.empty())
        question.scenario =
            fs::proximate(fs::absolute(question.scenario), fs::absolute(output).parent_path());
    for (const sim::AssumedInput& input : inputs) question.inputs.push_back(input.factor);
    for (const std::string& assignment : arguments.all("--set")) {
        const std::size_t equals = assignment.find('=');
        question.set.emplace_back(assignment.substr(0, equals), assignment.substr(equals + 1));
    }
    question.options.emplace_back(
        "level", arguments.has("--level") ? arguments.text("--level") : sim::closed_forms_word);
    for (const char* option : {"horizon", "seed", "replications"})
        if (const std::string name_of = std::string("--") + option; arguments.has(name_of))
            question.options.emplace_back(option, arguments.text(name_of));
    return question;
}

/// Runs the plan, in a store where one is named, and reads what its points say.
Expected<std::vector<sim::Sensitivity>> answers(const sim::StudyPlan& plan, const model::Catalog& catalog,
                                                const Arguments& arguments, Session& session) {
    const auto progress = [&](const sim::StudyProgress& p) { show_points(p, session); };
    if (arguments.has("--store")) {
        auto store =
            model::ResultsStore::open(arguments.text("--store"), model::ResultsStore::Access::read_write);
        if (!store) return tl::unexpected(store.error());
        const auto study = sim::run_study(plan, catalog, *store, {}, progress, session.stop());
        if (!study) return tl::unexpected(study.error());
        return sensitivities_of(*study, *store);
    }
    std::vector<std::optional<model::RunResult>> results(plan.points.size());
    std::vector<int> all;
    for (const model::StudyPoint& point : plan.study.points) all.push_back(point.index);
    const auto ran = sim::run_points(
        plan, catalog, all,
        [&](std::vector<model::PointResult> finished) {
            for (model::PointResult& one : finished)
                results[static_cast<std::size_t>(one.point)] = std::move(one.result);
            return Expected<void>();
        },
        progress, session.stop());
    if (!ran) return tl::unexpected(ran.error());
    return sim::analyse(plan.study, [&](std::size_t point) {
        return Expected<std::optional<model::RunResult>>(std::move(results[point]));
    });
}

std::string chosen_text(const Arguments& arguments, const std::vector<sim::AssumedInput>& inputs,
                        double spread) {
    const std::string around = model::format_quantity(spread, model::dimensions::none, {.percent = true});
    const std::string level = arguments.has("--level") ? "simulated" : "by closed forms";
    if (arguments.has("--uncertain"))
        return std::to_string(inputs.size()) + (inputs.size() == 1 ? " input, " : " inputs, ") + level +
               "; ranges as given, " + around + " around the value where none is.";
    return "All " + std::to_string(inputs.size()) +
           " inputs that are loads, sizes, or declared as measured, each " + around + " lower and higher, " +
           level + ".";
}

Json inputs_json(const std::vector<sim::AssumedInput>& inputs) {
    Json list = Json::array();
    for (const sim::AssumedInput& input : inputs)
        list.push_back({{"path", input.factor.path},
                        {"name", input.name},
                        {"as_is", input.from},
                        {"from", input.low},
                        {"to", input.high},
                        {"origin", input.origin}});
    return list;
}

}  // namespace

int sensitivity(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto design = design_of(arguments);
    if (!design) return session.refuse(design.error());
    const auto spread = spread_of(arguments);
    if (!spread) return session.refuse(spread.error());
    for (const char* option : {"--horizon", "--replications"})
        if (arguments.has(option) && !arguments.has("--level"))
            return session.refuse(problem(option, "closed forms simulate nothing; it goes with --level"));
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const auto inputs = inputs_of(arguments, *prepared, *spread);
    if (!inputs) return session.refuse(inputs.error());
    sim::SensitivityQuestion question = question_of(arguments, prepared->scenario.name, *inputs, *design);
    for (const std::string& text : arguments.all("--metric")) {
        auto key = figure_named(text, prepared->scenario);
        if (!key) return session.refuse(key.error());
        question.figures.push_back(*std::move(key));
    }
    const std::string text = sim::study_text(question);
    const fs::path output = arguments.text("--output");
    auto plan = sim::read_study(text, output);
    if (!plan) return session.refuse(plan.error());
    plan->options.threads = options->threads;
    if (const auto checked = sim::check_study(*plan, *catalog, session.stop()); !checked)
        return session.refuse(checked.error());
    if (!output.empty()) {
        if (const auto written = model::write_file(output, text); !written)
            return session.refuse(written.error());
        session.print(output.string() + " is written: a study of " + std::to_string(plan->points.size()) +
                      " points, which 'headroom study run' runs.\n");
        return exit_good;
    }
    const fs::path charts = arguments.text("--charts");
    if (!charts.empty())
        if (const auto possible = try_charts(charts); !possible) return session.refuse(possible.error());
    const auto found = answers(*plan, *catalog, arguments, session);
    if (!found) return session.refuse(found.error());
    session.clear_progress();
    if (session.stop().stop_requested()) return session.refuse(problem("", "interrupted"));
    if (!charts.empty())
        if (const auto drawn = write_charts(report::sensitivity_pictures(*found), charts); !drawn)
            return session.refuse(drawn.error());

    if (session.json())
        session.print(Json{{"format", "headroom-sensitivity-1"},
                           {"scenario", prepared->scenario.name},
                           {"inputs", inputs_json(*inputs)},
                           {"sensitivity", sensitivities_json(*found)}}
                          .dump(2, ' ', false, Json::error_handler_t::replace) +
                      "\n");
    else if (arguments.has("--csv"))
        session.print(sensitivities_csv(*found));
    else if (arguments.has("--markdown"))
        session.print("## " + prepared->scenario.name + ": what decides\n\n" +
                      chosen_text(arguments, *inputs, *spread) + "\n\n" + sensitivities_markdown(*found));
    else
        session.print(coloured(prepared->scenario.name, Tone::strong, session.colours()) + "\n" +
                      wrap(chosen_text(arguments, *inputs, *spread), 110, "") + "\n" +
                      sensitivities_text(*found, arguments.has("--all"), session.colours()));
    const bool broken =
        std::any_of(found->begin(), found->end(), [](const auto& one) { return one.broken > 0; });
    return broken ? exit_broken : exit_good;
}

}  // namespace headroom::cli
