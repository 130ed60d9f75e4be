// Measured history to a workload profile, with how far it can be trusted.

#include "sim/experiment/forecast.h"

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/scenario/write_file.h"
#include "model/units/unit.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string percent(double share, int digits = 3) {
    return model::format_quantity(share, model::dimensions::none, {.digits = digits, .percent = true});
}

std::string rate(double value, const sim::History& history) {
    return model::format_quantity(value, model::dimensions::item_rate, {.noun = history.noun});
}

std::string factor(double value) { return model::format_quantity(value, model::dimensions::none) + "x"; }

std::string what_was_read(const sim::History& history, const sim::Forecast& forecast) {
    std::string text = std::to_string(history.rows) + " rows of " + model::format(history.step) + " from " +
                       sim::print_time(history.start) + " to " + sim::print_time(history.end()) +
                       ", column '" + history.column + "'" +
                       (history.counted ? ", taken as counts of a step as it has no unit (--unit)" : "");
    const auto add = [&](int count, const char* what) {
        if (count > 0) text += "; " + std::to_string(count) + " " + what;
    };
    add(history.missing, "steps without a value");
    add(history.empty, "rows with an empty value");
    add(history.repeated, "rows with a time that was there before, averaged");
    add(history.unsorted, "rows out of order");
    add(history.clock_changes, "hours missing or repeated as where clocks are changed");
    if (forecast.step != history.step) text += "; averaged to " + model::format(forecast.step);
    return text + ".";
}

Table parts_of(const sim::Forecast& forecast, const sim::History& history) {
    Table table{{{"part"}, {"fitted", true}, {"between (95 %)"}, {"when"}}, {}};
    table.rows.push_back({"base", rate(forecast.profile.base.value(), history), "",
                          "on " + sim::print_time(forecast.first_day)});
    if (forecast.grows)
        table.rows.push_back({"growth", percent(forecast.growth) + " a year",
                              percent(forecast.growth_low) + " to " + percent(forecast.growth_high), ""});
    for (const sim::SeasonFit& season : forecast.seasons)
        table.rows.push_back({season.name, season.kept ? "peak " + factor(season.season.peak) : "none", "",
                              season.kept ? "peak " + sim::print_time(forecast.first_day +
                                                                      std::llround(season.season.at.value()))
                                          : "not significant at 1 %"});
    for (const sim::EventFit& event : forecast.events)
        table.rows.push_back({event.name.empty() ? "outliers" : event.name, factor(event.factor),
                              factor(event.low) + " to " + factor(event.high),
                              sim::print_time(event.from) + " for " +
                                  model::format(model::seconds(static_cast<double>(event.to - event.from))) +
                                  (event.times > 1 ? ", " + std::to_string(event.times) + " times" : "")});
    return table;
}

std::string check_text(const sim::Forecast& forecast) {
    if (!forecast.check) return "  The history is too short to hold some of it back.\n";
    const sim::HoldBack& check = *forecast.check;
    Table table{{{"held back"}, {"WAPE", true}, {"MASE", true}}, {}};
    table.rows.push_back({"this profile, fitted to what was before", percent(check.wape),
                          model::format_quantity(check.mase, model::dimensions::none)});
    table.rows.push_back({"naive: the latest " + model::format(check.naive_season) + " again",
                          percent(check.naive_wape),
                          model::format_quantity(check.naive_mase, model::dimensions::none)});
    return print(table, false) + "  " +
           wrap(std::to_string(check.values) + " values from " + sim::print_time(check.from) +
                    " on, of which " + percent(check.inside) + " lie in their 95 % prediction intervals.",
                94, "  ") +
           "\n";
}

Table months_of(const sim::Forecast& forecast, const sim::History& history) {
    Table table{{{"month from"},
                 {"mean", true},
                 {"between (95 %)", true},
                 {"highest", true},
                 {"up to (97.5 %)", true}},
                {}};
    for (const sim::ForecastMonth& month : forecast.months)
        table.rows.push_back({sim::print_time(month.from), rate(month.mean, history),
                              rate(month.low, history) + " to " + rate(month.high, history),
                              rate(month.peak, history), rate(month.peak_high, history)});
    return table;
}

/// Where the profile goes: a workload, of a scenario or by itself.
struct Target {
    std::string workload = "measured", kind = "stream", name;
    std::filesystem::path scenario;  ///< empty: none
};

