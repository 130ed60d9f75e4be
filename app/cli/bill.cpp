#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string digits(double value) {
    char text[64];
    std::snprintf(text, sizeof text, value < 1000 ? "%.4g" : "%.0f", value);
    return model::group_thousands(text);
}

std::string origin_of(const model::BillLine& line) {
    if (line.provenance.status == 'M' || line.provenance.source.empty())
        return "unsourced" + (line.provenance.source.empty() ? "" : ": " + line.provenance.source);
    return (line.provenance.status == 'D' ? "derived: " : "") + line.provenance.source + ", " +
           line.provenance.as_of;
}

/// The platform's cost for each unit of what it does.
std::string unit_costs(const model::RunResult& result) {
    struct Unit {
        const char* metric;
        double units;
        const char* name;
    };
    const Unit table[] = {{"cost.byte", 1e12, "TB that arrives"},
                          {"cost.event", 1e6, "million events"},
                          {"cost.query", 1e3, "thousand requests"},
                          {"cost.user", model::months(1).value(), "user, a month"}};
    std::string text;
    for (const Unit& unit : table)
        if (const model::Figure* figure = result.find({unit.metric, "", ""}))
            text += (text.empty() ? "" : ", ") + dollars(figure->simulated.value * unit.units) +
                    " for each " + unit.name;
    return text.empty() ? text : "  " + wrap("That is " + text + ".", 94, "  ") + "\n";
}

const model::Series* cost_series(const model::RunResult& result, const std::string& part) {
    for (const model::Series& series : result.series)
        if (series.key.metric == "cost" && series.key.subject == part) return &series;
    return nullptr;
}

/// Dollars of each month to come, of the platform or a part of it.
std::vector<double> months_of(const model::Series& series) {
    std::vector<double> amounts = series.values;
    for (double& amount : amounts) amount *= series.step.value();
    return amounts;
}

std::string years_text(const model::RunResult& result, bool colours) {
    const model::Series* series = cost_series(result, "");
    if (series == nullptr) return {};
    const std::vector<double> months = months_of(*series);
    Table table{{{"year"}, {"first month", true}, {"last month", true}, {"whole year", true}}, {}};
    for (std::size_t from = 0; from + 12 <= months.size(); from += 12)
        table.rows.push_back(
            {std::to_string(from / 12 + 1), dollars(months[from]), dollars(months[from + 11]),
             dollars(std::accumulate(months.begin() + static_cast<std::ptrdiff_t>(from),
                                     months.begin() + static_cast<std::ptrdiff_t>(from) + 12, 0.0))});
    return heading("The years to come", colours) + print(table, colours) +
           "  From an empty start, at the growth of the workloads; nodes stay as many as they are.\n";
}

std::string bill_json(const model::RunResult& result) {
    const Json whole = Json::parse(model::to_json(result));
    Json json{{"format", "headroom-bill-1"}, {"scenario", result.scenario_name}, {"bill", whole["bill"]}};
    Json months = Json::object();
    for (const model::Series& series : result.series)
        if (series.key.metric == "cost")
            months[series.key.subject.empty() ? "platform" : series.key.subject] = months_of(series);
    json["months"] = std::move(months);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string bill_csv(const model::RunResult& result) {
    Table table{{{"component"},
                 {"dimension"},
                 {"detail"},
                 {"price"},
                 {"units"},
                 {"unit"},
                 {"unit_price"},
                 {"amount"},
                 {"status"},
                 {"source"},
                 {"as_of"}},
                {}};
    for (const model::BillLine& line : result.bill.lines)
        table.rows.push_back({line.component, line.dimension, line.detail, line.price_id,
                              plain_number(line.units), line.unit, plain_number(line.unit_price),
                              plain_number(line.amount), std::string(1, line.provenance.status),
                              line.provenance.source, line.provenance.as_of});
    return to_csv(table);
}

}  // namespace

std::string bill_text(const model::RunResult& result, bool sources, bool colours) {
    if (result.bill.lines.empty()) return {};
    Table table{{{"bill of a month"}, {""}, {"", true}, {"", true}, {"", true}, {""}}, {}};
    double total = 0;
    std::vector<std::string> origins;
    for (const model::BillLine& line : result.bill.lines) {
        std::string what = line.dimension;
        if (!line.detail.empty()) what += ", " + line.detail;
        std::string mark;
        if (sources) {
            const std::string origin = line.price_id + ": " + origin_of(line);
            auto found = std::find(origins.begin(), origins.end(), origin);
            if (found == origins.end()) found = origins.insert(origins.end(), origin);
            mark = "[" + std::to_string(found - origins.begin() + 1) + "]";
            if (line.provenance.status == 'M') mark += " unsourced";
        }
        table.rows.push_back(
            {line.component,
             what,
             digits(line.units) + " x " + line.unit,
             "at " + model::format_quantity(line.unit_price, model::dimensions::money, {.digits = 5}),
             {dollars(line.amount)},
             mark});
        total += line.amount;
    }
    table.rows.push_back({{"total", Tone::strong}, "", "", "", {dollars(total), Tone::strong}, ""});
    std::string text = heading("Cost", colours) + print(table, colours) + unit_costs(result);
    const auto unsourced = std::count_if(result.bill.lines.begin(), result.bill.lines.end(),
                                         [](const model::BillLine& l) { return l.provenance.status == 'M'; });
    if (unsourced > 0)
        text += "  " + std::to_string(unsourced) + (unsourced == 1 ? " price is" : " prices are") +
                " unsourced.\n";
    if (sources) {
        text += heading("Prices", colours);
        for (std::size_t i = 0; i < origins.size(); ++i)
            text += "  " + wrap("[" + std::to_string(i + 1) + "] " + origins[i], 92, "      ") + "\n";
    }
    return text;
}

int bill(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const auto result = simulate(*prepared, *catalog, *options, session, "Simulating");
    if (!result) return session.refuse(result.error());
    if (session.json())
        session.print(bill_json(*result));
    else if (arguments.has("--csv"))
        session.print(bill_csv(*result));
    else if (result->bill.lines.empty())
        session.print(result->scenario_name + " costs nothing: none of its components has a price.\n");
    else
        session.print(coloured(result->scenario_name, Tone::strong, session.colours()) + "\n" +
                      bill_text(*result, true, session.colours()) + years_text(*result, session.colours()));
    return exit_good;
}

}  // namespace headroom::cli
