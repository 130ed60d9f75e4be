// A person begins with the customer, and edits the plan as a whole.

#include "app/desktop/backwards/first_scenario.h"
#include "app/desktop/backwards/wizard.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/plan/plan_model.h"
#include "desktop_fixture.h"
#include "model/scenario/read.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QtTest/QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;

namespace {

constexpr int patience = 120000;

void type(QWidget* parent, const char* name, const char* text) {
    auto* line = parent->findChild<QLineEdit*>(name);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
}

/// Edits a cell as a person does: a key opens the editor, Return ends it.
void edit(QTableView* view, int row, int column, const char* text) {
    view->setFocus();
    view->setCurrentIndex(view->model()->index(row, column));
    QTest::keyClick(view, Qt::Key_F2);
    auto* line = view->findChild<QLineEdit*>();
    QVERIFY(line);
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
    // The view takes what was typed and drops the editor; then the plan does.
    QTRY_VERIFY_WITH_TIMEOUT(view->findChild<QLineEdit*>() == nullptr, patience);
    QCoreApplication::processEvents();
}

QString cell(QTableView* view, int row, int column) {
    return view->model()->index(row, column).data().toString();
}

}  // namespace

class PlanTest : public QObject {
    Q_OBJECT

private slots:
    void from_the_customer_to_a_first_scenario() {
        Fixture f;
        QTest::mouseClick(f.window->findChild<QPushButton*>("work-backwards"), Qt::LeftButton);
        auto* wizard = f.window->findChild<BackwardsWizard*>();
        QVERIFY(wizard);
        type(wizard, "name", "Shop window");
        type(wizard, "customer", "Buyers: of the north");
        type(wizard, "problem", "Stock figures are a day old");
        wizard->next();
        type(wizard, "events", "40 MB/s");  // no rate of events
        wizard->next();
        QCOMPARE(wizard->currentPage()->title(), QString("What they do"));
        type(wizard, "events", "20k events/s");
        type(wizard, "users", "400");
        wizard->next();
        type(wizard, "freshness", "2 min");
        type(wizard, "cost", "$9000/month");
        wizard->next();
        QCOMPARE(wizard->currentPage()->title(), QString("A first scenario"));
        QVERIFY(wizard->findChild<QLabel*>("first-sizes")->text().contains("warehouse: "));
        wizard->button(QWizard::FinishButton)->click();

        QCOMPARE(f.window->page(), Window::design);
        QVERIFY(f.window->project().is_valid());
        const model::Scenario& scenario = *f.window->project().scenario();
        QCOMPARE(scenario.name, std::string("Shop window"));
        QCOMPARE(scenario.objectives.size(), std::size_t(4));
        QVERIFY(f.window->project().document().text().find("of the north") != std::string::npos);
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        for (const char* part : {"brokers", "processing", "warehouse"}) {
            const double used = f.window->design_page().canvas().node(part)->overview().utilisation;
            QVERIFY2(used > 0 && used <= 0.6, part);
        }
    }

    void every_shape_is_a_scenario_that_keeps_up_data() {
        QTest::addColumn<int>("shape");
        QTest::addColumn<double>("events");
        for (const auto& [name, shape] :
             {std::pair{"dashboards", Shape::dashboards}, std::pair{"lookups", Shape::lookups},
              std::pair{"service", Shape::service}})
            for (const double events : {10.0, 1e6})
                QTest::addRow("%s %g", name, events) << static_cast<int>(shape) << events;
    }
    void every_shape_is_a_scenario_that_keeps_up() {
        QFETCH(int, shape);
        QFETCH(double, events);
        Answers answers;
        answers.name = "Plan";
        answers.customer = "#: \"quotes\" and ünïcode";
        answers.shape = static_cast<Shape>(shape);
        answers.events = model::ItemRate(events);
        answers.event_size = model::DataSize(500);
        answers.peak = 3;
        answers.users = 500;
        answers.think_time = model::seconds(20);
        answers.scan = model::DataSize(1e7);
        answers.freshness = model::seconds(60);
        answers.response = model::seconds(1);
        answers.cost = 5000;
        const auto first = first_scenario(answers, *testing::catalog());
        QVERIFY2(first.has_value(), first ? "" : first.error().front().message.c_str());
        const auto reading = model::read_scenario(model::Document(first->text), *testing::catalog());
        QVERIFY(reading.scenario.has_value());
        for (const auto& problem : reading.problems) QVERIFY2(false, problem.sentence().c_str());
    }

    void the_plan_is_edited_in_tables() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        for (auto* tabs : f.window->design_page().findChildren<QTabWidget*>())
            for (int i = 0; i < tabs->count(); ++i)
                if (tabs->tabText(i) == "Plan") tabs->setCurrentIndex(i);
        const auto table = [&](const char* name) { return f.window->findChild<QTableView*>(name); };
        QTableView* objectives = table("plan-objectives");
        QVERIFY(objectives->isVisible());
        QCOMPARE(objectives->model()->rowCount(), 5);  // four and a new one
        QVERIFY(!cell(objectives, 0, 1).isEmpty());
        edit(objectives, 4, 0, "utilisation of warehouse: <= 80 %");
        QCOMPARE(f.window->project().scenario()->objectives.size(), std::size_t(5));
        objectives->setCurrentIndex(objectives->model()->index(0, 0));
        QTest::mouseClick(f.window->findChild<QPushButton*>("plan-objectives-remove"), Qt::LeftButton);
        QCOMPARE(f.window->project().scenario()->objectives.size(), std::size_t(4));

