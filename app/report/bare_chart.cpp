#include "app/report/bare_chart.h"

#include <QGraphicsLayout>
#include <QtCharts/QLegend>

namespace headroom::report {

QFont label_font(int pixels) {
    QFont font("DejaVu Sans");
    font.setPixelSize(pixels);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

std::unique_ptr<QChart> bare_chart(const Palette& colours) {
    auto chart = std::make_unique<QChart>();
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setBackgroundVisible(false);
    chart->setPlotAreaBackgroundVisible(false);
    chart->setMargins(QMargins(2, 2, 24, 2));
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->setFont(label_font());
    chart->legend()->setLabelColor(colours.text);
    chart->legend()->setAlignment(Qt::AlignTop);
    chart->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    chart->legend()->setBackgroundVisible(false);
    return chart;
}

}  // namespace headroom::report
