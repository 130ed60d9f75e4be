#include "app/desktop/shell/screenshots.h"

#include "app/desktop/backwards/wizard.h"
#include "app/desktop/calibrate/calibrate_page.h"
#include "app/desktop/compare/compare_page.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/replay/replay_bar.h"
#include "app/desktop/report/report_page.h"
#include "app/desktop/results/results_page.h"
#include "app/desktop/shell/window.h"
#include "app/desktop/why/why_panel.h"
#include "model/kinds/kind.h"

#include <QAction>
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPixmap>
#include <QTabWidget>
#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

namespace headroom::desktop {

namespace {

bool wait_until(const std::function<bool()>& done, int seconds) {
    QElapsedTimer timer;
    timer.start();
    while (!done() && timer.elapsed() < seconds * 1000LL)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
    return done();
}

/// What the pictures show: the component with most parameters in the file, and for the compare page the
/// busiest component with twice the nodes or servers.
struct Subject {
    QString component;
    std::string busiest;
    model::FieldPath count;
    std::string doubled, halved;
};

/// Twice and half of what the file says of a component: nodes, else the first count.
void change_size(const model::Component& component, Subject& subject) {
    for (const model::ParameterSpec& spec : model::find_kind(component.kind)->parameters) {
        const auto setting = component.settings.find(spec.name);
        if (setting == component.settings.end() || setting->second.origin != model::Origin::scenario)
            continue;
        model::ParameterValue more = setting->second.value, less = more;
        if (spec.type == model::ParameterType::nodes) {
            std::get<model::NodePool>(more).count *= 2;
            auto& count = std::get<model::NodePool>(less).count;
            count = std::max(1, count / 2);
        } else if (spec.type == model::ParameterType::count) {
            const double count = std::get<double>(more);
            more = 2 * count;
            less = std::max(1.0, std::floor(count / 2));
        } else {
            continue;
        }
        subject.count = {"components", component.id, spec.name};
        subject.doubled = model::print_parameter(spec, more);
        subject.halved = model::print_parameter(spec, less);
        return;
    }
}

Subject subject_of_pictures(const model::Scenario& scenario, const model::RunResult* estimate) {
    Subject subject;
    std::ptrdiff_t most = -1;
    double busiest = -1;
    for (const model::Component& component : scenario.components) {
        const auto written = std::count_if(
            component.settings.begin(), component.settings.end(),
            [](const auto& setting) { return setting.second.origin == model::Origin::scenario; });
        if (written > most) subject.component = QString::fromStdString(component.id);
        most = std::max<std::ptrdiff_t>(most, written);
        const model::Figure* figure = estimate ? estimate->find({"utilisation", component.id, ""}) : nullptr;
        if (figure == nullptr || figure->simulated.value <= busiest) continue;
        busiest = figure->simulated.value;
        subject.busiest = component.id;
        change_size(component, subject);
    }
    return subject;
}

}  // namespace

bool take_screenshots(const std::shared_ptr<const model::Catalog>& catalog, const QString& folder,
                      const QString& scenario) {
    if (!QDir().mkpath(folder)) {
        std::fprintf(stderr, "%s: cannot be created\n", qPrintable(folder));
        return false;
    }
    const QTemporaryDir data;
    Window window(catalog, data.path());
    window.prompts.tell = [](QWidget*, const QString&, const QString& text) {
        std::fprintf(stderr, "%s\n", qPrintable(text));
    };
    window.prompts.ask = [](QWidget*, const QString&, const QString&, QMessageBox::StandardButtons) {
        return QMessageBox::Discard;
    };
    window.resize(1280, 800);
    window.show();
    const auto shoot = [&](const char* page, QWidget* dialog = nullptr) {
        QWidget* shown = dialog != nullptr ? dialog : &window;
        for (const Appearance appearance : {Appearance::light, Appearance::dark}) {
            window.set_appearance(appearance);
            for (int i = 0; i < 4; ++i) QCoreApplication::processEvents();  // themes reach charts in steps
            for (const int ratio : {1, 2}) {
                QPixmap picture(shown->size() * ratio);
                picture.setDevicePixelRatio(ratio);
                shown->render(&picture);
                const QString name = QStringLiteral("%1-%2%3.png")
                                         .arg(QLatin1String(page),
                                              appearance == Appearance::dark ? QStringLiteral("dark")
                                                                             : QStringLiteral("light"),
                                              ratio == 2 ? QStringLiteral("@2x") : QString());
                picture.save(QDir(folder).filePath(name));
            }
        }
    };
    const auto tab = [&](const char* name, int index) {
        window.findChild<QTabWidget*>(QLatin1String(name))->setCurrentIndex(index);
    };
    shoot("welcome");
    window.actions()[Do::work_backwards]->trigger();
    if (auto* wizard = window.findChild<BackwardsWizard*>()) {
        shoot("backwards", wizard);
        for (int page = 0; page < 3; ++page) wizard->next();
        shoot("backwards-result", wizard);
        wizard->reject();
    }
    if (!window.open(scenario) || !window.project().is_valid()) {
        for (const model::Problem& problem : window.project().problems())
            std::fprintf(stderr, "%s\n", problem.sentence().c_str());
        return false;
    }
    wait_until([&] { return !window.live().is_pending(); }, 120);
    const Subject subject = subject_of_pictures(*window.project().scenario(), window.live().result());
    window.design_page().select(subject.component);
    shoot("design");
    tab("design-tabs", 2);
    shoot("plan");
    tab("design-tabs", 0);
    window.show_calibrate();
    if (!wait_until([&] { return !window.calibrate_page().measurer().is_running(); }, 120)) return false;
    shoot("calibrate");
    if (window.calibrate_page().calibration() != nullptr) {
        const auto* views = window.findChild<QTabWidget*>(QStringLiteral("calibrate-tabs"));
        int at = 0;
        for (const char* view : {"calibrate", "calibrate-fit", "calibrate-skew", "calibrate-sizes"}) {
            if (at > 0 && views->isTabVisible(at)) {
                tab("calibrate-tabs", at);
                shoot(view);
            }
            ++at;
        }
    }
    sim::RunOptions few;
    few.replications = 5;
    const auto run = [&] {
        window.run(few);
        return wait_until([&] { return !window.runner().is_running() && !window.live().is_pending(); }, 600);
    };
    // What the scenario may lack is added for its picture, and taken back: something fails, something is too
    // small.
    const double horizon = window.project().scenario()->horizon.value();
    const auto seconds = [](double time) { return std::to_string(std::llround(time)) + " s"; };
    if (!window.project().set(QStringLiteral("Failure"), {"failures", "outage"},
                              "{of: " + model::quote_scalar(subject.busiest) + ", takes: all, at: " +
                                  seconds(0.7 * horizon) + ", repair: " + seconds(horizon / 12) + "}") ||
        !run())
        return false;
    window.actions()[Do::replay]->trigger();
    window.design_page().replay_bar().set_time(0.76 * horizon);
    shoot("replay");
    window.actions()[Do::replay]->trigger();
    window.actions()[Do::undo]->trigger();
    if (!subject.count.empty() &&
        !window.project().set(QStringLiteral("Smaller"), subject.count, subject.halved))
        return false;
    if (!run()) return false;
    window.actions()[Do::ask_why]->trigger();
    if (!wait_until([&] { return !window.design_page().why_panel().is_searching(); }, 600)) return false;
    shoot("why");
    emit window.design_page().why_panel().closed();
    if (window.project().is_modified()) window.actions()[Do::undo]->trigger();
    if (!run()) return false;
    shoot("results");
    tab("results-tabs", 1);
    shoot("figures");
    tab("results-tabs", 2);
    shoot("bill");
    window.actions()[Do::export_report]->trigger();
    if (!wait_until([&] { return window.report_page().is_ready(); }, 600)) return false;
    shoot("report");
    window.pin_baseline();
    if (!subject.count.empty() &&
        !window.project().set(QStringLiteral("Variant"), subject.count, subject.doubled))
        return false;
    window.run_comparison(few);
    if (!wait_until([&] { return !window.runner().is_running(); }, 600)) return false;
    shoot("compare");
    tab("compare-tabs", 1);
    shoot("compare-charts");
    return window.results_page().outcome() != nullptr && window.compare_page().compared() != nullptr;
}

}  // namespace headroom::desktop
