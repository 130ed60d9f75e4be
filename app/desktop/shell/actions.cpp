#include "app/desktop/shell/actions.h"

#include "app/desktop/shell/appearance.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>

namespace headroom::desktop {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("Actions", text); }

/// Those of the table, or what the person chose instead.
QList<QKeySequence> shortcuts_of(const ActionSpec& spec) {
    const QVariant chosen = QSettings().value(QStringLiteral("shortcuts/") + QLatin1String(spec.id));
    if (chosen.isValid()) return {QKeySequence(chosen.toString(), QKeySequence::PortableText)};
    if (spec.shortcut == nullptr) return {};
    QList<QKeySequence> all{QKeySequence(QLatin1String(spec.shortcut), QKeySequence::PortableText)};
    if (spec.what == Do::redo) all << QKeySequence(QStringLiteral("Ctrl+Y"));
    if (spec.what == Do::zoom_in) all << QKeySequence(QStringLiteral("Ctrl+="));
    return all;
}

}  // namespace

Actions::Actions(QWidget* window) {
    auto* appearances = new QActionGroup(window);
    for (const ActionSpec& spec : action_specs()) {
        auto* action = new QAction(translated(spec.text), window);
        if (spec.icon != nullptr) action->setIcon(tinted_icon(QString::fromLatin1(spec.icon)));
        QString tip = translated(spec.help);
        action->setStatusTip(tip);
        action->setShortcuts(shortcuts_of(spec));
        if (!action->shortcut().isEmpty())
            tip += QStringLiteral(" (") + action->shortcut().toString(QKeySequence::NativeText) +
                   QLatin1Char(')');
        action->setToolTip(tip);
        action->setObjectName(QLatin1String(spec.id));
        action->setCheckable(spec.checkable);
        if (spec.menu == Menu::appearance) appearances->addAction(action);
        window->addAction(action);
        actions_.emplace(spec.what, action);
    }
}

void Actions::set_shortcut(Do what, const QKeySequence& keys) {
    for (const ActionSpec& spec : action_specs())
        if (spec.what == what)
            QSettings().setValue(QStringLiteral("shortcuts/") + QLatin1String(spec.id),
                                 keys.toString(QKeySequence::PortableText));
    actions_.at(what)->setShortcuts({keys});
}

void Actions::reset_shortcuts() {
    QSettings().remove(QStringLiteral("shortcuts"));
    for (const ActionSpec& spec : action_specs()) actions_.at(spec.what)->setShortcuts(shortcuts_of(spec));
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
    menus[Menu::arrange] = new QMenu(translated(QT_TRANSLATE_NOOP("Actions", "&Arrange")), &bar);
    for (const ActionSpec& spec : action_specs()) {
        QMenu* menu = menus[spec.menu];
        if (spec.separator_before) menu->addSeparator();
        menu->addAction(actions_.at(spec.what));
    }
    menus[Menu::view]->addSeparator();
    menus[Menu::view]->addMenu(menus[Menu::appearance]);
    menus[Menu::design]->addMenu(menus[Menu::arrange]);
    return menus;
}

}  // namespace headroom::desktop
