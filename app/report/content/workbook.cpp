// Results as a workbook. The bill is live: amounts, totals and the years to come follow when a price or a
// quantity is changed (cells with a yellow ground).

#include "app/report/content/evidence.h"
#include "app/report/content/sheet.h"
#include "app/report/content/units.h"
#include "app/report/content/wording.h"
#include "app/report/content/writers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace headroom::report {

namespace {

/// A sheet's name within a formula.
std::string quoted(const std::string& sheet) { return "'" + sheet + "'!"; }

struct Bill {
    std::string sheet;                          ///< its name; empty: nothing is billed
    std::map<std::string, std::string> amount;  ///< by component: the cell with what it costs now
    std::map<std::string, double> simulated;    ///< and what it cost in the run
    std::string total;
};

class Book {
public:
    explicit Book(const std::vector<Input>& inputs)
        : inputs_(inputs),
          book_(inputs.empty() ? "" : clean(inputs.front().scenario.name),
                inputs.empty() ? "" : clean(inputs.front().scenario.question)) {}

    model::Expected<std::string> write() {
        for (const Input& input : inputs_) {
            summary(input);
            const Bill live = bill(input);
            years(input, live);
            growth(input);
            figures(input);
            series(input);
            distributions(input);
            parameters(input);
        }
        return book_.finish();
    }

private:
    Sheet sheet(std::string& name, const Input& input) {
        if (inputs_.size() > 1) name += " " + std::to_string(&input - inputs_.data() + 1);
        return book_.add(name);
    }
    Sheet sheet(const char* title, const Input& input) {
        std::string name = title;
        return sheet(name, input);
    }

    void summary(const Input& input) {
        Sheet out = sheet("Summary", input);
        out.widths({54, 14, 18, 18, 18, 18, 14});
        out.text(clean(input.scenario.name), Look::title).end_row();
        out.text(clean(input.scenario.question)).end_row();
        out.text(clean(input.result.scenario_hash), Look::note).end_row();
        out.end_row();
        out.header({"Objective", "Verdict", "Figure", "Lower end", "Upper end", "Bound", "Unit"});
        for (const model::ObjectiveResult& objective : input.result.objectives) {
            const model::Metric* metric = model::find_metric(objective.key.metric);
            const SheetUnit unit = metric != nullptr ? sheet_unit(*metric) : SheetUnit{};
            out.text(clean(objective.text), Look::strong).text(model::word_for(objective.verdict));
            for (const double value :
                 {objective.figure.value, objective.figure.low(), objective.figure.high(), objective.bound})
                out.number(value / unit.scale, unit.dollars ? Look::money : Look::count);
            out.text(unit.name).end_row();
        }
        out.end_row();
        for (const std::string& note : input.result.notes) out.text(clean(note), Look::note).end_row();
    }

    Bill bill(const Input& input) {
        Bill made;
        const model::Bill& lines = input.result.bill;
        if (lines.lines.empty()) return made;
        made.sheet = "Bill";
        Sheet out = sheet(made.sheet, input);
        out.widths({22, 22, 24, 18, 20, 18, 16, 10, 60, 14});
        out.text("The bill of a month. Units and unit prices (yellow) can be changed; amounts follow.",
                 Look::note)
            .end_row();
        out.header({"Component", "Billed", "Detail", "Units", "Unit", "Unit price", "Amount", "Share",
                    "Source", "As of"});
        out.freeze();
        const int first = out.row(), last = first + static_cast<int>(lines.lines.size()) - 1;
        const std::string amounts = "$G$" + std::to_string(first) + ":$G$" + std::to_string(last);
        const std::string names = "$A$" + std::to_string(first) + ":$A$" + std::to_string(last);
        const double total = lines.per_month().value();
        std::vector<std::string> components;
        for (const model::BillLine& line : lines.lines) {
            const std::string row = std::to_string(out.row());
            const std::string component = clean(line.component);
            if (std::count(components.begin(), components.end(), component) == 0)
                components.push_back(component);
            made.simulated[component] += line.amount;
            const bool unsourced = line.provenance.status == 'M' || line.provenance.source.empty();
            out.text(component, Look::strong)
                .text(clean(line.dimension))
                .text(clean(line.detail))
                .number(line.units, Look::input)
                .text(clean(line.unit))
                .number(line.unit_price, Look::price)
                .formula("=D" + row + "*F" + row, line.amount, Look::money)
                .formula("=IF(SUM(" + amounts + ")=0,0,G" + row + "/SUM(" + amounts + "))",
                         total > 0 ? line.amount / total : 0, Look::percent)
                .text(unsourced ? "unsourced" : clean(line.provenance.source))
                .text(clean(line.provenance.as_of))
                .end_row();
        }
        made.total = "$G$" + std::to_string(out.row());
        out.text("Total of a month", Look::strong).skip().skip().skip().skip().skip();
        out.formula("=SUM(" + amounts + ")", total, Look::money).end_row();
        out.text("Total of a year", Look::strong).skip().skip().skip().skip().skip();
        out.formula("=12*" + made.total, 12 * total, Look::money).end_row();
        out.end_row();
        out.header({"Component", "", "", "", "", "", "Amount", "Share"});
        for (const std::string& component : components) {
            const std::string row = std::to_string(out.row());
            made.amount[component] = "$G$" + row;
            out.text(component, Look::strong).skip().skip().skip().skip().skip();
            out.formula("=SUMIF(" + names + ",A" + row + "," + amounts + ")", made.simulated[component],
                        Look::money);
            out.formula("=IF(" + made.total + "=0,0,G" + row + "/" + made.total + ")",
                        total > 0 ? made.simulated[component] / total : 0, Look::percent);
            out.end_row();
        }
        return made;
    }

