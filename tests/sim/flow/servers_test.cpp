#include "sim/stations/flow/servers.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using model::Distribution;

class ServersTest : public QObject {
    Q_OBJECT

private slots:
    void many_servers_follow_the_load();
    void forget_in_the_time_of_a_residual_service();
    void idle_servers_take_up_work_before_a_line_grows();
};

namespace {

constexpr int many = 200;
constexpr double step = 0.01;

/// From a stationary utilisation on, seconds.
struct Course {
    sim::flow::Servers servers;
    sim::flow::Mix mix;
    sim::flow::Line line;

    Course(int count, const Distribution& service, double utilisation)
        : servers(count, {service}), mix(servers.mix({utilisation * count / service.mean}, 1)) {
        line.wait = servers.stationary_wait(mix, utilisation);
        line.level = line.busy = utilisation;
    }
    void offer(double load, double seconds) {
        mix = servers.mix({load * servers.servers() / mix.mean}, 1);
        for (int i = 0; i < std::lround(seconds / step); ++i) line.advance(servers, mix, load, step);
    }
};

}  // namespace

/// M/M/infinity: the number present comes nearer to its mean by exp(-t / s).
void ServersTest::many_servers_follow_the_load() {
    for (const auto& [from, to] : {std::pair{0.3, 0.6}, {0.6, 0.3}}) {
        Course course(many, Distribution::exponential(2), from);
        for (int i = 1; i <= 4; ++i) {
            course.offer(to, 1);
            const double exact = to + (from - to) * std::exp(-i / 2.0);
            QVERIFY2(std::abs(course.line.busy - exact) < 0.003, qPrintable(QString::number(i)));
        }
    }
}

/// M/G/infinity: what is left of the change, summed up over time, is the change times the mean residual.
void ServersTest::forget_in_the_time_of_a_residual_service() {
    for (const double scv : {0.0, 0.5, 4.0}) {
        Course course(many, Distribution::with_scv(2, scv), 0.3);
        double left = 0;
        for (int i = 0; i < 100'000; ++i) {
            course.offer(0.5, step);
            left += (0.5 - course.line.busy) * step;
        }
        QVERIFY2(std::abs(left / (0.2 * (1 + scv)) - 1) < 0.02, qPrintable(QString::number(scv)));
    }
}

/// By conservation of work: overload piles up what comes beyond capacity, but for what the idle servers have
/// taken up.
void ServersTest::idle_servers_take_up_work_before_a_line_grows() {
    for (const double scv : {0.0, 1.0, 4.0}) {
        const double residual = 1 + scv;
        Course course(many, Distribution::with_scv(2, scv), 0.7);
        const double before = course.line.wait;
        course.offer(1.35, 200);
        const double exact = before + 0.35 * 200 - 0.3 * residual * (1 - 1.0 / many) +
                             0.3 * residual / 2;  // served while they fill up, about in a straight line
        QVERIFY2(std::abs(course.line.wait / exact - 1) < 0.02,
                 qPrintable(QString("SCV %1: %2, not %3").arg(scv).arg(course.line.wait).arg(exact)));
        // One server has all its work in its line.
        Course single(1, Distribution::with_scv(2, scv), 0.7);
        const double start = single.line.wait;
        single.offer(1.35, 200);
        QVERIFY(single.line.wait >= start + 0.35 * 200 - 1e-9);
    }
}

QTEST_APPLESS_MAIN(ServersTest)
#include "servers_test.moc"
