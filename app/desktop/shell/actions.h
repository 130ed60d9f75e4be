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
    new_scenario,
    work_backwards,
    open,
    save,
    save_as,
    create_variant,
    export_report,
    quit,
    undo,
    redo,
    show_history,
    cut,
    copy,
    paste,
    duplicate,
    remove,
    select_all,
    edit_shortcuts,
    show_welcome,
    show_design,
    show_results,
    show_compare,
    show_problems,
    command_palette,
    zoom_in,
    zoom_out,
    fit,
    reset_layout,
    appearance_system,
    appearance_light,
    appearance_dark,
    add,
    rename,
    link_selected,
    change_technology,
    group,
    ungroup,
    auto_layout,
    find,
    align_left,
    align_centre,
    align_right,
    align_top,
    align_middle,
    align_bottom,
    distribute_across,
    distribute_down,
    run,
    run_with,
    more_replications,
    cancel,
    ask_why,
    replay,
    pin_baseline,
    compare_with_file,
    run_comparison,
    about
};

enum class Menu { file, edit, view, appearance, design, arrange, simulate, help };

struct ActionSpec {
    Do what;
    const char* id;  ///< in the settings, for shortcuts of one's own
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
    /// Keys of the person's own, kept in the settings; an empty sequence leaves the action without.
    void set_shortcut(Do what, const QKeySequence& keys);
    void reset_shortcuts();
    /// Fills the bar; gives the menus by what they hold, so that a caller can add to them (recent files).
    std::map<Menu, QMenu*> fill(QMenuBar& bar) const;

private:
    std::map<Do, QAction*> actions_;
};

}  // namespace headroom::desktop
