// Measured history as monitoring systems write it: times, gaps, clocks that change, and bytes of any kind.

#include "sim/experiment/history.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <random>

using namespace headroom;

class HistoryTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path file(const std::string& text) const {
        const std::filesystem::path path = folder_.filePath("history.csv").toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    model::Expected<sim::History> history(const std::string& text,
                                          const sim::HistoryOptions& options = {}) const {
        return sim::read_history(file(text), options);
    }

private slots:
    void reads_counts_and_rates() {
        const auto counts = history("time,requests\n2025-03-01 00:00,3600\n2025-03-01 01:00,7200\n");
        QVERIFY(counts.has_value() && counts->counted);
        QCOMPARE(counts->step.value(), 3600.0);
        QCOMPARE(counts->rates, (std::vector<double>{1, 2}));
        QCOMPARE(sim::print_time(counts->start), std::string("2025-03-01 00:00"));
        QCOMPARE(sim::print_time(counts->end()), std::string("2025-03-01 02:00"));
        const auto rates = history("time,load (requests/min)\n2025-03-01,60\n2025-03-02,120\n");
        QVERIFY(rates.has_value() && !rates->counted);
        QCOMPARE(rates->rates, (std::vector<double>{1, 2}));
        QCOMPARE(rates->noun, std::string("requests"));
        const auto chosen =
            history("t,a,b\n2025-03-01,1,10\n2025-03-02,1,20\n", {.column = "b", .unit = "events/s"});
        QVERIFY(chosen.has_value());
        QCOMPARE(chosen->rates, (std::vector<double>{10, 20}));
    }

    void reads_times_of_every_kind_data() {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<double>("step");
        const auto row = [](const char* first, const char* second, double step) {
            QTest::newRow(first) << QByteArray(first) << QByteArray(second) << step;
        };
        row("2024-02-29", "2024-03-01", 86400);
        row("2025-03-01T09:00:00Z", "2025-03-01T09:05:00Z", 300);
        row("2025-03-01T09:00:00.25+01:00", "2025-03-01T10:00:00+02:00", 0);
        row("2025-03-01T09:00:00+0100", "2025-03-01T09:00:00+00", 3600);
        row("1740819600", "1740819660", 60);
        row("1740819600000", "1740819660000", 60);
    }
    void reads_times_of_every_kind() {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QFETCH(double, step);
        const auto read = history("t,v\n" + first.toStdString() + ",1\n" + second.toStdString() + ",2\n");
        QCOMPARE(read.has_value(), step > 0);  // the same moment twice has no step
        if (read) QCOMPARE(read->step.value(), step);
    }

    void counts_what_is_wrong_with_it() {
        // Half an hour missing, a time twice, one row too early, a hole in the values.
        const auto read = history(
            "\xEF\xBB\xBFtime,v (events/s)\r\n2025-03-05 00:00,1\r\n2025-03-05 00:30,2\r\n2025-03-05 "
            "01:00,3\r\n"
            "2025-03-05 02:00,5\r\n2025-03-05 02:00,7\r\n\r\n2025-03-05 03:00,NaN\r\n2025-03-05 02:30,8\r\n");
        QVERIFY2(read.has_value(), read ? "" : read.error().front().sentence().c_str());
        QCOMPARE(read->rows, 7);
        QCOMPARE(read->rates.size(), std::size_t(7));
        QCOMPARE(read->missing, 2);
        QCOMPARE(read->empty, 1);
        QCOMPARE(read->repeated, 1);
        QCOMPARE(read->unsorted, 1);
        QCOMPARE(read->clock_changes, 0);  // it was a Wednesday
        QCOMPARE(read->rates[4], 6.0);
        QVERIFY(std::isnan(read->rates[3]));
    }

    void knows_clocks_that_change() {
        std::string text = "time,v\n";
        for (int h = 0; h < 24; ++h)
            if (h != 2)
                text += "2025-03-30 " + std::string(h < 10 ? "0" : "") + std::to_string(h) + ":00,5\n";
        const auto spring = history(text);
        QVERIFY(spring.has_value());
        QCOMPARE(spring->missing, 1);
        QCOMPARE(spring->clock_changes, 1);
        // With its zone written, nothing is missing: the clock is that of the first row.
        const auto zoned =
            history("time,v\n2025-03-30T01:00+01:00,5\n2025-03-30T03:00+02:00,6\n2025-03-30T04:00+02:00,7\n");
        QVERIFY(zoned.has_value());
        QCOMPARE(zoned->missing, 0);
        QCOMPARE(zoned->rates.size(), std::size_t(3));
    }

