#include "app/report/bare_chart.h"

#include <QFontMetrics>
#include <QGraphicsLayout>
#include <QtCharts/QLegend>
#include <QtCharts/QLegendMarker>

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
    chart->setMargins(QMargins(2, 8, 24, 2));
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->setFont(label_font());
    chart->legend()->setLabelColor(colours.text);
    chart->legend()->setAlignment(Qt::AlignTop);
    chart->legend()->setBackgroundVisible(false);
    return chart;
}

void place_legend(QChart& chart) {
    constexpr int marker = 28, room = 400;  // pixels: around a name; of the narrowest chart
    const QFontMetrics metrics(label_font());
    int width = 0;
    for (const QLegendMarker* shown : chart.legend()->markers())
        if (!shown->label().isEmpty()) width += metrics.horizontalAdvance(shown->label()) + marker;
    if (width > room) chart.legend()->setAlignment(Qt::AlignRight);
}

}  // namespace headroom::report
