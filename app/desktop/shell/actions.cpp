#include "app/desktop/shell/actions.h"

#include "app/desktop/shell/appearance.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>
#include <array>

namespace headroom::desktop {

namespace {

constexpr std::array table{
    ActionSpec{Do::open, Menu::file, QT_TRANSLATE_NOOP("Actions", "&Open…"), "open", "Ctrl+O",
               QT_TRANSLATE_NOOP("Actions", "Open a scenario file")},
    ActionSpec{Do::save, Menu::file, QT_TRANSLATE_NOOP("Actions", "&Save"), "save", "Ctrl+S",
               QT_TRANSLATE_NOOP("Actions", "Save the scenario"), false, true},
    ActionSpec{Do::save_as, Menu::file, QT_TRANSLATE_NOOP("Actions", "Save &as…"), nullptr, "Ctrl+Shift+S",
               QT_TRANSLATE_NOOP("Actions", "Save the scenario under another name")},
    ActionSpec{
        Do::export_report, Menu::file, QT_TRANSLATE_NOOP("Actions", "&Export report…"), "report", "Ctrl+E",
        QT_TRANSLATE_NOOP("Actions", "Write a planning report of the last run as HTML or PDF"), false, true},
    ActionSpec{Do::quit, Menu::file, QT_TRANSLATE_NOOP("Actions", "&Quit"), nullptr, "Ctrl+Q",
               QT_TRANSLATE_NOOP("Actions", "Close the window"), false, true},
    ActionSpec{Do::undo, Menu::edit, QT_TRANSLATE_NOOP("Actions", "&Undo"), "undo", "Ctrl+Z",
               QT_TRANSLATE_NOOP("Actions", "Take the last edit back")},
    ActionSpec{Do::redo, Menu::edit, QT_TRANSLATE_NOOP("Actions", "&Redo"), "redo", "Ctrl+Shift+Z",
               QT_TRANSLATE_NOOP("Actions", "Make the edit again")},
    ActionSpec{Do::show_welcome, Menu::view, QT_TRANSLATE_NOOP("Actions", "&Welcome"), "home", "Ctrl+1",
               QT_TRANSLATE_NOOP("Actions", "Show examples and recent files")},
    ActionSpec{Do::show_design, Menu::view, QT_TRANSLATE_NOOP("Actions", "&Design"), "design", "Ctrl+2",
               QT_TRANSLATE_NOOP("Actions", "Show the topology and its parameters")},
    ActionSpec{Do::show_results, Menu::view, QT_TRANSLATE_NOOP("Actions", "&Results"), "results", "Ctrl+3",
               QT_TRANSLATE_NOOP("Actions", "Show what the last run found")},
    ActionSpec{Do::show_compare, Menu::view, QT_TRANSLATE_NOOP("Actions", "&Compare"), "compare", "Ctrl+4",
               QT_TRANSLATE_NOOP("Actions", "Show the baseline beside this scenario")},
    ActionSpec{Do::show_problems, Menu::view, QT_TRANSLATE_NOOP("Actions", "&Problems"), "warning", "F8",
               QT_TRANSLATE_NOOP("Actions", "Go to the list of problems"), false, true},
    ActionSpec{Do::zoom_in, Menu::view, QT_TRANSLATE_NOOP("Actions", "Zoom &in"), "zoom-in", "Ctrl++",
               QT_TRANSLATE_NOOP("Actions", "Enlarge the canvas"), false, true},
    ActionSpec{Do::zoom_out, Menu::view, QT_TRANSLATE_NOOP("Actions", "Zoom &out"), "zoom-out", "Ctrl+-",
               QT_TRANSLATE_NOOP("Actions", "Shrink the canvas")},
    ActionSpec{Do::fit, Menu::view, QT_TRANSLATE_NOOP("Actions", "&Fit"), "fit", "Ctrl+0",
               QT_TRANSLATE_NOOP("Actions", "Show the whole topology")},
    ActionSpec{Do::appearance_system, Menu::appearance, QT_TRANSLATE_NOOP("Actions", "As the &system"),
               nullptr, nullptr, QT_TRANSLATE_NOOP("Actions", "Follow the desktop's light or dark setting"),
               true},
    ActionSpec{Do::appearance_light, Menu::appearance, QT_TRANSLATE_NOOP("Actions", "&Light"), nullptr,
               nullptr, QT_TRANSLATE_NOOP("Actions", "Dark text on light ground"), true},
    ActionSpec{Do::appearance_dark, Menu::appearance, QT_TRANSLATE_NOOP("Actions", "&Dark"), nullptr, nullptr,
               QT_TRANSLATE_NOOP("Actions", "Light text on dark ground"), true},
    ActionSpec{Do::auto_layout, Menu::design, QT_TRANSLATE_NOOP("Actions", "Auto-&layout"), "layout",
               "Ctrl+L", QT_TRANSLATE_NOOP("Actions", "Lay the topology out in layers; one undo step")},
    ActionSpec{Do::find, Menu::design, QT_TRANSLATE_NOOP("Actions", "&Find…"), nullptr, "Ctrl+F",
               QT_TRANSLATE_NOOP("Actions", "Find a component or workload by name, and select it")},
    ActionSpec{
        Do::run, Menu::simulate, QT_TRANSLATE_NOOP("Actions", "&Run"), "run", "F5",
        QT_TRANSLATE_NOOP("Actions", "Simulate until the figures are as precise as the scenario asks")},
    ActionSpec{Do::cancel, Menu::simulate, QT_TRANSLATE_NOOP("Actions", "&Cancel"), "stop", "Shift+F5",
               QT_TRANSLATE_NOOP("Actions", "Stop the run and keep what it has found")},
    ActionSpec{Do::pin_baseline, Menu::simulate, QT_TRANSLATE_NOOP("Actions", "&Pin as baseline"), "pin",
               "Ctrl+B",
               QT_TRANSLATE_NOOP("Actions", "Keep the scenario as it is now, to compare later edits with it"),
               false, true},
    ActionSpec{Do::compare_with_file, Menu::simulate, QT_TRANSLATE_NOOP("Actions", "Compare with &file…"),
               "compare", "Ctrl+Shift+O",
               QT_TRANSLATE_NOOP("Actions", "Take another scenario file as the baseline")},
    ActionSpec{Do::run_comparison, Menu::simulate, QT_TRANSLATE_NOOP("Actions", "Run &both"), "run",
               "Ctrl+F5",
               QT_TRANSLATE_NOOP("Actions", "Simulate baseline and scenario with the same random numbers")},
    ActionSpec{Do::about, Menu::help, QT_TRANSLATE_NOOP("Actions", "&About Headroom"), nullptr, nullptr,
               QT_TRANSLATE_NOOP("Actions", "Version and licence")},
};

QString translated(const char* text) { return QCoreApplication::translate("Actions", text); }

}  // namespace

std::span<const ActionSpec> action_specs() { return table; }

Actions::Actions(QWidget* window) {
    auto* appearances = new QActionGroup(window);
    for (const ActionSpec& spec : table) {
        auto* action = new QAction(translated(spec.text), window);
        if (spec.icon != nullptr) action->setIcon(tinted_icon(QString::fromLatin1(spec.icon)));
        QString tip = translated(spec.help);
        action->setStatusTip(tip);
        if (spec.shortcut != nullptr) {
            const QKeySequence keys(QString::fromLatin1(spec.shortcut), QKeySequence::PortableText);
            QList<QKeySequence> all{keys};
            if (spec.what == Do::zoom_in) all << QKeySequence(QStringLiteral("Ctrl+="));
            if (spec.what == Do::redo) all << QKeySequence(QStringLiteral("Ctrl+Y"));
            action->setShortcuts(all);
            tip += QStringLiteral(" (") + keys.toString(QKeySequence::NativeText) + QLatin1Char(')');
        }
        action->setToolTip(tip);
        action->setCheckable(spec.checkable);
        if (spec.menu == Menu::appearance) appearances->addAction(action);
        window->addAction(action);
        actions_.emplace(spec.what, action);
    }
}

std::map<Menu, QMenu*> Actions::fill(QMenuBar& bar) const {
    std::map<Menu, QMenu*> menus;
    menus[Menu::file] = bar.addMenu(translated(QT_TRANSLATE_NOOP("Actions", "&File")));
    menus[Menu::edit] = bar.addMenu(translated(QT_TRANSLATE_NOOP("Actions", "&Edit")));
    menus[Menu::view] = bar.addMenu(translated(QT_TRANSLATE_NOOP("Actions", "&View")));
    menus[Menu::design] = bar.addMenu(translated(QT_TRANSLATE_NOOP("Actions", "&Design")));
    menus[Menu::simulate] = bar.addMenu(translated(QT_TRANSLATE_NOOP("Actions", "&Simulate")));
    menus[Menu::help] = bar.addMenu(translated(QT_TRANSLATE_NOOP("Actions", "&Help")));
    menus[Menu::appearance] = new QMenu(translated(QT_TRANSLATE_NOOP("Actions", "&Appearance")), &bar);
    for (const ActionSpec& spec : table) {
        QMenu* menu = menus[spec.menu];
        if (spec.separator_before) menu->addSeparator();
        menu->addAction(actions_.at(spec.what));
    }
    menus[Menu::view]->addSeparator();
    menus[Menu::view]->addMenu(menus[Menu::appearance]);
    return menus;
}

}  // namespace headroom::desktop
