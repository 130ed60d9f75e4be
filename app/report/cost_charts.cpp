#include "app/report/bare_chart.h"
#include "app/report/chart_axes.h"
#include "app/report/charts.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/units/unit.h"

#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QBarSet>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QHorizontalStackedBarSeries>
#include <QtCharts/QLegend>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::report {

namespace {

/// Amounts by bar and part; both named, both in the order in which they were met.
struct Stacks {
    std::vector<std::string> bars, parts;
    std::vector<std::vector<double>> amounts;  ///< [part][bar], dollars a month

    void add(const std::string& bar, const std::string& part, double amount) {
        const auto index = [](std::vector<std::string>& names, const std::string& name) {
            const auto found = std::find(names.begin(), names.end(), name);
            if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
            names.push_back(name);
            return names.size() - 1;
        };
        const std::size_t b = index(bars, bar), p = index(parts, part);
        if (amounts.size() <= p) amounts.resize(p + 1);
        if (amounts[p].size() <= b) amounts[p].resize(b + 1, 0);
        amounts[p][b] += amount;
    }
    double of(std::size_t part, std::size_t bar) const {
        return bar < amounts[part].size() ? amounts[part][bar] : 0;
    }
    double total(std::size_t bar) const {
        double sum = 0;
        for (std::size_t part = 0; part < parts.size(); ++part) sum += of(part, bar);
        return sum;
    }
    double total_of_part(std::size_t part) const {
        return std::accumulate(amounts[part].begin(), amounts[part].end(), 0.0);
    }
    /// Keeps the largest parts by name and adds up the others.
    void fold(std::size_t most) {
        std::vector<std::size_t> order(parts.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return total_of_part(a) > total_of_part(b); });
        Stacks folded;
        folded.bars = bars;
        for (std::size_t rank = 0; rank < order.size(); ++rank)
            for (std::size_t bar = 0; bar < bars.size(); ++bar)
                folded.add(bars[bar], rank < most - 1 || order.size() <= most ? parts[order[rank]] : "other",
                           of(order[rank], bar));
        *this = folded;
    }
};

QString short_name(const std::string& text) {
    QString name = QString::fromStdString(clean(text));
    if (name.size() > 26) name = name.left(25) + QChar(0x2026);
    return name;
}

std::unique_ptr<QChart> stacked_bars(Stacks stacks, Theme theme) {
    stacks.fold(8);
    double highest = 0;
    for (std::size_t bar = 0; bar < stacks.bars.size(); ++bar) highest = std::max(highest, stacks.total(bar));
    if (!(highest > 0)) return nullptr;

    const Palette& colours = palette(theme);
    auto chart = bare_chart(colours);

    // Bars grow upwards from the axis: the last category is drawn at the top.
    auto* bars = new QHorizontalStackedBarSeries;
    for (std::size_t part = 0; part < stacks.parts.size(); ++part) {
        auto* set = new QBarSet(short_name(stacks.parts[part]).toHtmlEscaped());
        for (std::size_t bar = stacks.bars.size(); bar-- > 0;) *set << stacks.of(part, bar);
        set->setBrush(colours.parts[part % colours.parts.size()]);
        set->setPen(QPen(colours.page, 1));
        bars->append(set);
    }
    bars->setBarWidth(0.62);
    chart->addSeries(bars);

    auto* names = new QBarCategoryAxis;
    QStringList labels;
    for (std::size_t bar = stacks.bars.size(); bar-- > 0;) {
        QString label = short_name(stacks.bars[bar]).toHtmlEscaped() + "  " +
                        QString::fromStdString(model::format_quantity(
                            stacks.total(bar) / model::months(1).value(), model::dimensions::money_rate));
        while (labels.contains(label)) label += QChar(0x200b);
        labels << label;
    }
    names->append(labels);
    names->setLabelsFont(label_font());
    names->setLabelsColor(colours.text);
    names->setGridLineVisible(false);
    names->setLinePen(QPen(colours.grid, 1));
    names->setTruncateLabels(false);
    chart->addAxis(names, Qt::AlignLeft);
    bars->attachAxis(names);

    std::vector<Tick> ticks = linear_ticks(highest, {}, "", false);
    for (Tick& tick : ticks) tick.label = QString::fromStdString(rounded_money(tick.value));
    auto* amounts = labelled_axis(ticks, 0, ticks.back().value, "Dollars a month", colours);
    chart->addAxis(amounts, Qt::AlignBottom);
    bars->attachAxis(amounts);
    place_legend(*chart);
    return chart;
}

}  // namespace

std::unique_ptr<QChart> cost_chart(const model::RunResult& result, Theme theme) {
    Stacks stacks;
    for (const model::BillLine& line : result.bill.lines)
        stacks.add(line.component, line.dimension, line.amount);
    return stacks.bars.empty() ? nullptr : stacked_bars(std::move(stacks), theme);
}

std::unique_ptr<QChart> cost_chart(std::span<const NamedRun> runs, Theme theme) {
    Stacks stacks;
    for (const NamedRun& run : runs)
        for (const model::BillLine& line : run.result->bill.lines)
            stacks.add(run.name, line.component, line.amount);
    return stacks.bars.empty() ? nullptr : stacked_bars(std::move(stacks), theme);
}

}  // namespace headroom::report