std::string profile_text(const sim::Forecast& forecast, const sim::History& history, const Target& target,
                         const std::filesystem::path& measured, const std::filesystem::path& folder) {
    std::string text = "# Fitted by headroom forecast to " + measured.filename().string() + ", " +
                       sim::print_time(history.start) + " to " + sim::print_time(history.end()) +
                       ". Day 1 is Monday " + sim::print_time(forecast.first_day).substr(0, 10) + ".\n";
    if (forecast.grows) {
        char growth[160];
        std::snprintf(growth, sizeof growth,
                      "# Growth in 95 %%: headroom growth --growth \"%s=%.3g..%.3g %%/year\"\n",
                      target.workload.c_str(), 100 * forecast.growth_low, 100 * forecast.growth_high);
        text += growth;
    }
    text += "headroom: 1\n";
    if (!target.scenario.empty()) {
        std::error_code ignored;
        const std::filesystem::path from = std::filesystem::relative(target.scenario, folder, ignored);
        text += "name: " + model::quote_scalar(target.name + ", as measured") +
                "\nextends: " + model::quote_scalar((from.empty() ? target.scenario : from).string()) + "\n";
    }
    text += "workloads:\n  " + target.workload + ":\n    " + target.kind + ":\n";
    for (const std::string& field : sim::profile_fields(forecast, history)) text += "      " + field + "\n";
    return text;
}

