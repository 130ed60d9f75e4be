// Item models keep the rules of item models, whatever they are shown.

#include "app/desktop/compare/difference_models.h"
#include "app/desktop/problems/problem_model.h"
#include "app/desktop/results/result_models.h"
#include "app/desktop/shell/actions.h"
#include "app/desktop/table/component_model.h"

#include <QAbstractItemModelTester>
#include <QSet>
#include <QtTest/QTest>

using namespace headroom;
using namespace headroom::desktop;

namespace {

constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

std::shared_ptr<const model::RunResult> result() {
    auto made = std::make_shared<model::RunResult>();
    made->figures.push_back({{"response.mean", "", "jobs"}, {0.5, 0.01}, 0.5, true, {}});
    made->figures.push_back({{"utilisation", "server", ""}, {0.8, 0}, 0.8, true, {}});
    made->figures.push_back({{"not known", "server", "jobs"}, {1, 1}, 1, false, {}});
    made->bill.lines.push_back(
        {"lake", "storage", "standard", "s3.standard.storage", 100, "GB-month", 0.023, 2.3, {}});
    return made;
}

/// Every role of every cell, as views and screen readers ask for them.
void read_all(const QAbstractItemModel& model) {
    for (int column = 0; column < model.columnCount(); ++column) {
        QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
        for (int row = 0; row < model.rowCount(); ++row)
            for (int role = 0; role <= Qt::UserRole; ++role) model.index(row, column).data(role);
    }
}

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT

private slots:
    void figures_and_bill() {
        FigureModel figures;
        BillModel bill;
        const QAbstractItemModelTester a(&figures, strict);
        const QAbstractItemModelTester b(&bill, strict);
        figures.show(result());
        bill.show(result());
        QCOMPARE(figures.rowCount(), 3);
        QCOMPARE(figures.index(0, FigureModel::value).data().toString(), QString("500 ms"));
        QCOMPARE(figures.index(0, FigureModel::interval).data().toString(), QString("490 ms to 510 ms"));
        QCOMPARE(bill.index(0, BillModel::amount).data().toString(), QString("$2.30"));
        QCOMPARE(bill.index(0, BillModel::source).data().toString(), QString("unsourced"));
        read_all(figures);
        read_all(bill);
        figures.show(nullptr);
        QCOMPARE(figures.rowCount(), 0);
    }

    void differences_say_what_they_mean_data() {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<double>("delta");
        QTest::addColumn<bool>("significant");
        QTest::addColumn<model::Meaning>("meaning");
        QTest::newRow("faster") << "response.mean" << -0.1 << true << model::Meaning::better;
        QTest::newRow("slower") << "response.mean" << 0.1 << true << model::Meaning::worse;
        QTest::newRow("more throughput") << "throughput" << 5.0 << true << model::Meaning::better;
        QTest::newRow("chance") << "response.mean" << -0.1 << false << model::Meaning::not_significant;
        QTest::newRow("not known") << "other" << -0.1 << true << model::Meaning::different;
    }
    void differences_say_what_they_mean() {
        QFETCH(QString, metric);
        QFETCH(double, delta);
        QFETCH(bool, significant);
        QFETCH(model::Meaning, meaning);
        const model::Difference difference{
            {metric.toStdString(), "", "jobs"}, {1, 0.1}, {1 + delta, 0.1}, {delta, 0.01}, significant};
        QCOMPARE(meaning_of(difference), meaning);
        DifferenceModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.show({difference});
        read_all(model);
    }

    void inputs_that_differ() {
        const auto before = model::parse_yaml(
            "{horizon: 1 h, layout: {a: [0, 0]}, workloads: {w: {stream: {rate: 1/s}}}, seed: 3}", "");
        const auto now = model::parse_yaml(
            "{horizon: 2 h, layout: {a: [9, 9]}, workloads: {w: {stream: {rate: 2/s}}}}", "");
        QVERIFY(before && now);
        const auto rows = model::input_differences(*before, *now, model::Catalog());
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(QString::fromStdString(rows[0].field), QString("horizon"));
        QCOMPARE(QString::fromStdString(rows[1].field), QString("workloads.w.stream.rate"));
        QCOMPARE(QString::fromStdString(rows[2].field), QString("seed"));
        QVERIFY(rows[2].now.empty());
        InputDifferenceModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.show(rows);
        read_all(model);
    }

    void problems_and_components() {
        ProblemModel problems;
        ComponentModel components;
        const QAbstractItemModelTester a(&problems, strict);
        const QAbstractItemModelTester b(&components, strict);
        problems.show({{model::Severity::error, {"/tmp/a.yaml", 3, 7}, "components.a.x", "", "", "wrong"}},
                      {"Write it"});
        QCOMPARE(problems.index(0, ProblemModel::place).data().toString(), QString("a.yaml:3:7"));
        read_all(problems);
        Overview server;
        server.id = "server";
        server.utilisation = 1.2;
        components.show({server});
        QCOMPARE(components.index(0, ComponentModel::utilisation).data().toString(), QString("120 %"));
        QCOMPARE(components.index(0, ComponentModel::load).data().toString(), QString("overloaded"));
        server.utilisation = 0.5;
        components.show({server});  // the same rows: selection and reading position stay
        QCOMPARE(components.index(0, ComponentModel::load).data().toString(), QString("calm"));
        components.show({});
        read_all(components);
    }

    void no_two_actions_share_a_shortcut() {
        QSet<QString> seen;
        for (const ActionSpec& spec : action_specs()) {
            if (spec.shortcut == nullptr) continue;
            QVERIFY2(!seen.contains(spec.shortcut), spec.shortcut);
            seen.insert(spec.shortcut);
        }
    }
};

QTEST_MAIN(ModelsTest)
#include "models_test.moc"
