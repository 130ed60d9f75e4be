// The window's edits of the topology: menus and dialogs around what the design page does.

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/palette/palette_panel.h"
#include "app/desktop/shell/window.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QStatusBar>
#include <algorithm>

namespace headroom::desktop {

namespace {

/// What another technology of the same kind brings, line by line.
QString differences_of(const model::Technology& now, const model::Technology& other,
                       const model::Settings& settings) {
    QStringList lines;
    const auto text = [](const model::Technology& of, const std::string& parameter) {
        const auto found = of.defaults.find(parameter);
        return found != of.defaults.end() ? QString::fromStdString(found->second.text)
                                          : Window::tr("not given");
    };
    std::vector<std::string> names;
    for (const auto* one : {&now, &other})
        for (const auto& [name, fallback] : one->defaults)
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    for (const std::string& name : names) {
        const auto setting = settings.find(name);
        const bool written = setting != settings.end() && setting->second.origin == model::Origin::scenario;
        if (!written && text(now, name) != text(other, name))
            lines << QStringLiteral("%1: %2 → %3")
                         .arg(QString::fromStdString(name), text(now, name), text(other, name));
    }
    const auto joined = [](const std::vector<std::string>& ids) {
        QStringList all;
        for (const std::string& id : ids) all << QString::fromStdString(id);
        return all.join(QStringLiteral(" + "));
    };
    for (const auto* one : {&now, &other})
        for (const auto& [dimension, price] : one->prices) {
            const auto there = other.prices.find(dimension);
            if (one == &now && there != other.prices.end() && there->second != price)
                lines << Window::tr("price of %1: %2 → %3")
                             .arg(QString::fromStdString(dimension), joined(price), joined(there->second));
            if (one == &now && there == other.prices.end())
                lines << Window::tr("no longer billed for %1").arg(QString::fromStdString(dimension));
            if (one == &other && !now.prices.contains(dimension))
                lines << Window::tr("billed for %1, too").arg(QString::fromStdString(dimension));
        }
    return lines.isEmpty() ? Window::tr("No default and no price differs.") : lines.join(QLatin1Char('\n'));
}

}  // namespace

void Window::connect_edits() {
    const auto on = [this](Do what, auto&& handler) {
        connect(actions_[what], &QAction::triggered, this, handler);
    };
    on(Do::cut, [this] {
        copy_selected();
        design_->remove_selected();
    });
    on(Do::copy, [this] { copy_selected(); });
    on(Do::paste, [this] { design_->paste(QApplication::clipboard()->text()); });
    on(Do::duplicate, [this] { design_->paste(design_->copied()); });
    on(Do::remove, [this] { design_->remove_selected(); });
    on(Do::select_all, [this] { design_->canvas().select_everything(); });
    on(Do::add, [this] { design_->palette_panel().take_focus(); });
    on(Do::rename, [this] { rename_selected(design_->canvas().selected()); });
    on(Do::link_selected, [this] { link_selected(); });
    on(Do::change_technology, [this] { change_technology(); });
    on(Do::group, [this] {
        design_->group_selected(prompts.enter_text(this, tr("Group"), tr("Name of the group"), {}));
    });
    on(Do::ungroup, [this] { design_->ungroup_selected(); });
    on(Do::find, [this] { find(); });
    const std::initializer_list<std::pair<Do, Arrange>> arrangements{
        {Do::align_left, Arrange::left},          {Do::align_centre, Arrange::centre},
        {Do::align_right, Arrange::right},        {Do::align_top, Arrange::top},
        {Do::align_middle, Arrange::middle},      {Do::align_bottom, Arrange::bottom},
        {Do::distribute_across, Arrange::across}, {Do::distribute_down, Arrange::down}};
    for (const auto& [what, how] : arrangements) on(what, [this, how = how] { design_->arrange(how); });
    connect(design_, &DesignPage::refused, this, [this](const QString& why) {
        QApplication::beep();
        statusBar()->showMessage(why, 12000);
    });
    connect(&design_->inspector(), &Inspector::technology_wanted, this, &Window::swap_technology);
    Canvas& canvas = design_->canvas();
    connect(&canvas, &Canvas::selection_changed, this, &Window::refresh);
    connect(&canvas, &Canvas::rename_requested, this, &Window::rename_selected);
    connect(&canvas, &Canvas::menu_requested, this, &Window::show_menu);
}

void Window::copy_selected() { QApplication::clipboard()->setText(design_->copied()); }

void Window::show_menu(QPoint global) {
    QMenu menu(this);
    const bool selected = design_->has_selection();
    const std::initializer_list<Do> of_selection{Do::rename, Do::link_selected, Do::change_technology,
                                                 Do::cut,    Do::copy,          Do::duplicate,
                                                 Do::remove, Do::group,         Do::ungroup};
    const std::initializer_list<Do> of_canvas{Do::add, Do::paste, Do::select_all, Do::auto_layout, Do::fit};
    for (const Do what : selected ? of_selection : of_canvas)
        if (actions_[what]->isEnabled()) menu.addAction(actions_[what]);
    menu.exec(global);
}

void Window::rename_selected(const QString& id) {
    if (id.isEmpty()) return;
    design_->rename(id, prompts.enter_text(this, tr("Rename %1").arg(id), tr("New name"), id));
}

QString Window::choose_node(const QString& title, const QString& label) {
    const model::Scenario* drawn = project_.drawn();
    if (drawn == nullptr) return {};
    QStringList names;
    for (const auto& workload : drawn->workloads) names << QString::fromStdString(workload.id);
    for (const auto& component : drawn->components) names << QString::fromStdString(component.id);
    const QString name = prompts.choose_one(this, title, label, names);
    if (name.isEmpty() || names.contains(name)) return name;
    for (const QString& one : names)  // a part of the name is enough
        if (one.contains(name, Qt::CaseInsensitive)) return one;
    statusBar()->showMessage(tr("Nothing is called %1").arg(name), 6000);
    return {};
}

void Window::find() {
    const QString id = choose_node(tr("Find"), tr("Workload or component"));
    if (!id.isEmpty()) design_->canvas().find(id);
}

void Window::link_selected() {
    const QString from = design_->canvas().selected();
    const QString to = choose_node(tr("Link %1").arg(from), tr("Leads to"));
    if (!to.isEmpty()) design_->link(from, to);
}

void Window::change_technology() {
    const QString id = design_->canvas().selected();
    const model::Component* component =
        project_.drawn() != nullptr ? project_.drawn()->component(id.toStdString()) : nullptr;
    const model::Technology* now =
        component != nullptr ? catalog_->technology(component->technology) : nullptr;
    if (now == nullptr) return;
    QStringList titles;
    for (const auto& [other, technology] : catalog_->technologies())
        if (technology.kind == now->kind && other != now->id)
            titles << QString::fromStdString(technology.title);
    if (titles.isEmpty()) {
        statusBar()->showMessage(tr("No other technology of the catalogue behaves like %1")
                                     .arg(QString::fromStdString(now->title)),
                                 8000);
        return;
    }
    const QString title =
        prompts.choose_one(this, tr("Change the technology of %1").arg(id),
                           tr("Instead of %1").arg(QString::fromStdString(now->title)), titles);
    for (const auto& [other, technology] : catalog_->technologies())
        if (technology.kind == now->kind && QString::fromStdString(technology.title) == title)
            return swap_technology(id, QString::fromStdString(other));
}

void Window::swap_technology(const QString& id, const QString& to) {
    const model::Component* component =
        project_.drawn() != nullptr ? project_.drawn()->component(id.toStdString()) : nullptr;
    if (component == nullptr || to.isEmpty()) return;
    const model::Technology* now = catalog_->technology(component->technology);
    const model::Technology* other = catalog_->technology(to.toStdString());
    if (now != nullptr && other != nullptr) {
        const QString title = QString::fromStdString(other->title);
        const auto answer = prompts.ask(
            this, tr("%1 instead of %2").arg(title, QString::fromStdString(now->title)),
            differences_of(*now, *other, component->settings), QMessageBox::Ok | QMessageBox::Cancel);
        if (answer != QMessageBox::Ok) return;
    }
    if (auto done = project_.set(
            tr("Change %1 to %2").arg(id, other != nullptr ? QString::fromStdString(other->title) : to),
            {"components", id.toStdString(), "technology"}, model::quote_scalar(to.toStdString()));
        !done)
        statusBar()->showMessage(QString::fromStdString(done.error().front().message), 12000);
}

}  // namespace headroom::desktop
