// The simulation held against what is known exactly, of textbook cases.

#include "app/cli/validate.h"

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/textbook.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Validated {
    const sim::TextbookCase* textbook_case;
    std::vector<sim::Check> checks;
};

/// A value of the check, to a tenth of its half-width, all of them in one unit.
std::string value_text(const sim::Check& check, double value) {
    const model::Metric* metric = model::find_metric(check.exact.key.metric);
    const double step = std::max(check.simulated.half_width / 10, 1e-6 * std::abs(check.exact.value));
    const double largest = std::max(std::abs(check.exact.value), std::abs(check.simulated.high()));
    std::string text = model::print_estimate(*metric, {value, step}, largest);
    return text.substr(0, text.find(" ±"));
}

Cell pass_cell(const sim::Check& check) {
    if (check.passes()) return {"pass", Tone::good};
    return {check.holds ? "too vague" : "FAIL", Tone::bad};
}

std::string interval_text(const sim::Check& check) {
    return value_text(check, check.simulated.low()) + " to " + value_text(check, check.simulated.high());
}

Table table_of(const std::vector<Validated>& validated) {
    Table table{{{"case"}, {"figure"}, {"exact", true}, {"simulated", true}, {"interval", true}, {"result"}},
                {}};
    for (const Validated& v : validated) {
        bool first = true;
        for (const sim::Check& check : v.checks) {
            table.rows.push_back({first ? v.textbook_case->id : "", figure_name(check.exact.key),
                                  value_text(check, check.exact.value),
                                  value_text(check, check.simulated.value), interval_text(check),
                                  pass_cell(check)});
            first = false;
        }
    }
    return table;
}

std::string text_of(const std::vector<Validated>& validated, bool colours) {
    std::size_t figures = 0, failed = 0, failed_cases = 0;
    for (const Validated& v : validated) {
        const auto bad = std::count_if(v.checks.begin(), v.checks.end(),
                                       [](const sim::Check& check) { return !check.passes(); });
        figures += v.checks.size();
        failed += static_cast<std::size_t>(bad);
        failed_cases += bad > 0 ? 1 : 0;
    }
    std::string text = print(table_of(validated), colours) + "\n";
    const std::string all = std::to_string(validated.size()) + (validated.size() == 1 ? " case" : " cases") +
                            ", " + std::to_string(figures) + " figures: ";
    text += failed == 0 ? all + coloured("all agree with the exact results", Tone::good, colours)
                        : all + coloured(std::to_string(failed) + " in " + std::to_string(failed_cases) +
                                             (failed_cases == 1 ? " case do" : " cases do") + " not agree",
                                         Tone::bad, colours);
    return text + ".\nThe intervals of a case hold together with 99.9 % confidence.\n";
}

std::string json_of(const std::vector<Validated>& validated) {
    Json cases = Json::array();
    bool good = true;
    for (const Validated& v : validated) {
        Json figures = Json::array();
        for (const sim::Check& check : v.checks) {
            Json figure{{"metric", check.exact.key.metric}};
            if (!check.exact.key.subject.empty()) figure["subject"] = check.exact.key.subject;
            if (!check.exact.key.of.empty()) figure["of"] = check.exact.key.of;
            figure["exact"] = check.exact.value;
            figure["simulated"] = check.simulated.value;
            figure["low"] = check.simulated.low();
            figure["high"] = check.simulated.high();
            figure["widest"] = check.exact.width;
            figure["holds"] = check.holds;
            figure["pass"] = check.passes();
            good = good && check.passes();
            figures.push_back(std::move(figure));
        }
        cases.push_back(
            {{"case", v.textbook_case->id}, {"source", v.textbook_case->source}, {"figures", figures}});
    }
    const Json json{{"format", "headroom-validation-1"},
                    {"confidence", sim::case_confidence},
                    {"pass", good},
                    {"cases", cases}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string figure_name(const model::FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    return (metric ? metric->title : key.metric) + ", " + subject_text(key);
}

model::Expected<model::RunResult> run_case(const std::string& id, const std::filesystem::path& scenario,
                                           std::size_t done, std::size_t all, const Arguments& arguments,
                                           const model::Catalog& catalog, const sim::RunOptions& options,
                                           Session& session) {
    session.show_progress("Validating", static_cast<double>(done) / static_cast<double>(all), id);
    const auto prepared = prepare(scenario, arguments, catalog, session);
    if (!prepared) return tl::unexpected(prepared.error());
    auto result = sim::run(prepared->scenario, catalog, prepared->calibrations, options, {}, session.stop());
    if (result && result->cancelled) return tl::unexpected(problem("", "interrupted"));
    return result;
}

int validate(const Arguments& arguments, Session& session) {
    auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    if (arguments.has("--measured")) return validate_measured(arguments, session, *catalog, *options);
    options->level = model::Level::record;
    const std::string named = arguments.text("--cases");
    const auto folder =
        named.empty() ? sim::find_textbook_cases() : model::Expected<std::filesystem::path>(named);
    if (!folder) return session.refuse(folder.error());
    auto all = sim::read_textbook_cases(*folder);
    if (!all) return session.refuse(all.error());
    const auto cases = chosen(*std::move(all), arguments.positionals);
    if (!cases) return session.refuse(cases.error());

    std::vector<Validated> validated;
    for (const sim::TextbookCase& textbook_case : *cases) {
        const auto result = run_case(textbook_case.id, textbook_case.scenario, validated.size(),
                                     cases->size(), arguments, *catalog, *options, session);
        if (!result) return session.refuse(result.error());
        auto checks = sim::check_case(textbook_case, *result);
        if (!checks) return session.refuse(checks.error());
        validated.push_back({&textbook_case, *std::move(checks)});
    }
    session.clear_progress();
    if (session.json())
        session.print(json_of(validated));
    else if (arguments.has("--csv"))
        session.print(to_csv(table_of(validated)));
    else
        session.print(text_of(validated, session.colours()));
    const bool good = std::all_of(validated.begin(), validated.end(), [](const Validated& v) {
        return std::all_of(v.checks.begin(), v.checks.end(),
                           [](const auto& check) { return check.passes(); });
    });
    return good ? exit_good : exit_broken;
}

}  // namespace headroom::cli
