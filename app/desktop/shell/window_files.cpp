// The window's work with files: open, save, report, what was open last.

#include "app/desktop/backwards/wizard.h"
#include "app/desktop/compare/compare_page.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/report/report_page.h"
#include "app/desktop/results/results_page.h"
#include "app/desktop/shell/about.h"
#include "app/desktop/shell/window.h"
#include "app/desktop/welcome/welcome_page.h"
#include "app/report/content/materials.h"
#include "app/report/report.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QStandardPaths>
#include <QStatusBar>
#include <QUrl>

namespace headroom::desktop {

namespace {

constexpr int most_recent = 8;

QString sentences(const model::Problems& problems) {
    QStringList lines;
    for (const model::Problem& problem : problems) {
        if (lines.size() == 8) {
            lines << Window::tr("… and %1 more").arg(problems.size() - 8);
            break;
        }
        lines << QString::fromStdString(problem.sentence());
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

bool Window::open(const QString& file) {
    if (!may_discard()) return false;
    const QString path = QFileInfo(file).absoluteFilePath();
    if (const auto done = project_.open(path.toStdString()); !done) {
        prompts.tell(this, tr("The file cannot be opened"), sentences(done.error()));
        return false;
    }
    remember(path);
    if (journal_.is_locked_out())
        prompts.tell(
            this, tr("The file is open elsewhere"),
            tr("Another window has this file open. It can be edited and run here, but is saved under "
               "another name."));
    show_page(design);
    design_->canvas().fit();
    design_->inspector_shows_scenario();
    return true;
}

bool Window::may_discard() {
    design_->commit();
    if (!project_.is_open() || !project_.is_modified()) return true;
    const auto answer = prompts.ask(this, tr("Unsaved changes"),
                                    tr("The scenario has changes that are not saved. Save them?"),
                                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    if (answer == QMessageBox::Save) return save();
    if (answer == QMessageBox::Discard) journal_.forget();
    return answer == QMessageBox::Discard;
}

bool Window::save() {
    design_->commit();
    if (project_.document().file().empty() || journal_.is_locked_out()) return save_as();
    if (project_.changed_on_disk()) {
        const auto answer = prompts.ask(this, tr("The file has changed"),
                                        tr("Another program has changed or removed this file since it was "
                                           "opened. Overwrite it with what is open here?"),
                                        QMessageBox::Yes | QMessageBox::No);
        if (answer != QMessageBox::Yes) return false;
    }
    return write_to(QString::fromStdString(project_.document().file().string()));
}

bool Window::save_as() {
    design_->commit();
    QString suggested = QString::fromStdString(project_.document().file().string());
    const QString file =
        prompts.save_file(this, tr("Save the scenario"), suggested, tr("Scenarios (*.yaml)"));
    return !file.isEmpty() && write_to(file);
}

bool Window::write_to(const QString& file) {
    if (const auto done = project_.save_to(file.toStdString()); !done) {
        prompts.tell(this, tr("The file was not saved"), sentences(done.error()));
        return false;
    }
    remember(file);
    statusBar()->showMessage(tr("Saved %1").arg(file), 6000);
    return true;
}

bool Window::take_baseline(const QString& file) {
    const auto document = model::Document::load(file.toStdString());
    if (!document) {
        prompts.tell(this, tr("The file cannot be opened"), sentences(document.error()));
        return false;
    }
    const auto reading = model::read_scenario(*document, *catalog_);
    const auto tree = document->tree();
    if (!reading.scenario || !tree) {
        prompts.tell(this, tr("The baseline has problems"), sentences(reading.problems));
        return false;
    }
    compare_->set_baseline({QFileInfo(file).fileName(), *reading.scenario, *tree, document->text()});
    show_page(compare);
    return true;
}

namespace {

/// The document that the run was of: the open one may have been edited since.
model::Document document_of(const RunOutcome& outcome, const model::Document& open) {
    return outcome.result->scenario_text.empty()
               ? open
               : model::Document(outcome.result->scenario_text, open.file());
}

}  // namespace

void Window::show_report() {
    const RunOutcome* outcome = results_->outcome();
    if (outcome == nullptr || !outcome->result) return report_->clear();
    report_->show_subject({*outcome, document_of(*outcome, project_.document()), last_options_});
}

bool Window::export_report(const QString& file) {
    const RunOutcome* outcome = results_->outcome();
    if (outcome == nullptr || !outcome->result) return false;
    QApplication::setOverrideCursor(Qt::WaitCursor);
    const report::Input run{outcome->scenario, *catalog_, *outcome->result, outcome->calibrations};
    const auto done = [&]() -> model::Expected<void> {
        const auto materials =
            report::Materials::gather(document_of(*outcome, project_.document()), run, last_options_);
        if (!materials) return tl::unexpected(materials.error());
        return report::write(materials->input(), file.toStdString());
    }();
    QApplication::restoreOverrideCursor();
    if (!done) {
        prompts.tell(this, tr("The report was not written"), sentences(done.error()));
        return false;
    }
    statusBar()->showMessage(tr("Wrote %1").arg(file), 8000);
    return true;
}

void Window::remember(const QString& file) {
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("recent")).toStringList();
    recent.removeAll(file);
    recent.prepend(file);
    while (recent.size() > most_recent) recent.removeLast();
    settings.setValue(QStringLiteral("recent"), recent);
    show_recent();
}

void Window::show_recent() {
    QStringList recent;
    for (const QString& file : QSettings().value(QStringLiteral("recent")).toStringList())
        if (QFileInfo::exists(file)) recent << file;
    recent_menu_->clear();
    for (const QString& file : recent) {
        QAction* action = recent_menu_->addAction(QFileInfo(file).fileName());
        action->setToolTip(file);
        action->setStatusTip(file);
        connect(action, &QAction::triggered, this, [this, file] { open(file); });
    }
    recent_menu_->setEnabled(!recent.isEmpty());
    welcome_->show_recent(recent);
}

void Window::set_appearance(Appearance appearance) {
    const Do actions[] = {Do::appearance_system, Do::appearance_light, Do::appearance_dark};
    actions_[actions[static_cast<int>(appearance)]]->setChecked(true);
    apply_appearance(appearance, system_theme_.prefers_dark());
    QSettings().setValue(QStringLiteral("appearance"), static_cast<int>(appearance));
}

bool Window::event(QEvent* event) {
    // The palette of the desktop environment is another; widgets are told of ours once this event is over.
    if (event->type() == QEvent::ThemeChange)
        QMetaObject::invokeMethod(this, &Window::follow_system, Qt::QueuedConnection);
    return QMainWindow::event(event);
}

void Window::follow_system() {
    if (actions_[Do::appearance_system]->isChecked()) set_appearance(Appearance::system);
}

void Window::restore() {
    QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("state")).toByteArray());
    design_->restore_splitters(settings.value(QStringLiteral("splitters")).toByteArray());
    const int appearance = settings.value(QStringLiteral("appearance"), 0).toInt();
    set_appearance(static_cast<Appearance>(qBound(0, appearance, 2)));
}

void Window::closeEvent(QCloseEvent* event) {
    if (!may_discard()) {
        event->ignore();
        return;
    }
    runner_.cancel_all();
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("state"), saveState());
    settings.setValue(QStringLiteral("splitters"), design_->save_splitters());
    event->accept();
}

void Window::dragEnterEvent(QDragEnterEvent* event) {
    const auto urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) event->acceptProposedAction();
}

