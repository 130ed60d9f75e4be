#include "grid.h"

#include <QTest>

using namespace headroom::test;

// Some points of the grid that tests/bench/flow_grid prints whole.
class GridTest : public QObject {
    Q_OBJECT

private slots:
    void within_bounds_data();
    void within_bounds();
};

void GridTest::within_bounds_data() {
    QTest::addColumn<int>("load");
    QTest::addColumn<int>("servers");
    QTest::addColumn<double>("utilisation");
    QTest::addColumn<double>("service");
    QTest::addColumn<double>("arrivals");
    const auto row = [](const char* name, Load load, int servers, double utilisation, double service,
                        double arrivals) {
        QTest::newRow(name) << static_cast<int>(load) << servers << utilisation << service << arrivals;
    };
    row("one server, regular service", Load::constant, 1, 0.9, 0, 1);
    row("one server, variable service", Load::constant, 1, 0.3, 4, 1);
    row("eight servers, regular service", Load::constant, 8, 0.7, 0, 1);
    row("eight servers", Load::constant, 8, 0.9, 1, 1);
    row("32 servers, variable service", Load::constant, 32, 0.9, 4, 1);
    row("100 servers", Load::constant, 100, 0.9, 2, 1);
    row("200 servers, half a service's deviation", Load::constant, 200, 0.95, 0.5, 1);
    row("eight servers, bursty arrivals", Load::constant, 8, 0.7, 1, 2);
    row("eight servers, bursty arrivals, regular service", Load::constant, 8, 0.7, 0, 4);
    row("eight servers, regular arrivals", Load::constant, 8, 0.7, 1, 0.25);
    row("daily swing, one server", Load::daily, 1, 0.7, 1, 1);
    row("daily swing, 32 servers", Load::daily, 32, 0.9, 1, 1);
    row("crowd, one server", Load::crowd, 1, 0.3, 0, 1);
    row("crowd, 100 servers", Load::crowd, 100, 0.7, 0, 1);
    row("limited, 32 servers", Load::limited, 32, 0.95, 1, 1);
    row("limited, eight servers, regular service", Load::limited, 8, 0.95, 0, 1);
    row("limited, 100 servers, variable service", Load::limited, 100, 0.95, 4, 1);
}

void GridTest::within_bounds() {
    QFETCH(int, load);
    QFETCH(int, servers);
    QFETCH(double, utilisation);
    QFETCH(double, service);
    QFETCH(double, arrivals);
    const GridPoint point{static_cast<Load>(load), servers, utilisation, service, arrivals, false, 5e5};
    const Comparison c = compare(point, 3);
    for (std::size_t i = 0; i < Figures::names.size(); ++i) {
        // Half of what chance may explain of three short replications is let through.
        const double bound = bound_of(point, i) + c.record_error.values[i] / 2;
        QVERIFY2(std::abs(c.error(i)) <= bound, qPrintable(QString("%1: flow %2, record %3 (%4 %)")
                                                               .arg(Figures::names[i])
                                                               .arg(c.flow.values[i])
                                                               .arg(c.record.values[i])
                                                               .arg(100 * c.error(i), 0, 'f', 1)));
    }
}

QTEST_APPLESS_MAIN(GridTest)
#include "grid_test.moc"