std::string json_of(const sim::Forecast& forecast, const sim::History& history) {
    Json json{{"format", "headroom-forecast-1"},
              {"history",
               {{"rows", history.rows},
                {"step_s", history.step.value()},
                {"from", sim::print_time(history.start)},
                {"to", sim::print_time(history.end())},
                {"missing", history.missing},
                {"empty", history.empty},
                {"repeated", history.repeated},
                {"unsorted", history.unsorted},
                {"clock_changes", history.clock_changes},
                {"zeros", forecast.zeros}}},
              {"first_day", sim::print_time(forecast.first_day).substr(0, 10)},
              {"base_per_s", forecast.profile.base.value()},
              {"growth", forecast.grows ? Json{{"value", forecast.growth},
                                               {"low", forecast.growth_low},
                                               {"high", forecast.growth_high}}
                                        : Json()},
              {"sigma", forecast.sigma},
              {"phi", forecast.phi},
              {"explained", forecast.explained},
              {"seasons", Json::array()},
              {"events", Json::array()},
              {"months", Json::array()},
              {"notes", forecast.notes}};
    for (const sim::SeasonFit& season : forecast.seasons)
        if (season.kept)
            json["seasons"].push_back(
                {{"name", season.name}, {"peak", season.season.peak}, {"at_s", season.season.at.value()}});
    for (const sim::EventFit& event : forecast.events)
        json["events"].push_back({{"name", event.name},
                                  {"factor", event.factor},
                                  {"low", event.low},
                                  {"high", event.high},
                                  {"from", sim::print_time(event.from)},
                                  {"to", sim::print_time(event.to)}});
    for (const sim::ForecastMonth& month : forecast.months)
        json["months"].push_back({{"from", sim::print_time(month.from)},
                                  {"mean", month.mean},
                                  {"low", month.low},
                                  {"high", month.high},
                                  {"peak", month.peak},
                                  {"peak_high", month.peak_high}});
    if (forecast.check)
        json["held_back"] = {{"from", sim::print_time(forecast.check->from)},
                             {"values", forecast.check->values},
                             {"wape", forecast.check->wape},
                             {"mase", forecast.check->mase},
                             {"naive_wape", forecast.check->naive_wape},
                             {"naive_mase", forecast.check->naive_mase},
                             {"naive_season_s", forecast.check->naive_season.value()},
                             {"inside", forecast.check->inside}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csv_of(const sim::Forecast& forecast) {
    Table table{{{"from"}, {"mean"}, {"low"}, {"high"}, {"peak"}, {"peak_high"}}, {}};
    for (const sim::ForecastMonth& month : forecast.months)
        table.rows.push_back({sim::print_time(month.from), plain_number(month.mean), plain_number(month.low),
                              plain_number(month.high), plain_number(month.peak),
                              plain_number(month.peak_high)});
    return to_csv(table);
}

/// The workload of the scenario that the profile is for: the one named, or the only one.
model::Expected<Target> target_of(const Arguments& arguments, Session& session) {
    Target target;
    if (arguments.has("--workload")) target.workload = arguments.text("--workload");
    if (!model::quote_scalar(target.workload).starts_with(target.workload) || target.workload.empty())
        return tl::unexpected(
            problem("--workload", "'" + model::excerpt(target.workload) + "' is no name of a workload"));
    if (!arguments.has("--onto")) return target;
    const auto catalog = load_catalog();
    if (!catalog) return tl::unexpected(catalog.error());
    target.scenario = arguments.text("--onto");
    const auto document = model::Document::load(target.scenario);
    if (!document) return tl::unexpected(document.error());
    const auto scenario = read(*document, *catalog, session);
    if (!scenario) return tl::unexpected(scenario.error());
    std::vector<std::string> names;
    for (const model::Workload& workload : scenario->workloads) names.push_back(workload.id);
    if (!arguments.has("--workload")) {
        if (names.size() != 1)
            return tl::unexpected(problem("--workload", "the scenario has " + std::to_string(names.size()) +
                                                            " workloads; name the one that was measured"));
        target.workload = names.front();
    }
    const model::Workload* workload = scenario->workload(target.workload);
    if (workload == nullptr) {
        const std::string near = model::nearest_name(target.workload, names);
        return tl::unexpected(
            problem("--workload", "the scenario has no workload '" + model::excerpt(target.workload) + "'" +
                                      (near.empty() ? "" : "; did you mean '" + near + "'?")));
    }
    if (const auto* requests = std::get_if<model::Requests>(&workload->load)) {
        if (requests->users)
            return tl::unexpected(
                problem("--workload",
                        "'" + target.workload + "' has users, who come by no rate that could be fitted"));
        target.kind = "requests";
    }
    target.name = scenario->name;
    return target;
}

}  // namespace

int forecast(const Arguments& arguments, Session& session) {
    sim::ForecastOptions options;
    const auto months = months_option(arguments, "--ahead", 120, options.months);
    if (!months) return session.refuse(months.error());
    options.months = *months;
    const auto held = share_option(arguments, "--hold-back", options.hold_back);
    if (!held) return session.refuse(held.error());
    options.hold_back = *held;
    const auto target = target_of(arguments, session);
    if (!target) return session.refuse(target.error());
    if (arguments.has("--events")) {
        auto events = sim::read_events(arguments.text("--events"));
        if (!events) return session.refuse(events.error());
        options.events = *std::move(events);
    }
    const std::filesystem::path file = arguments.positionals[0];
    const auto history =
        sim::read_history(file, {.column = arguments.text("--column"), .unit = arguments.text("--unit")});
    if (!history) return session.refuse(history.error());
    auto forecast = sim::forecast(*history, options);
    if (!forecast) {
        for (model::Problem& each : forecast.error()) each.place.file = file.string();
        return session.refuse(forecast.error());
    }
    const std::filesystem::path output = arguments.text("--output");
    const std::filesystem::path folder =
        output.empty() ? std::filesystem::current_path() : std::filesystem::absolute(output).parent_path();
    const std::string profile = profile_text(*forecast, *history, *target, file, folder);
    if (!output.empty())
        if (const auto written = model::write_file(output, profile); !written)
            return session.refuse(written.error());
    if (session.json()) {
        session.print(json_of(*forecast, *history));
    } else if (arguments.has("--csv")) {
        session.print(csv_of(*forecast));
    } else {
        const bool colours = session.colours();
        std::string text = wrap(what_was_read(*history, *forecast), 100, "") + "\n";
        text += heading("What it is made of", colours) + print(parts_of(*forecast, *history), colours);
        text += "  " +
                wrap("That explains " + percent(forecast->explained) +
                         " of the variance of the logarithm; what is left scatters by " +
                         percent(forecast->sigma) + ", neighbours are correlated by " +
                         model::format_quantity(forecast->phi, model::dimensions::none) + ".",
                     94, "  ") +
                "\n";
        text += heading("How far off it is", colours) + check_text(*forecast);
        text += heading("Months to come", colours) + print(months_of(*forecast, *history), colours);
        for (const std::string& note : forecast->notes) text += "\n" + wrap(note, 100, "") + "\n";
        if (output.empty()) text += heading("Profile", colours) + profile;
        session.print(text);
    }
    return exit_good;
}

}  // namespace headroom::cli
