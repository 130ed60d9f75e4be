#include "sim/kernel/event_list.h"

#include "sim/kernel/random.h"

#include <QtTest/QTest>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

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

    // Against a set of times and numbers, growing and shrinking between none and very many by way of the
    // sizes where buckets begin and cease to be used.
    void agrees_with_a_set_through_all_sizes_data() {
        QTest::addColumn<int>("ahead");
        QTest::newRow("exponential") << 0;
        QTest::newRow("few different times") << 1;
        QTest::newRow("one time") << 2;
        QTest::newRow("scales far apart") << 3;
        QTest::newRow("now and much later") << 4;
        QTest::newRow("never, or very soon") << 5;
        QTest::newRow("ever closer") << 6;
    }
    void agrees_with_a_set_through_all_sizes() {
        QFETCH(int, ahead);
        RandomStream random(1, static_cast<std::uint64_t>(ahead), 7);
        EventList events;
        std::set<std::pair<double, std::uint32_t>> sorted;
        double now = 0;
        std::uint32_t number = 0;
        const auto push = [&] {
            double time = now;
            switch (ahead) {
                case 0:
                    time += random.exponential();
                    break;
                case 1:
                    time += std::floor(random.uniform() * 4);
                    break;
                case 2:
                    break;
                case 3:
                    time += std::pow(10, 24 * random.uniform() - 12);
                    break;
                case 4:
                    time += random.uniform() < 0.6 ? 0 : 1e6 * random.uniform();
                    break;
                case 5:
                    time = random.uniform() < 0.3 ? std::numeric_limits<double>::infinity()
                                                  : now + 1e-9 * random.uniform();
                    break;
                case 6:
                    time += random.exponential() / (1 + number);
                    break;
            }
            events.push(time, number);
            sorted.emplace(time, number);
            ++number;
        };
        const auto pop = [&] {
            const auto [time, expected] = *sorted.begin();
            if (events.next_time() != time) return false;
            if (events.pop() != expected) return false;
            if (std::isfinite(time)) now = time;
            sorted.erase(sorted.begin());
            return events.size() == sorted.size() && events.empty() == sorted.empty();
        };
        for (const std::size_t pending : {5'000, 1'500, 30'000, 100, 4'001, 3'999, 60'000, 0, 20'000, 0}) {
            while (sorted.size() != pending) {
                const bool grows = sorted.size() < pending;
                if (sorted.empty() || (random.uniform() < 0.8) == grows) {
                    push();
                } else {
                    QVERIFY2(pop(), qPrintable(QString("at event %1").arg(number)));
                }
            }
            for (int i = 0; i < 20'000 && !sorted.empty(); ++i) {  // at this size
                QVERIFY2(pop(), qPrintable(QString("at event %1").arg(number)));
                push();
            }
        }
        QVERIFY(std::isinf(events.next_time()));
    }
};

QTEST_APPLESS_MAIN(EventListTest)
#include "event_list_test.moc"
