// What it costs: the bill, for each unit of what is done, over years, against the baseline.

#include "app/report/content/build.h"
#include "app/report/content/facts.h"
#include "app/report/content/growing.h"
#include "app/report/content/sources.h"
#include "app/report/content/wording.h"
#include "model/units/price.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace headroom::report {

namespace {

void add_years(Document& document, const Input& input) {
    const std::vector<double> platform = months_to_come(input.result, "");
    if (platform.size() < 12) return;
    document.add(Heading{2, "The years to come"});
    const std::size_t years = platform.size() / 12;
    const auto year_of = [](const std::vector<double>& months, std::size_t year) {
        const auto from = static_cast<std::ptrdiff_t>(year * 12);
        return months.size() < (year + 1) * 12
                   ? 0.0
                   : std::accumulate(months.begin() + from, months.begin() + from + 12, 0.0);
    };
    // The parts that cost most over all years; the others together.
    std::vector<std::pair<std::string, double>> parts;
    for (const model::Series& series : input.result.series)
        if (series.key.metric == "cost" && !series.key.subject.empty()) {
            const auto months = months_to_come(input.result, series.key.subject);
            parts.emplace_back(series.key.subject, std::accumulate(months.begin(), months.end(), 0.0));
        }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    constexpr std::size_t most = 5;
    Columns columns;
    columns.axis = "Dollars a year";
    Table table;
    table.columns = {{"Part"}};
    for (std::size_t year = 0; year < years; ++year) {
        columns.labels.push_back("year " + std::to_string(year + 1));
        table.columns.push_back({"Year " + std::to_string(year + 1), true});
    }
    const auto add_row = [&](const std::string& name, const std::vector<double>& amounts, Tone tone) {
        std::vector<Cell> row{{name, "", tone}};
        for (const double amount : amounts) row.push_back({rounded_money(amount)});
        table.rows.push_back(std::move(row));
    };
    std::vector<double> rest(years, 0), all(years, 0);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto months = months_to_come(input.result, parts[i].first);
        std::vector<double> amounts;
        for (std::size_t year = 0; year < years; ++year) amounts.push_back(year_of(months, year));
        if (i < most) {
            columns.parts.push_back(clean(parts[i].first));
            columns.values.push_back(amounts);
            add_row(clean(parts[i].first), amounts, Tone::strong);
        } else {
            for (std::size_t year = 0; year < years; ++year) rest[year] += amounts[year];
        }
    }
    if (parts.size() > most) {
        columns.parts.push_back("the other " + std::to_string(parts.size() - most));
        columns.values.push_back(rest);
        add_row(columns.parts.back(), rest, Tone::plain);
    }
    for (std::size_t year = 0; year < years; ++year) all[year] = year_of(platform, year);
    add_row("Total", all, Tone::strong);
    table.totals = 1;
    const double sum = std::accumulate(platform.begin(), platform.end(), 0.0);
    const double first = all.front(), last = all.back();
    document.add(
        Paragraph{unbroken(rounded_money(sum) + " over " + std::to_string(years) + " years" +
                           (first > 0 && std::abs(last / first - 1) > 0.01
                                ? ": the last year costs " + number(last / first, 3) + " times the first"
                                : ": each year costs the same") +
                           ".")});
    document.add(
        Picture{"", "From an empty start, at the growth of the workloads; nodes stay as many as they are.",
                "Cost of each year by component", std::move(columns), 720, 230});
    document.add(std::move(table));
    if (const std::string grown = cost_of_growth(input); !grown.empty())
        document.add(Paragraph{unbroken(grown)});
}

void add_waterfall(Document& document, const Input& input) {
    if (input.baseline == nullptr) return;
    std::set<std::string> changed;
    std::map<std::string, double> by;
    for (const model::BillLine& line : input.result.bill.lines) by[line.component] += line.amount;
    for (const model::BillLine& line : input.baseline->result->bill.lines) by[line.component] -= line.amount;
    for (const auto& [component, amount] : by)
        if (std::abs(amount) >= 0.005) changed.insert(component);
    if (changed.empty()) return;
    document.add(Picture{"From " + clean(input.baseline->name) + " to this plan",
                         "Dollars a month: what each component adds or saves.",
                         "Waterfall from the bill of the baseline to this one",
                         Waterfall{{clean(input.baseline->name), input.baseline->result},
                                   {clean(input.scenario.name), &input.result}},
                         720, 95 + 30 * static_cast<double>(changed.size() + 2)});
}

}  // namespace

void add_cost(Document& document, const Input& input) {
    const model::Bill& bill = input.result.bill;
    if (bill.lines.empty()) return;
    document.add(Heading{1, "Cost", "cost"});
    std::set<std::string> components;
    for (const model::BillLine& line : bill.lines) components.insert(line.component);
    document.add(Picture{"Cost by component", "Dollars a month, stacked by what is billed.",
                         "Cost of each component by what is billed", Costs{{{"", &input.result}}}, 720,
                         95 + 34 * static_cast<double>(components.size())});

    if (const auto each = unit_costs(input); !each.empty())
        document.add(Paragraph{unbroken("That is " + list_of(each) + ".")});
    add_years(document, input);
    add_waterfall(document, input);
    document.add(Heading{2, "The bill of a month"});
    Table table;
    table.columns = {{"Component"},        {"Billed"},       {"Units", true},
                     {"Unit price", true}, {"Amount", true}, {"Source"}};
    std::string component;
    bool unsourced = false;
    int free = 0;
    const SourceList sources(input);
    for (const model::BillLine& line : bill.lines) {
        if (line.amount == 0) {
            ++free;
            continue;
        }
        const bool seen = line.provenance.status != 'M' && !line.provenance.source.empty();
        unsourced = unsourced || !seen;
        table.rows.push_back({{line.component == component ? "" : clean(line.component), "", Tone::strong},
                              {clean(line.dimension), clean(line.detail)},
                              {number(line.units, 6), clean(line.unit)},
                              {model::print_price(line.unit_price)},
                              {money(line.amount)},
                              seen ? Cell{sources.mark(line.provenance.source, line.provenance.as_of) +
                                              (line.provenance.status == 'D' ? " derived" : ""),
                                          "", Tone::muted}
                                   : Cell{"unsourced", clean(line.price_id), Tone::unsure}});
        component = line.component;
    }
    table.rows.push_back(
        {{"Total", "", Tone::strong}, {}, {}, {}, {money(bill.per_month().value()), "", Tone::strong}, {}});
    table.totals = 1;
    table.note =
        "A month is 730 hours. Amounts are those of the long run: stores hold what their retention lets "
        "grow.";
    if (free > 0)
        table.note += " " + count_of(free, "line", "lines") + " of $0.00 " + (free == 1 ? "is" : "are") +
                      " left out here; the workbook has all.";
    table.note += " Numbers in brackets: see Sources.";
    if (unsourced)
        table.note += " Prices marked as unsourced have no source that was seen: check them first.";
    document.add(std::move(table));
}

}  // namespace headroom::report