    void names_mistakes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const char* text, const char* sentence) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(sentence);
        };
        row("empty", "", "it is empty; a line with the names of the columns is expected first");
        row("one column", "time\n2025-01-01\n", "two columns are expected");
        row("no rows", "time,v\n", "two rows of different times");
        row("one time", "time,v\n2025-01-01,1\n2025-01-01,2\n", "two rows of different times");
        row("time", "time,v\n2025-01-01,1\nyesterday,2\n", "history.csv:3: time: 'yesterday' is not a time");
        row("date", "time,v\n2025-02-29,1\n", "'2025-02-29' is not a time");
        row("value", "time,v\n2025-01-01,many\n", "history.csv:2: v: 'many' is not a number from 0 up");
        row("negative", "time,v\n2025-01-01,-3\n", "'-3' is not a number from 0 up");
        row("infinite", "time,v\n2025-01-01,1e999\n", "history.csv:2: v:");
        row("huge", "time,v\n2025-01-01,1e300\n", "'1e300' is more than a rate can be");
        row("columns", "time,a,v\n2025-01-01\n", "has only 1 columns");
        row("span", "time,v\n1970-06-01,1\n1970-06-01 00:00:01,1\n9999-01-01,1\n",
            "more than 10 million steps");
    }
    void names_mistakes() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, sentence);
        const auto read = history(text.toStdString());
        QVERIFY(!read.has_value());
        QVERIFY2(QByteArray::fromStdString(read.error().front().sentence()).contains(sentence),
                 read.error().front().sentence().c_str());
    }

    void names_mistakes_of_options_and_events() {
        const std::string text = "time,clicks\n2025-01-01,1\n2025-01-02,1\n";
        QCOMPARE(history(text, {.column = "click"}).error().front().message,
                 std::string("there is no column 'click'; did you mean 'clicks'?"));
        QVERIFY(history(text, {.unit = "MB/s"})
                    .error()
                    .front()
                    .message.starts_with("'MB/s' is no rate of things"));
        const auto events = [&](const std::string& lines) {
            return sim::read_events(file("name,from,to\n" + lines));
        };
        QCOMPARE(events("sale,2025-01-01,2025-01-02\n").value().front().to, sim::ClockTime(1735776000));
        QVERIFY(!events("sale,2025-01-02,2025-01-01\n").has_value());
        QVERIFY(!events("for,2025-01-01,2025-01-02\n").has_value());
        QVERIFY(!events("sale,2025-01-01\n").has_value());
        QVERIFY(!sim::read_events(file("a,b\n")).has_value());
        QVERIFY(!sim::read_history(folder_.path().toStdString()).has_value());
        QVERIFY(!sim::read_history(folder_.filePath("none.csv").toStdString()).has_value());
    }

    /// Bytes that nobody meant to write: a history or one sentence, nothing else.
    void bytes_of_any_kind() {
        std::string whole = "time,clicks (clicks/h),note\n";
        for (int i = 0; i < 40; ++i)
            whole += "2025-01-" + std::to_string(10 + i / 24) + "T" + (i % 24 < 10 ? "0" : "") +
                     std::to_string(i % 24) + ":00:00+01:00," + std::to_string(1000 + i) + ",\"a, b\"\n";
        std::mt19937_64 random(1);
        const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
        int read = 0;
        for (int i = 0; i < 1000; ++i) {
            std::string text = whole;
            for (std::size_t changes = 1 + below(6); changes > 0 && !text.empty(); --changes) {
                const std::size_t at = below(text.size());
                switch (below(4)) {
                    case 0:
                        text[at] = static_cast<char>(random());
                        break;
                    case 1:
                        text.erase(at, 1 + below(20));
                        break;
                    case 2:
                        text.insert(at, 1 + below(3), "0-,.:\"\n+eE9"[below(11)]);
                        break;
                    default:
                        text.resize(at + 1);
                }
            }
            const auto history = this->history(text);
            if (history) {
                ++read;
                QVERIFY(history->step.value() > 0);
                QVERIFY(history->rates.size() >= 2);
                for (const double rate : history->rates)
                    QVERIFY(std::isnan(rate) || (rate >= 0 && std::isfinite(rate)));
            } else {
                QCOMPARE(history.error().size(), std::size_t(1));
                const std::string sentence = history.error().front().sentence();
                QVERIFY(sentence.find('\n') == std::string::npos && sentence.size() < 500);
            }
        }
        QVERIFY(read > 30);
    }
};

QTEST_GUILESS_MAIN(HistoryTest)
#include "history_test.moc"
