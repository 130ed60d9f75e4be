#pragma once
// What all charts have in common: no frame, no background, little margin, one font.

#include "app/report/palette.h"

#include <QFont>
#include <QtCharts/QChart>
#include <memory>

namespace headroom::report {

/// Of everything that is written into a chart.
QFont label_font(int pixels = 11);

/// A chart without series, its legend above.
std::unique_ptr<QChart> bare_chart(const Palette& colours);

/// When all series are there: the legend goes to the side where its names would be cut short above.
void place_legend(QChart& chart);

}  // namespace headroom::report