    /// Months to come by component, each scaled by what the component's bill is now to what it was in the
    /// run.
    void years(const Input& input, const Bill& live) {
        std::vector<const model::Series*> parts;
        for (const model::Series& series : input.result.series)
            if (series.key.metric == "cost" && !series.key.subject.empty()) parts.push_back(&series);
        if (parts.empty() || live.sheet.empty()) return;
        Sheet out = sheet("Years", input);
        out.text(
               "Dollars of each month from an empty start, at the growth of the workloads. A column follows "
               "the "
               "component's amounts on the bill: its first row is what they are now to what the run found.",
               Look::note)
            .end_row();
        std::vector<std::string> titles{"Month"};
        std::size_t months = 0;
        for (const model::Series* part : parts) {
            titles.push_back(clean(part->key.subject));
            months = std::max(months, part->values.size());
        }
        titles.push_back("Total");
        out.widths(std::vector<double>(titles.size(), 16));
        out.header(titles);
        const std::string factors = std::to_string(out.row());
        out.text("Now / run", Look::strong);
        for (const model::Series* part : parts) {
            const std::string component = clean(part->key.subject);
            const auto amount = live.amount.find(component);
            const double then = live.simulated.contains(component) ? live.simulated.at(component) : 0;
            if (amount != live.amount.end() && then > 0)
                out.formula("=" + quoted(live.sheet) + amount->second + "/" + exact(then), 1, Look::factor);
            else
                out.number(1, Look::factor);
        }
        out.end_row();
        out.freeze();
        const std::string last = column_name(static_cast<int>(parts.size()));
        const int first_month = out.row();
        double whole = 0;
        for (std::size_t month = 0; month < months; ++month) {
            const std::string row = std::to_string(out.row());
            out.number(static_cast<double>(month + 1));
            double total = 0;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                const double amount =
                    month < parts[i]->values.size() ? parts[i]->values[month] * parts[i]->step.value() : 0;
                total += amount;
                out.formula("=" + exact(amount) + "*" + column_name(static_cast<int>(i) + 1) + "$" + factors,
                            amount, Look::money);
            }
            whole += total;
            out.formula("=SUM(B" + row + ":" + last + row + ")", total, Look::money).end_row();
        }
        const std::string total = column_name(static_cast<int>(parts.size()) + 1);
        out.text("All months", Look::strong);
        for (std::size_t i = 0; i < parts.size(); ++i) out.skip();
        out.formula("=SUM(" + total + std::to_string(first_month) + ":" + total +
                        std::to_string(out.row() - 1) + ")",
                    whole, Look::money)
            .end_row();
    }

    /// Growth month by month, in full.
    void growth(const Input& input) {
        if (input.evidence == nullptr || !input.evidence->growth) return;
        const sim::Growth& growth = *input.evidence->growth;
        Sheet out = sheet("Growth", input);
        std::vector<std::string> titles{"Month", "Highest load"};
        for (const sim::GrowthRate& rate : growth.growth) titles.push_back(clean(rate.workload) + ", 1/s");
        for (const char* title : {"Fullest", "Utilisation", "Cost as it is", "Cost enlarged"})
            titles.push_back(title);
        out.widths(std::vector<double>(titles.size(), 16));
        out.header(titles);
        out.freeze();
        for (std::size_t m = 0; m < growth.months.size(); ++m) {
            const sim::GrowthMonth& month = growth.months[m];
            out.number(static_cast<double>(m + 1)).number(month.load, Look::factor);
            for (const double rate : month.rates) out.number(rate);
            out.text(clean(month.fullest)).number(month.utilisation, Look::percent);
            out.number(month.cost, Look::money).number(month.planned, Look::money).end_row();
        }
    }

