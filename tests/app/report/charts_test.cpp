#include "app/report/charts.h"

#include "app/report/chart_axes.h"
#include "click_analytics.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QHorizontalStackedBarSeries>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtTest/QTest>
#include <cmath>

using namespace headroom::report;
using headroom::report::testing::click_analytics;

namespace {

QString labels(const std::vector<Tick>& ticks) {
    QStringList all;
    for (const Tick& tick : ticks) all << tick.label;
    return all.join(" | ");
}

}  // namespace

namespace {

/// CIE 1976 L*, 0 to 100.
double lightness(const QColor& colour) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double y =
        0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

}  // namespace

class ChartsTest : public QObject {
    Q_OBJECT
private slots:
    void nothing_to_show() {
        const headroom::model::RunResult empty;
        QVERIFY(!distribution_chart(empty, "response", Theme::light));
        QVERIFY(!time_chart(empty, "utilisation", Theme::dark));
        QVERIFY(!cost_chart(empty, Theme::print));
    }

    void no_series_is_too_long() {
        auto example = click_analytics();
        auto& curve = example.result.curves.front();
        curve.probabilities.clear();
        curve.values.clear();
        for (int i = 0; i < 50000; ++i) {
            curve.probabilities.push_back(i / 50000.0);
            curve.values.push_back(1 + i);
        }
        auto& series = example.result.series.front();
        series.values.assign(100000, 0.2);
        series.values[77777] = 0.9;
        series.step = headroom::model::seconds(0.864);
        const auto times = distribution_chart(example.result, "freshness", Theme::light);
        const auto use = time_chart(example.result, "utilisation", Theme::light);
        double highest = 0;
        for (const auto* chart : {times.get(), use.get()})
            for (const auto* any : chart->series()) {
                const auto* line = qobject_cast<const QLineSeries*>(any);
                QVERIFY(line);
                QVERIFY(line->count() <= 2000);
                if (chart == use.get())
                    for (const QPointF& point : line->points()) highest = std::max(highest, point.y());
            }
        QCOMPARE(highest, 0.9);  // the one high bin is not lost
    }

    void zeros_on_a_logarithmic_axis() {
        auto example = click_analytics();
        for (std::size_t i = 0; i < 50; ++i) example.result.curves[2].values[i] = 0;
        const auto chart = distribution_chart(example.result, "response", Theme::light);
        for (const auto* any : chart->series())
            for (const QPointF& point : qobject_cast<const QLineSeries*>(any)->points())
                QVERIFY(std::isfinite(point.x()) && std::isfinite(point.y()));
    }

    void names_are_not_markup() {
        auto example = click_analytics();
        example.result.curves[0].key.of = "<img src=x>";
        const auto chart = distribution_chart(example.result, "freshness", Theme::light);
        QVERIFY(!chart->series().front()->name().contains('<'));
    }

    void runs_beside_each_other() {
        const auto a = click_analytics(), b = click_analytics();
        const NamedRun runs[] = {{"today", &a.result}, {"twice the nodes", &b.result}};
        const auto times = distribution_chart(runs, "freshness", Theme::dark);
        QCOMPARE(times->series().front()->name(), QString("today: clicks in warehouse"));
        const auto cost = cost_chart(runs, Theme::dark);
        QCOMPARE(qobject_cast<QHorizontalStackedBarSeries*>(cost->series().front())->count(), 4);
    }

    /// In grey print the parts of a whole are told apart by how light they are, in the order of the legend.
    void parts_keep_their_order_in_grey_data() {
        QTest::addColumn<Theme>("theme");
        QTest::newRow("print") << Theme::print;
        QTest::newRow("light") << Theme::light;
        QTest::newRow("dark") << Theme::dark;
    }
    void parts_keep_their_order_in_grey() {
        QFETCH(Theme, theme);
        const auto& parts = palette(theme).parts;
        const int way = theme == Theme::dark ? -1 : 1;
        for (std::size_t i = 1; i < parts.size(); ++i)
            QVERIFY(way * (lightness(parts[i]) - lightness(parts[i - 1])) >= 8);
    }

    void many_names_stand_beside_the_chart() {
        auto example = click_analytics();
        const auto few = distribution_chart(example.result, "response", Theme::light);
        QCOMPARE(few->legend()->alignment(), Qt::AlignTop);
        const auto curve = example.result.curves.back();
        for (int i = 0; i < 5; ++i) {
            example.result.curves.push_back(curve);
            example.result.curves.back().key.of = "a workload with a long name " + std::to_string(i);
        }
        const auto many = distribution_chart(example.result, "response", Theme::light);
        QCOMPARE(many->legend()->alignment(), Qt::AlignRight);
    }

    void ticks_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<QString>("expected");
        QTest::newRow("milliseconds") << 1e-3 << 0.1 << "1 ms | 2 ms | 5 ms | 10 ms | 20 ms | 50 ms | 100 ms";
        QTest::newRow("decades") << 1e-6 << 1e-1
                                 << QString::fromUtf8("1 µs | 10 µs | 100 µs | 1 ms | 10 ms | 100 ms");
        QTest::newRow("minutes") << 50.0 << 200.0 << "1 min | 1.5 min | 2 min | 3 min";
        QTest::newRow("days") << 0.9 * 86400 << 4.5 * 86400 << "1 d | 1.5 d | 2 d | 3 d | 4 d";
    }
    void ticks() {
        QFETCH(double, low);
        QFETCH(double, high);
        QTEST(labels(log_time_ticks(low, high)), "expected");
    }

    void clocks() {
        QCOMPARE(labels(clock_ticks(86400)), QString("0 h | 4 h | 8 h | 12 h | 16 h | 20 h | 24 h"));
        QCOMPARE(labels(clock_ticks(30 * 86400.0)), QString("0 d | 5 d | 10 d | 15 d | 20 d | 25 d | 30 d"));
        QVERIFY(clock_ticks(20 * 365 * 86400.0).size() < 30);
        QVERIFY(clock_ticks(0).size() == 1);
    }

    void themes_draw_differently() {
        const auto example = click_analytics();
        QImage images[2];
        for (int dark = 0; dark < 2; ++dark) {
            images[dark] = QImage(400, 200, QImage::Format_ARGB32);
            images[dark].fill(Qt::transparent);
            QPainter painter(&images[dark]);
            const auto chart = time_chart(example.result, "utilisation", dark ? Theme::dark : Theme::light);
            draw(*chart, painter, {400, 200});
        }
        QVERIFY(images[0] != images[1]);
    }
};

QTEST_MAIN(ChartsTest)
#include "charts_test.moc"