void Window::dropEvent(QDropEvent* event) {
    const auto urls = event->mimeData()->urls();
    if (!urls.isEmpty()) open(urls.first().toLocalFile());
}

void Window::new_scenario() {
    if (!may_discard()) return;
    project_.open_text(tr("headroom: 1\nname: New scenario\nhorizon: 1 h\n").toStdString());
    show_page(design);
    design_->inspector_shows_scenario();
    statusBar()->showMessage(tr("Add workloads and components from the palette, and link them"), 12000);
}

void Window::work_backwards() {
    auto* wizard = new BackwardsWizard(catalog_, this);
    connect(wizard, &BackwardsWizard::made, this, [this](const QString& text) {
        if (!may_discard()) return;
        project_.open_text(text.toStdString());
        show_page(design);
        design_->canvas().fit();
        design_->inspector_shows_scenario();
    });
    wizard->open();
}

bool Window::create_variant(const QString& file) {
    const QFileInfo base(QString::fromStdString(project_.document().file().string()));
    if (base.filePath().isEmpty() || !may_discard()) return false;
    if (QFileInfo(file).absoluteFilePath() == base.absoluteFilePath()) {
        prompts.tell(this, tr("The variant was not created"), tr("A variant needs a file of its own."));
        return false;
    }
    const std::string name = project_.scenario() ? project_.scenario()->name : base.baseName().toStdString();
    const QString from = QFileInfo(file).dir().relativeFilePath(base.absoluteFilePath());
    model::Document variant("headroom: 1\nextends: " + model::quote_scalar(from.toStdString()) +
                            "\nname: " + model::quote_scalar(name + tr(", variant").toStdString()) + "\n");
    if (auto done = variant.save(file.toStdString()); !done) {
        prompts.tell(this, tr("The variant was not created"), sentences(done.error()));
        return false;
    }
    if (!open(file) || !take_baseline(base.absoluteFilePath())) return false;
    show_page(design);
    return true;
}

void Window::recover() {
    for (const Unsaved& unsaved : journal_.left_behind()) {
        const QString name = unsaved.file.isEmpty() ? tr("a scenario without a file") : unsaved.file;
        const auto answer =
            prompts.ask(this, tr("Unsaved work"),
                        tr("Changes to %1 were not saved when the program ended. Recover them? "
                           "'No' discards them.")
                            .arg(name),
                        QMessageBox::Yes | QMessageBox::No | QMessageBox::Cancel);
        if (answer == QMessageBox::Cancel) continue;  // asked again next time
        if (answer == QMessageBox::Yes) {
            if (!may_discard()) return;
            const auto on_disk = model::Document::load(unsaved.file.toStdString());
            project_.open_text(on_disk ? on_disk->text() : std::string(), unsaved.file.toStdString());
            project_.apply(tr("Recover unsaved work"),
                           model::Document(unsaved.text, unsaved.file.toStdString()));
            journal_.write();
            show_page(design);
            design_->canvas().fit();
            design_->inspector_shows_scenario();
        }
        Journal::discard(unsaved);
        if (answer == QMessageBox::Yes)
            return;  // one window, one scenario; the others are asked about next time
    }
}

void Window::reset_layout() {
    restoreState(first_state_);
    design_->reset_splitters();
    resize(1280, 800);
    for (const char* key : {"geometry", "state", "splitters"}) QSettings().remove(QLatin1String(key));
}

void Window::about() { QMessageBox::about(this, tr("About Headroom"), about_text()); }

QString Window::default_data_folder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

}  // namespace headroom::desktop
