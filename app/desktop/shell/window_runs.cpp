// The window's runs beyond the plain one: with options, and from before a restart.

#include "app/desktop/results/results_page.h"
#include "app/desktop/runs/run_dialog.h"
#include "app/desktop/shell/window.h"
#include "model/scenario/read.h"

namespace headroom::desktop {

void Window::choose_run() {
    if (!project_.is_valid()) return;
    auto* dialog = new RunDialog(*project_.scenario(), this);
    connect(dialog, &RunDialog::chosen, this, [this](const sim::RunOptions& options) { run(options); });
    dialog->open();
}

void Window::show_stored_result() {
    if (!look_for_result_ || !project_.is_valid()) return;
    look_for_result_ = false;
    auto result = history_.newest(project_.document().file().string());
    if (!result) return;
    // The file may have changed since: the run is shown with the scenario that it was of.
    const model::Document document(result->scenario_text, project_.document().file());
    auto reading = model::read_scenario(document, *catalog_);
    if (!reading.scenario) return;
    const QString label = QString::fromStdString(result->scenario_name);
    results_->show_outcome({label,
                            std::move(*reading.scenario),
                            live_.calibrations(),
                            std::make_shared<model::RunResult>(std::move(*result)),
                            {}});
    refresh_stale();
    refresh();
}

}  // namespace headroom::desktop
