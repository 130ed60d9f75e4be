#pragma once
// Axes with labels of our own. Qt's logarithmic axis has no labels below a decade and drops series with a
// zero, so logarithms are taken here and drawn on linear axes.

#include "app/report/palette.h"
#include "model/store/run_result.h"
#include "model/units/quantity.h"

#include <QString>
#include <utility>
#include <vector>

class QCategoryAxis;

namespace headroom::report {

struct Tick {
    double value = 0;
    QString label;
};

/// Ticks of a time axis from 0 to `horizon` seconds: hours of a day, days of a month.
std::vector<Tick> clock_ticks(double horizon);
/// Round durations between the two, in log10 of seconds.
std::vector<Tick> log_time_ticks(double low_seconds, double high_seconds);
/// 0 %, 50 %, 90 %, 99 %, ... at -log10(1 - p), up to `highest` (a probability below 1).
std::vector<Tick> percentile_ticks(double highest);
/// From 0 to the first round number that is not below `high`.
std::vector<Tick> linear_ticks(double high, model::Dimension dimension, const char* noun, bool percent);

/// A figure's value as axes say it: the cost by the month; dollars where the key is empty.
QString axis_text(const model::FigureKey& figure, double value);
/// Round steps between two values, labelled in the figure's unit.
std::vector<Tick> round_ticks(double low, double high, const model::FigureKey& figure);

double nines(double probability);

/// An axis with these ticks as its only labels, in the theme's colours.
QCategoryAxis* labelled_axis(const std::vector<Tick>& ticks, double low, double high, const QString& title,
                             const Palette& colours);

}  // namespace headroom::report
