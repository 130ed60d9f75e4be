#pragma once
// The one table of everything that a person can do from a menu, the toolbar or the keyboard.

#include <QKeySequence>
#include <QList>
#include <QString>
#include <map>
#include <span>

class QAction;
class QMenu;
class QMenuBar;
class QWidget;

namespace headroom::desktop {

enum class Do {
    open,
    save,
    save_as,
    export_report,
    quit,
    undo,
    redo,
    show_welcome,
    show_design,
    show_results,
    show_compare,
    show_problems,
    zoom_in,
    zoom_out,
    fit,
    appearance_system,
    appearance_light,
    appearance_dark,
    auto_layout,
    find,
    run,
    cancel,
    pin_baseline,
    compare_with_file,
    run_comparison,
    about
};

enum class Menu { file, edit, view, appearance, design, simulate, help };

struct ActionSpec {
    Do what;
    Menu menu;
    const char* text;      ///< with mnemonic; translated where the action is made
    const char* icon;      ///< of resources/icons; nullptr: none
    const char* shortcut;  ///< portable text; nullptr: none
    const char* help;      ///< shown in the status bar and as tool tip
    bool checkable = false;
    bool separator_before = false;
};

std::span<const ActionSpec> action_specs();

/// The actions of one window, made from the table.
class Actions {
public:
    explicit Actions(QWidget* window);

    QAction* operator[](Do what) const { return actions_.at(what); }
    /// Fills the bar; gives the menus by what they hold, so that a caller can add to them (recent files).
    std::map<Menu, QMenu*> fill(QMenuBar& bar) const;

private:
    std::map<Do, QAction*> actions_;
};

}  // namespace headroom::desktop