        QTableView* workloads = table("plan-workloads");
        edit(workloads, 0, 2, "3000 events/s");
        QCOMPARE(std::get<model::Stream>(f.window->project().scenario()->workloads[0].load).rate.base.value(),
                 3000.0);
        QVERIFY(!workloads->model()->index(0, 6).data(Qt::DecorationRole).isNull());
        QVERIFY(workloads->model()->index(0, 6).data(Qt::AccessibleTextRole).toString().contains("6"));

        QTableView* hardware = table("plan-hardware");
        QCOMPARE(cell(hardware, 0, 2), QString("3 x m5.large"));
        QCOMPARE(cell(hardware, 0, 4), QString("6"));
        edit(hardware, 0, 2, "6 x m5.large");
        edit(hardware, 0, 3, "{spot: 50 %}");
        QCOMPARE(f.window->project().scenario()->component("brokers")->nodes("nodes").count, 6);
        QCOMPARE(cell(hardware, 0, 4), QString("12"));

        QTableView* failures = table("plan-failures");
        edit(failures, 0, 0, "broker-loss");
        QCOMPARE(f.window->project().scenario()->failures.size(), std::size_t(1));
        edit(failures, 0, 3, "30 d");
        QCOMPARE(f.window->project().scenario()->failures[0].every.mean, 30 * 86400.0);
        edit(failures, 0, 0, "lost-broker");
        QCOMPARE(f.window->project().scenario()->failures[0].name, std::string("lost-broker"));
        // A loss that no entry speaks of yet, in the order zone, node, disk, region.
        QTableView* recovery = table("plan-recovery");
        edit(recovery, 0, 0, "copies");
        edit(recovery, 1, 0, "more-copies");
        const auto& recoveries = f.window->project().scenario()->recoveries;
        QCOMPARE(recoveries.size(), std::size_t(2));
        QVERIFY(recoveries[0].of != recoveries[1].of && recoveries[0].loss == model::LossOf::zone);
        edit(recovery, 0, 4, "6 h");
        edit(recovery, 0, 8, "500 MB/s");
        const model::Recovery& copies = f.window->project().scenario()->recoveries.front();
        QCOMPARE(copies.snapshot_every->value(), 6 * 3600.0);
        QCOMPARE(copies.restore->value(), 500e6);
        QVERIFY(table("plan-prices")->model()->rowCount() > 3);

        // What is wrong stays to be mended, and is told.
        edit(hardware, 0, 2, "many");
        QVERIFY(!f.window->project().is_valid());
        QCOMPARE(cell(hardware, 0, 2), QString("many"));
        f.window->actions()[Do::undo]->trigger();
        QVERIFY(f.window->project().is_valid());
        QCOMPARE(f.window->project().undo().index(), 12);
        for (int i = 0; i < 12; ++i) f.window->actions()[Do::undo]->trigger();
        QVERIFY(!f.window->project().is_modified());
    }

    void another_technology_is_shown_by_what_differs() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        QString told;
        QMessageBox::StandardButton answer = QMessageBox::Cancel;
        f.window->prompts.ask = [&](QWidget*, const QString&, const QString& text,
                                    QMessageBox::StandardButtons) {
            told = text;
            return answer;
        };
        f.window->design_page().select("brokers");
        FieldEditor* field = f.window->design_page().inspector().field("technology");
        field->enter("msk");
        QVERIFY2(told.contains("price of") || told.contains("billed for"), qPrintable(told));
        QCOMPARE(f.window->project().scenario()->component("brokers")->technology, std::string("kafka"));
        QCOMPARE(field->text(), QString("kafka"));
        answer = QMessageBox::Ok;
        field->enter("msk");
        QCOMPARE(f.window->project().scenario()->component("brokers")->technology, std::string("msk"));
        QCOMPARE(f.window->project().undo().count(), 1);
        QCOMPARE(f.window->design_page().inspector().field("technology")->text(), QString("msk"));
    }

    void plan_models_keep_to_the_rules() {
        Project project(testing::catalog());
        for (const PlanPart part : {PlanPart::workloads, PlanPart::hardware, PlanPart::failures,
                                    PlanPart::recovery, PlanPart::objectives}) {
            PlanModel model(part, project);
            const QAbstractItemModelTester tester(&model,
                                                  QAbstractItemModelTester::FailureReportingMode::QtTest);
            model.show(nullptr);
            project.open_text("headroom: 1\ncomponents: {a: {technology: kafka, nodes: 3 x m5.large}}\n");
            model.show(nullptr);
            project.open_text("headroom: 1\n");
            model.show(nullptr);
        }
    }
};

QTEST_MAIN(PlanTest)
#include "plan_test.moc"
