// Month by month over the years: when a platform breaks, what to buy when, what it costs.

#include "app/cli/growth.h"

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::cli {

namespace {

constexpr double most_growth = 100;  ///< a year: 10,000 %

std::string percent(double share, int digits = 3) {
    return model::format_quantity(share, model::dimensions::none, {.digits = digits, .percent = true});
}

std::string month_name(const std::optional<int>& month) {
    return month ? std::to_string(*month + 1) : "later";
}

/// "12 to 18", "after 30"
std::string between(const sim::GrowthLimit& limit) {
    if (!limit.earliest) return "";
    if (!limit.latest) return "from " + month_name(limit.earliest) + " on";
    return *limit.earliest == *limit.latest ? ""
                                            : month_name(limit.earliest) + " to " + month_name(limit.latest);
}

std::string name_of(const sim::GrowthLimit& limit) {
    if (!limit.component) return limit.text;
    return limit.text + (limit.key.metric == "nodes.peak" ? ": nodes" : "") + " " + percent(limit.bound) +
           " full";
}

Table breaks_of(const sim::Growth& growth) {
    Table table{{{"what"},
                 {"month", true},
                 {"between", true},
                 {"at load", true},
                 {"month before", true},
                 {"then", true}},
                {}};
    std::vector<const sim::GrowthLimit*> limits;
    for (const sim::GrowthLimit& limit : growth.limits)
        if (limit.breaks || limit.earliest) limits.push_back(&limit);
    std::stable_sort(limits.begin(), limits.end(), [](const auto* a, const auto* b) {
        return a->breaks.value_or(1000) < b->breaks.value_or(1000);
    });
    for (const sim::GrowthLimit* limit : limits) {
        const bool breaks = limit->breaks.has_value();
        table.rows.push_back(
            {name_of(*limit),
             {month_name(limit->breaks), breaks ? Tone::bad : Tone::plain},
             between(*limit),
             breaks ? model::format_quantity(limit->load, model::dimensions::none) + "x" : "",
             breaks && *limit->breaks == 0 ? "" : figure_text(limit->key, limit->at_last),
             breaks ? figure_text(limit->key, limit->at_break) : ""});
    }
    return table;
}

std::string lasting(const sim::Growth& growth) {
    std::string text;
    for (const sim::GrowthLimit& limit : growth.limits)
        if (!limit.breaks && !limit.earliest && !limit.component)
            text += (text.empty() ? "" : "; ") + limit.text;
    return text.empty() ? text : "  Holds all the time: " + wrap(text, 94, "    ") + "\n";
}

Table months_of(const sim::Growth& growth, bool all) {
    Table table{{{"month", true}, {"load", true}}, {}};
    for (const sim::GrowthRate& rate : growth.growth) table.columns.push_back({rate.workload, true});
    for (const char* title : {"fullest as it is", "", "cost as it is", "cost enlarged", "between"})
        table.columns.push_back({title, std::string_view(title) != "fullest as it is"});
    if (growth.uncertain) table.columns.back().title = "between (growth)";
    const auto n = static_cast<int>(growth.months.size());
    const int step = n <= 12 ? 1 : n <= 36 ? 3 : 6;
    for (int m = 0; m < n; ++m) {
        const sim::GrowthMonth& month = growth.months[static_cast<std::size_t>(m)];
        const bool bought = std::any_of(growth.purchases.begin(), growth.purchases.end(),
                                        [&](const auto& purchase) { return purchase.month == m; });
        if (!all && m % step != 0 && m + 1 != n && !bought) continue;
        std::vector<Cell> row{std::to_string(m + 1),
                              model::format_quantity(month.load, model::dimensions::none) + "x"};
        for (std::size_t w = 0; w < growth.growth.size(); ++w)
            row.emplace_back(std::isnan(month.rates[w])
                                 ? std::string()
                                 : model::format_quantity(month.rates[w], model::dimensions::item_rate));
        row.emplace_back(month.fullest);
        row.emplace_back(percent(month.utilisation), month.utilisation >= 1 ? Tone::bad : Tone::plain);
        row.emplace_back(dollars(month.cost));
        row.emplace_back(dollars(month.planned));
        row.emplace_back(growth.uncertain ? dollars(month.low) + " to " + dollars(month.high) : "");
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table purchases_of(const sim::Growth& growth) {
    Table table{
        {{"month", true}, {"enlarge"}, {"from", true}, {"to", true}, {"more a month", true}, {"because"}},
        {}};
    for (const sim::Purchase& purchase : growth.purchases)
        for (std::size_t c = 0; c < purchase.changes.size(); ++c) {
            const auto& change = purchase.changes[c];
            table.rows.push_back({c == 0 ? std::to_string(purchase.month + 1) : "", change.path, change.from,
                                  change.to, c == 0 ? dollars(purchase.more_cost) : "",
                                  c == 0 ? purchase.because : ""});
        }
    return table;
}

std::string terms_of(const sim::Commitment& commitment) {
    std::string text;
    const auto add = [&](int count, const char* one, const char* many) {
        if (count > 0)
            text += (text.empty() ? "" : ", then ") +
                    (count == 1 ? std::string(one) : std::to_string(count) + many);
    };
    add(commitment.years_of_3, "3 years", " x 3 years");
    add(commitment.years_of_1, "1 year", " x 1 year");
    add(commitment.on_demand_months, "1 month on demand", " months on demand");
    return text;
}

std::string even_month(double months) {
    return std::isnan(months) ? "" : model::format_quantity(months, model::dimensions::none) + " mo";
}

Table commitments_of(const sim::Growth& growth) {
    Table table{{{"from month", true},
                 {"component"},
                 {"nodes", true},
                 {"cheapest"},
                 {"on demand", true},
                 {"so", true},
                 {"a year pays from", true},
                 {"three from", true}},
                {}};
    for (const sim::Commitment& commitment : growth.commitments)
        table.rows.push_back(
            {std::to_string(commitment.month + 1), commitment.component,
             model::format_quantity(commitment.nodes, model::dimensions::none) + " x " + commitment.instance,
             terms_of(commitment), dollars(commitment.on_demand_cost), dollars(commitment.cost),
             even_month(commitment.even_1), even_month(commitment.even_3)});
    return table;
}

double saving_of(const sim::Growth& growth) {
    double saving = 0;
    for (const sim::Commitment& commitment : growth.commitments)
        saving += commitment.on_demand_cost - commitment.cost;
    return saving;
}

Table years_of(const sim::Growth& growth) {
    Table table{{{"year"}, {"as it is", true}, {"enlarged", true}, {"between (growth)", true}}, {}};
    const auto sum = [&](std::size_t from, std::size_t to, double sim::GrowthMonth::*cost) {
        double all = 0;
        for (std::size_t m = from; m < to; ++m) all += growth.months[m].*cost;
        return dollars(all);
    };
    const auto row = [&](const std::string& name, std::size_t from, std::size_t to, Tone tone) {
        table.rows.push_back({{name, tone},
                              sum(from, to, &sim::GrowthMonth::cost),
                              {sum(from, to, &sim::GrowthMonth::planned), tone},
                              growth.uncertain ? sum(from, to, &sim::GrowthMonth::low) + " to " +
                                                     sum(from, to, &sim::GrowthMonth::high)
                                               : ""});
    };
    const std::size_t n = growth.months.size();
    for (std::size_t from = 0; from < n; from += 12)
        row(std::to_string(from / 12 + 1), from, std::min(from + 12, n), Tone::plain);
    row("all", 0, n, Tone::strong);
    return table;
}

std::string summary_of(const sim::Growth& growth) {
    std::string rates;
    for (const sim::GrowthRate& rate : growth.growth)
        rates +=
            (rates.empty() ? "" : ", ") + rate.workload + " " +
            (rate.low != rate.high ? percent(rate.low) + " to " + percent(rate.high) : percent(rate.middle)) +
            " a year";
    std::string text = std::to_string(growth.months.size()) + " months of growth: " + rates + ". " +
                       std::to_string(growth.screened) + " months were screened by closed forms, " +
                       std::to_string(growth.simulated) + " simulated with " +
                       std::to_string(growth.replications) + " replications each.";
    if (!growth.uncertain)
        text += " Growth is taken as known; --growth \"30..50 %/year\" gives each month an interval.";
    return text;
}

std::string text_of(const std::string& name, const sim::Growth& growth, bool colours) {
    std::string text =
        coloured(name, Tone::strong, colours) + "\n" + wrap(summary_of(growth), 100, "") + "\n";
    const Table breaks = breaks_of(growth);
    text += heading("When it breaks, as it is", colours) +
            (breaks.rows.empty() ? "  Nothing breaks.\n" : print(breaks, colours)) + lasting(growth);
    if (!growth.purchases.empty())
        text += heading("What to enlarge, when", colours) + print(purchases_of(growth), colours);
    text += heading("Months", colours) + print(months_of(growth, false), colours) +
            "  Load: the highest of the month as a multiple of that of the scenario. From an empty start.\n";
    if (std::any_of(growth.months.begin(), growth.months.end(), [](const auto& m) { return m.planned > 0; }))
        text += heading("Years", colours) + print(years_of(growth), colours);
    if (!growth.commitments.empty()) {
        text +=
            heading("Commitments for nodes of the plan", colours) + print(commitments_of(growth), colours);
        text +=
            "  " +
            wrap("That saves " + dollars(saving_of(growth)) + " of what they cost on demand until month " +
                     std::to_string(growth.months.size()) + "; terms that outlast it are paid in full.",
                 94, "  ") +
            "\n";
    }
    for (const std::string& note : growth.notes) text += "\n" + wrap(note, 100, "") + "\n";
    return text;
}

/// "40 %/year", "clicks=30..50 %/year"
model::Expected<sim::GrowthRate> parse_growth(const std::string& text) {
    sim::GrowthRate rate;
    std::string range = text;
    if (const std::size_t equals = text.find('='); equals != std::string::npos) {
        rate.workload = text.substr(0, equals);
        range = text.substr(equals + 1);
    }
    const std::size_t dots = range.find("..");
    std::string low = range.substr(0, dots), high = dots == std::string::npos ? low : range.substr(dots + 2);
    // The unit may be written once, at the end.
    if (low.find_first_not_of("0123456789.,+- ") == std::string::npos)
        if (const std::size_t unit = high.find_first_not_of("0123456789.,+- "); unit != std::string::npos)
            low += " " + high.substr(unit);
    const auto year = [](const std::string& one) {
        return model::parse<model::dimensions::frequency>(one).map(
            [](model::Frequency value) { return value.value() * model::years(1).value(); });
    };
    const auto least = year(low), most = year(high);
    if (!least) return tl::unexpected(problem("--growth", least.error()));
    if (!most) return tl::unexpected(problem("--growth", most.error()));
    if (!(*least <= *most && *least >= -0.99 && *most <= most_growth))
        return tl::unexpected(problem("--growth", "'" + text +
                                                      "' is no growth between -99 and 10,000 % a year, the "
                                                      "lower first, for example \"30..50 %/year\""));
    rate.low = *least;
    rate.high = *most;
    rate.middle = *least == *most ? *least : std::sqrt((1 + *least) * (1 + *most)) - 1;
    return rate;
}

model::Expected<sim::GrowthOptions> growth_options(const Arguments& arguments) {
    const auto run = run_options(arguments);
    if (!run) return tl::unexpected(run.error());
    sim::GrowthOptions options{.run = *run};
    for (const std::string& text : arguments.all("--growth")) {
        auto rate = parse_growth(text);
        if (!rate) return tl::unexpected(rate.error());
        options.growth.push_back(*std::move(rate));
    }
    const auto months = months_option(arguments, "--ahead", 120, options.months);
    if (!months) return tl::unexpected(months.error());
    const auto hold = months_option(arguments, "--buy-for", 120, options.hold);
    if (!hold) return tl::unexpected(hold.error());
    const auto most = share_option(arguments, "--most-utilisation", options.most_utilisation);
    if (!most) return tl::unexpected(most.error());
    options.months = *months;
    options.hold = *hold;
    options.most_utilisation = *most;
    return options;
}

}  // namespace

int growth(const Arguments& arguments, Session& session) {
    const auto options = growth_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const auto grown = sim::grow(
        prepared->document, *catalog, prepared->calibrations, *options,
        [&](const std::string& step, double fraction) { session.show_progress(step, fraction, ""); },
        session.stop());
    if (!grown) return session.refuse(grown.error());
    session.clear_progress();
    if (session.json())
        session.print(growth_json(*grown));
    else if (arguments.has("--csv"))
        session.print(growth_csv(*grown));
    else
        session.print(text_of(prepared->scenario.name, *grown, session.colours()));
    const bool broken = std::any_of(grown->limits.begin(), grown->limits.end(),
                                    [](const auto& limit) { return !limit.component && limit.breaks; });
    return broken ? exit_broken : exit_good;
}

}  // namespace headroom::cli
