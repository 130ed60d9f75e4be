// Claims are read with their mistakes named, worked out, and judged by the interval of what was found.

#include "sim/experiment/audit.h"

#include <QTemporaryDir>
#include <QtTest/QTest>
#include <fstream>

using namespace headroom;

namespace {

/// A run that has one figure.
model::RunResult run_with(double value, double half_width) {
    model::RunResult result;
    model::Figure figure;
    figure.key = {"response.mean", "", "jobs"};
    figure.simulated = {value, half_width};
    result.figures.push_back(figure);
    return result;
}

}  // namespace

class AuditTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    model::Expected<std::vector<sim::Claim>> claims(const QByteArray& text) {
        const std::filesystem::path file = folder_.filePath("claims.yaml").toStdString();
        std::ofstream(file) << text.toStdString();
        return sim::read_claims(file);
    }

private slots:
    void judges_data() {
        QTest::addColumn<QByteArray>("claim");
        QTest::addColumn<double>("found");
        QTest::addColumn<int>("agreement");
        const auto row = [](const char* name, const char* claim, double found, sim::Agreement agreement) {
            QTest::newRow(name) << QByteArray(claim) << found << static_cast<int>(agreement);
        };
        using enum sim::Agreement;
        row("a product that fits", "is: [1 EB, $4/TB-month], at-most: $100M/y", 4e6 * 12 / (365 * 86400.0),
            agrees);
        row("a product that does not", "is: [1 EB, $23/TB-month], at-most: $100M/y",
            23e6 * 12 / (365 * 86400.0), disagrees);
        row("items count as numbers", "is: [10M events/s, 1 KB], at-least: 9 GB/s", 1e10, agrees);
        row("a ratio", "is: [$5M/TB], over: [$100/TB], about: 50000x", 5e4, agrees);
        row("about, too far", "is: [130 GB], over: [1 TB], about: 20 %, within: 10 %", 0.13, disagrees);
        row("a figure", "is: [{scenario: s.yaml, metric: response.mean, of: jobs}], at-most: 3 s", 2, agrees);
        row("a figure above", "is: [{scenario: s.yaml, metric: response.mean, of: jobs}], at-most: 1 s", 2,
            disagrees);
        row("a bound within the interval",
            "is: [{scenario: s.yaml, metric: response.mean, of: jobs}], at-most: 2.1 s", 2, undecided);
        row("a figure over a quantity",
            "is: [{scenario: s.yaml, metric: response.mean, of: jobs}], over: [1 s], at-least: 1x", 2,
            agrees);
    }
    void judges() {
        QFETCH(QByteArray, claim);
        QFETCH(double, found);
        QFETCH(int, agreement);
        const auto read = claims("it: {says: so, " + claim + "}\n");
        QVERIFY2(read.has_value(), read ? "" : read.error().front().sentence().c_str());
        const model::RunResult run = run_with(2, 0.5);
        const auto audited = sim::audit(
            read->front(), [&](const auto&) { return model::Expected<const model::RunResult*>(&run); });
        QVERIFY(audited.has_value());
        QVERIFY2(std::abs(audited->found.value / found - 1) < 1e-9,
                 std::to_string(audited->found.value).c_str());
        QCOMPARE(static_cast<int>(audited->agreement), agreement);
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const char* text, const char* part) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(part);
        };
        row("another dimension", "it: {says: so, is: [1 TB], at-most: 3 s}",
            "is a duration, but the terms make");
        row("no bound", "it: {says: so, is: [1 TB]}", "one of 'at-most', 'at-least' and 'about'");
        row("two bounds", "it: {says: so, is: [1 TB], at-most: 1 TB, about: 1 TB}", "one of 'at-most'");
        row("no terms", "it: {says: so, at-most: 1 TB}", "'is' is missing");
        row("no words", "it: {is: [1 TB], at-most: 1 TB}", "'says' is missing");
        row("a slip", "it: {says: so, is: [1 TB], atmost: 1 TB}", "unknown field 'atmost'");
        row("no metric", "it: {says: so, is: [{scenario: s.yaml, metric: speed}], at-most: 1 s}",
            "no metric 'speed'");
        row("no scenario", "it: {says: so, is: [{metric: cost}], at-most: $1/month}",
            "'scenario' is missing");
        row("not a quantity", "it: {says: so, is: [much], at-most: 1 TB}", "it.is.0");
        row("a list", "- it", "claims by name expected");
        row("empty", "", "");
        row("not YAML", "it: [", "");
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        const auto read = claims(text);
        QVERIFY(!read.has_value());
        const std::string sentence = read.error().front().sentence();
        QVERIFY2(QByteArray(sentence.c_str()).contains(part), sentence.c_str());
    }

    void a_figure_that_the_run_has_not() {
        const auto read =
            claims("it: {says: so, is: [{scenario: s.yaml, metric: cost}], at-most: $1/month}\n");
        QVERIFY(read.has_value());
        const model::RunResult run = run_with(2, 0.5);
        const auto audited = sim::audit(
            read->front(), [&](const auto&) { return model::Expected<const model::RunResult*>(&run); });
        QVERIFY(!audited.has_value());
        QVERIFY(QByteArray(audited.error().front().sentence().c_str()).contains("no figure 'Cost'"));
    }
};

QTEST_APPLESS_MAIN(AuditTest)
#include "audit_test.moc"
