// The simulation held against what was measured on real systems.

#include "app/cli/table.h"
#include "app/cli/validate.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/known_cases.h"

#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Held {
    const sim::KnownCase* known;
    std::vector<sim::Deviation> deviations;
};

std::string percent(double part) {
    return model::format_quantity(part, model::dimensions::none, {.digits = 2, .percent = true});
}

Cell verdict_cell(sim::Verdict verdict) {
    switch (verdict) {
        case sim::Verdict::near:
            return {sim::word_for(verdict), Tone::good};
        case sim::Verdict::wrong:
            return {sim::word_for(verdict), Tone::bad};
        default:
            return {sim::word_for(verdict)};
    }
}

Table table_of(const std::vector<Held>& all) {
    Table table{{{"case"},
                 {"figure"},
                 {"measured", true},
                 {"simulated", true},
                 {"error", true},
                 {"near is", true},
                 {"result"},
                 {"note"}},
                {}};
    for (const Held& held : all) {
        if (!held.known->missing.empty())
            table.rows.push_back({held.known->id, "", "", "", "", "", "not held", held.known->missing});
        bool first = true;
        for (const sim::Deviation& each : held.deviations) {
            table.rows.push_back({first ? held.known->id : "", figure_name(each.known.key), each.known.text,
                                  figure_text(each.known.key, each.simulated), percent(each.error),
                                  percent(sim::near_within(each.known.key.metric)),
                                  verdict_cell(each.verdict()), each.known.note});
            first = false;
        }
    }
    return table;
}

std::size_t count(const std::vector<Held>& all, sim::Verdict verdict) {
    std::size_t number = 0;
    for (const Held& held : all)
        number += static_cast<std::size_t>(
            std::count_if(held.deviations.begin(), held.deviations.end(),
                          [&](const sim::Deviation& each) { return each.verdict() == verdict; }));
    return number;
}

/// How many figures say what, in words.
std::string summary_of(const std::vector<Held>& all, bool colours) {
    const auto part = [&](sim::Verdict verdict, const char* one, const char* more) {
        const std::size_t number = count(all, verdict);
        return std::to_string(number) + (number == 1 ? one : more);
    };
    return part(sim::Verdict::near, " figure is", " figures are") + " near what was measured, " +
           part(sim::Verdict::off, " is off for the reason in its note, ",
                " are off for the reason in their notes, ") +
           part(sim::Verdict::fitted, " was used to choose a parameter and says nothing, ",
                " were used to choose a parameter and say nothing, ") +
           coloured(part(sim::Verdict::wrong, " is", " are") + " further off than known",
                    count(all, sim::Verdict::wrong) > 0 ? Tone::bad : Tone::good, colours) +
           ".\n";
}

std::string json_of(const std::vector<Held>& all) {
    Json cases = Json::array();
    for (const Held& held : all) {
        Json figures = Json::array();
        for (const sim::Deviation& each : held.deviations) {
            Json figure{{"metric", each.known.key.metric}};
            if (!each.known.key.subject.empty()) figure["subject"] = each.known.key.subject;
            if (!each.known.key.of.empty()) figure["of"] = each.known.key.of;
            figure["measured"] = each.known.value;
            figure["simulated"] = each.simulated.value;
            figure["error"] = each.error;
            figure["near"] = sim::near_within(each.known.key.metric);
            figure["allowed"] = each.known.width;
            figure["result"] = sim::word_for(each.verdict());
            if (!each.known.note.empty()) figure["note"] = each.known.note;
            figures.push_back(std::move(figure));
        }
        Json one{{"case", held.known->id}, {"source", held.known->source}};
        if (!held.known->missing.empty()) one["missing"] = held.known->missing;
        one["figures"] = std::move(figures);
        cases.push_back(std::move(one));
    }
    return Json{{"format", "headroom-measured-2"}, {"cases", cases}}.dump(2, ' ', false,
                                                                          Json::error_handler_t::replace) +
           "\n";
}

}  // namespace

int validate_measured(const Arguments& arguments, Session& session, const model::Catalog& catalog,
                      const sim::RunOptions& options) {
    const std::string named = arguments.text("--cases");
    const auto file =
        named.empty()
            ? sim::find_measured_cases()
            : model::Expected<std::filesystem::path>(std::filesystem::path(named) / "measured.yaml");
    if (!file) return session.refuse(file.error());
    auto all = sim::read_known_cases(*file, sim::measured_words);
    if (!all) return session.refuse(all.error());
    const auto cases = chosen(*std::move(all), arguments.positionals);
    if (!cases) return session.refuse(cases.error());
    std::vector<Held> held;
    for (const sim::KnownCase& known : *cases) {
        if (known.figures.empty()) {
            held.push_back({&known, {}});
            continue;
        }
        const auto result = run_case(known.id, known.scenario, held.size(), cases->size(), arguments, catalog,
                                     options, session);
        if (!result) return session.refuse(result.error());
        auto deviations = sim::deviations(known, *result);
        if (!deviations) return session.refuse(deviations.error());
        held.push_back({&known, *std::move(deviations)});
    }
    session.clear_progress();
    if (session.json())
        session.print(json_of(held));
    else if (arguments.has("--csv"))
        session.print(to_csv(table_of(held)));
    else
        session.print(print(table_of(held), session.colours()) + "\n" + summary_of(held, session.colours()));
    return count(held, sim::Verdict::wrong) == 0 ? exit_good : exit_broken;
}

}  // namespace headroom::cli
