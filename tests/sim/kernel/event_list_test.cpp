#include "sim/kernel/event_list.h"

#include "sim/kernel/random.h"

#include <QtTest/QTest>
#include <cmath>
#include <map>

using headroom::sim::EventList;
using headroom::sim::RandomStream;

class EventListTest : public QObject {
    Q_OBJECT

private slots:
    void equal_times_keep_their_order() {
        EventList events;
        for (std::uint32_t i = 0; i < 1000; ++i) events.push(i % 3, i);
        std::uint32_t before = 0;
        double time = 0;
        for (int i = 0; i < 1000; ++i) {
            const double next = events.next_time();
            const std::uint32_t payload = events.pop();
            QVERIFY(next > time || payload >= before);
            QCOMPARE(payload % 3, static_cast<std::uint32_t>(next));
            time = next;
            before = payload;
        }
        QVERIFY(events.empty());
        QVERIFY(std::isinf(events.next_time()));
    }

    // Against a sorted multimap, at random: pushes, pops, pop and push, with many equal times.
    void agrees_with_a_sorted_map_data() {
        QTest::addColumn<int>("pending");
        for (const int n : {1, 2, 3, 4, 5, 17, 64, 1000}) QTest::newRow(qPrintable(QString::number(n))) << n;
    }
    void agrees_with_a_sorted_map() {
        QFETCH(int, pending);
        RandomStream random(1, static_cast<std::uint64_t>(pending), 0);
        EventList events;
        std::multimap<double, std::uint32_t> sorted;
        double now = 0;
        for (std::uint32_t step = 0; step < 20000; ++step) {
            const bool push =
                sorted.empty() ||
                (static_cast<int>(sorted.size()) < pending ? random.uniform() < 0.6 : random.uniform() < 0.4);
            if (push) {
                const double time = now + std::floor(random.uniform() * 8) / 4;
                events.push(time, step);
                sorted.emplace(time, step);
            } else {
                QCOMPARE(events.next_time(), sorted.begin()->first);
                now = sorted.begin()->first;
                QCOMPARE(events.pop(), sorted.begin()->second);
                sorted.erase(sorted.begin());
            }
            QCOMPARE(events.size(), sorted.size());
        }
    }
};

QTEST_APPLESS_MAIN(EventListTest)
#include "event_list_test.moc"
