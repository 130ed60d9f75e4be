// What a screen reader says: no control that takes the keyboard is without a name.

#include "app/desktop/backwards/wizard.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/runs/run_dialog.h"
#include "app/desktop/shell/command_palette.h"
#include "app/desktop/shell/shortcuts_dialog.h"
#include "desktop_fixture.h"

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QTabWidget>
#include <QtTest/QTest>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;

namespace {

constexpr int patience = 120000;

/// Those of Qt's own parts that a person never meets as such, and labels that say nothing now.
bool is_inner(const QWidget* widget) {
    const auto* area = qobject_cast<const QAbstractScrollArea*>(widget->parentWidget());
    if (area != nullptr && area->viewport() == widget) return true;
    if (qobject_cast<const QComboBox*>(widget->parentWidget()) != nullptr) return true;  // it has the name
    const auto* label = qobject_cast<const QLabel*>(widget);
    if (label != nullptr && label->text().isEmpty()) return true;
    return widget->objectName().startsWith("qt_") || widget->inherits("QWizardPage") ||
           widget->inherits("QComboBoxListView") || widget->inherits("QTabBar") ||
           widget->inherits("QMenuBar") || widget->inherits("QAbstractScrollAreaScrollBarContainer");
}

QStringList nameless_in(const QWidget* root) {
    QStringList nameless;
    QList<QWidget*> all = root->findChildren<QWidget*>();
    for (const QWidget* widget : all) {
        if (widget->focusPolicy() == Qt::NoFocus || is_inner(widget)) continue;
        QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
        if (interface == nullptr || !interface->text(QAccessible::Name).trimmed().isEmpty()) continue;
        QString path;
        for (const QWidget* one = widget; one != nullptr; one = one->parentWidget())
            path.prepend(QString(one->metaObject()->className()) + "#" + one->objectName() + " > ");
        nameless << path;
    }
    return nameless;
}

}  // namespace

class AccessibleTest : public QObject {
    Q_OBJECT

private slots:
    void every_control_has_a_name() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        f.window->pin_baseline();
        f.window->run({.horizon = model::hours(1), .replications = 2});
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        f.window->actions()[Do::replay]->trigger();
        f.window->actions()[Do::ask_why]->trigger();
        for (const char* node : {"", "clicks", "dashboards", "brokers", "warehouse"}) {
            f.window->design_page().select(node);
            const QStringList nameless = nameless_in(f.window.get());
            QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join("\n")));
        }
    }

    void every_dialog_has_names() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        for (const Do what : {Do::run_with, Do::command_palette, Do::edit_shortcuts, Do::work_backwards}) {
            f.window->actions()[what]->trigger();
            const auto dialogs = f.window->findChildren<QDialog*>();
            QVERIFY(!dialogs.isEmpty());
            for (QDialog* dialog : dialogs) {
                QVERIFY(!dialog->windowTitle().isEmpty());
                const QStringList nameless = nameless_in(dialog);
                QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join("\n")));
                dialog->reject();
            }
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    }

    void every_action_says_what_it_does() {
        Fixture f;
        for (const ActionSpec& spec : action_specs()) {
            QVERIFY(!f.window->actions()[spec.what]->text().isEmpty());
            QVERIFY2(!f.window->actions()[spec.what]->toolTip().isEmpty(), spec.id);
        }
    }
};

QTEST_MAIN(AccessibleTest)
#include "accessible_test.moc"