    void figures(const Input& input) {
        Sheet out = sheet("Figures", input);
        out.widths({34, 26, 20, 18, 18, 18, 18, 18, 18});
        out.header({"Figure", "Of", "Workload", "Value", "Half-width", "Lower end", "Upper end",
                    "Closed form", "Unit"});
        out.freeze();
        for (const model::Figure& figure : input.result.figures) {
            const model::Metric* metric = model::find_metric(figure.key.metric);
            if (metric == nullptr) continue;
            const SheetUnit unit = sheet_unit(*metric);
            const bool open = std::isinf(figure.simulated.half_width);
            out.text(metric->title).text(clean(figure.key.subject)).text(clean(figure.key.of));
            out.number(figure.simulated.value / unit.scale);
            if (open)
                out.text("not estimable", Look::note).skip().skip();
            else
                out.number(figure.simulated.half_width / unit.scale)
                    .number(figure.simulated.low() / unit.scale)
                    .number(figure.simulated.high() / unit.scale);
            out.number(figure.analytic / unit.scale).text(unit.name).end_row();
        }
    }

    /// A sheet for each metric: time down, what it is of across.
    void series(const Input& input) {
        std::vector<std::string> metrics;
        for (const model::Series& series : input.result.series)
            if (std::count(metrics.begin(), metrics.end(), series.key.metric) == 0 &&
                series.key.metric != "cost")
                metrics.push_back(series.key.metric);
        for (const std::string& id : metrics) {
            const model::Metric* metric = model::find_metric(id);
            const SheetUnit unit = metric != nullptr ? sheet_unit(*metric) : SheetUnit{};
            std::vector<const model::Series*> columns;
            std::set<double> times;
            for (const model::Series& series : input.result.series) {
                if (series.key.metric != id) continue;
                columns.push_back(&series);
                for (std::size_t i = 0; i < series.values.size(); ++i)
                    times.insert(series.start.value() + static_cast<double>(i) * series.step.value());
            }
            std::string name = id;
            std::replace(name.begin(), name.end(), '.', ' ');
            Sheet out = sheet(("Over time, " + name).c_str(), input);
            std::vector<std::string> titles{"Hour"};
            for (const model::Series* column : columns)
                titles.push_back(list_of_names(column->key) + (unit.name.empty() ? "" : ", " + unit.name));
            out.widths(std::vector<double>(titles.size(), 18));
            out.header(titles);
            out.freeze();
            for (const double time : times) {
                out.number(time / 3600);
                for (const model::Series* column : columns) {
                    const double step = column->step.value();
                    const double at = step > 0 ? std::round((time - column->start.value()) / step) : 0;
                    const bool there = at >= 0 && at < static_cast<double>(column->values.size());
                    out.number(there ? column->values[static_cast<std::size_t>(at)] / unit.scale
                                     : std::nan(""));
                }
                out.end_row();
            }
        }
    }

    void distributions(const Input& input) {
        if (input.result.curves.empty()) return;
        Sheet out = sheet("Distributions", input);
        std::vector<std::string> titles;
        std::size_t rows = 0;
        for (const model::DistributionCurve& curve : input.result.curves) {
            titles.push_back("Probability");
            titles.push_back(curve.key.metric + " of " + list_of_names(curve.key) + ", s");
            rows = std::max(rows, curve.values.size());
        }
        out.widths(std::vector<double>(titles.size(), 18));
        out.header(titles);
        out.freeze();
        for (std::size_t row = 0; row < rows; ++row) {
            for (const model::DistributionCurve& curve : input.result.curves) {
                const bool there = row < curve.values.size() && row < curve.probabilities.size();
                out.number(there ? curve.probabilities[row] : std::nan(""));
                out.number(there ? curve.values[row] : std::nan(""));
            }
            out.end_row();
        }
    }

    void parameters(const Input& input) {
        Sheet out = sheet("Inputs", input);
        out.widths({22, 26, 44, 14, 70, 14});
        out.header({"Component", "Parameter", "Value", "From", "Source", "As of"});
        out.freeze();
        for (const model::Component& component : input.scenario.components)
            for (const auto& [name, setting] : component.settings) {
                const bool technology = setting.origin == model::Origin::technology;
                out.text(clean(component.id), Look::strong)
                    .text(clean(name))
                    .text(clean(setting.text))
                    .text(technology                                  ? "technology"
                          : setting.origin == model::Origin::scenario ? "scenario"
                                                                      : "default")
                    .text(technology && setting.source.empty() ? "unsourced" : clean(setting.source))
                    .text(clean(setting.as_of))
                    .end_row();
            }
    }

    static std::string list_of_names(const model::FigureKey& key) {
        if (key.subject.empty()) return key.of.empty() ? "platform" : clean(key.of);
        return key.of.empty() ? clean(key.subject) : clean(key.of) + " in " + clean(key.subject);
    }
    /// All digits, for formulas.
    static std::string exact(double value);

    const std::vector<Input>& inputs_;
    Workbook book_;
};

std::string Book::exact(double value) {
    std::string text(32, '\0');
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    text.resize(static_cast<std::size_t>(end.ptr - text.data()));
    return text;
}

}  // namespace

model::Expected<std::string> workbook_of(const std::vector<Input>& inputs) { return Book(inputs).write(); }

}  // namespace headroom::report
