// What a deviation from a measurement says, and files of cases that cannot be read.

#include "sim/experiment/known_cases.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

using namespace headroom;

namespace {

sim::Deviation deviation(const char* metric, double error, double width, bool fitted = false) {
    return {.known = {.key = {metric, "", ""}, .width = width, .fitted = fitted},
            .simulated = {},
            .error = error};
}

}  // namespace

class KnownCasesTest : public QObject {
    Q_OBJECT

private slots:
    void verdicts() {
        using sim::Verdict;
        QCOMPARE(deviation("throughput", 0.19, 0.5).verdict(), Verdict::near);
        QCOMPARE(deviation("throughput", -0.21, 0.5).verdict(), Verdict::off);
        QCOMPARE(deviation("response.p50", 0.25, 0.5).verdict(), Verdict::off);
        QCOMPARE(deviation("response.p99", 0.25, 0.5).verdict(), Verdict::near);
        QCOMPARE(deviation("response.p99.9", -0.31, 0.5).verdict(), Verdict::off);
        QCOMPARE(deviation("throughput", 0.51, 0.5).verdict(), Verdict::wrong);
        QCOMPARE(deviation("throughput", 0.02, 0.01).verdict(), Verdict::wrong);  // near, but not as it was
        QCOMPARE(deviation("throughput", 0.02, 0.05, true).verdict(), Verdict::fitted);
        QCOMPARE(deviation("throughput", 0.06, 0.05, true).verdict(), Verdict::wrong);
    }

    void files_that_cannot_be_read_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* figure, const char* message) {
            QTest::newRow(name) << QByteArray("one:\n  source: a paper\n") + figure + "\n" << message;
        };
        row("unexplained", "  figures:\n    - {metric: throughput, measured: 1 /s, within: 21 %}",
            "a 'note' must say what is missing");
        row("fitted, perhaps", "  figures:\n    - {metric: throughput, measured: 1 /s, fitted: perhaps}",
            "true or false expected, not 'perhaps'");
        row("figures and none", "  missing: a reason\n  figures:\n    - {metric: throughput, measured: 1 /s}",
            "a sentence instead of figures expected");
        row("no reason", "  missing: \"\"", "a sentence instead of figures expected");
        row("nothing", "", "a list of figures expected");
    }

    void files_that_cannot_be_read() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        const auto cases = read(text);
        QVERIFY(!cases);
        const std::string found = cases.error().front().sentence();
        QVERIFY2(QString::fromStdString(found).contains(message), found.c_str());
    }

    void what_is_not_held_says_why() {
        const auto cases = read("one:\n  source: a paper\n  missing: no figure is published\n");
        QVERIFY(cases.has_value());
        QCOMPARE(cases->front().missing, std::string("no figure is published"));
        QVERIFY(cases->front().figures.empty());
    }

private:
    model::Expected<std::vector<sim::KnownCase>> read(const QByteArray& text) {
        const std::filesystem::path file = folder_.filePath("measured.yaml").toStdString();
        std::ofstream(file, std::ios::binary) << text.toStdString();
        return sim::read_known_cases(file, sim::measured_words);
    }

    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(KnownCasesTest)
#include "known_cases_test.moc"
