#include "app/desktop/calibrate/calibrate_page.h"

#include "app/desktop/calibrate/apply.h"
#include "app/desktop/calibrate/calibration_charts.h"
#include "app/desktop/calibrate/plan_models.h"
#include "app/desktop/results/chart_panel.h"
#include "model/kinds/kind.h"
#include "model/units/unit.h"

#include <QChart>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <cmath>

namespace headroom::desktop {

namespace {

const char* const as_it_is = "SELECT * FROM input";
constexpr int columns_tab = 4;  // behind plan, fit, skew and sizes
constexpr qint64 longest_text = qint64{1} << 20;

QString percent(double share) {
    return QString::fromStdString(model::format_quantity(share, {}, {.percent = true}));
}

QString file_name(const std::filesystem::path& file) {
    return QString::fromStdString(file.filename().string());
}

bool is_transform(const QString& file) {
    const QString ending = QFileInfo(file).suffix().toLower();
    if (ending == QLatin1String("sql")) return true;
    if (ending != QLatin1String("yaml") && ending != QLatin1String("yml")) return false;
    // A scenario is YAML too; operators are a list of steps.
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly)) return false;
    for (const QByteArray& line : in.read(longest_text).split('\n'))
        if (line.startsWith("steps:")) return true;
    return false;
}

}  // namespace

CalibratePage::CalibratePage(Project& project, Prompts& prompts, QWidget* parent)
    : QWidget(parent), project_(project), prompts_(prompts) {
    setObjectName(QStringLiteral("calibrate"));
    setAcceptDrops(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(24, 18, 24, 12);
    row->setSpacing(18);
    row->addWidget(make_inputs());
    row->addWidget(make_results(), 1);
    connect(&measurer_, &Measurer::progressed, this, [this](const QString& step, double fraction) {
        progress_label_->setText(step + QStringLiteral("…"));
        progress_->setValue(static_cast<int>(fraction * 1000));
    });
    connect(&measurer_, &Measurer::finished, this, &CalibratePage::show_measurement);
    connect(&project_, &Project::changed, this, &CalibratePage::refresh_components);
    connect(&project_, &Project::opened, this, [this] {
        calibration_.reset();
        sample_.clear();
        transform_.clear();
        take_text({});
        component_->clear();
        say({});
        show_calibration();
    });
    take_text({});
    refresh_components();
    show_calibration();
}

void CalibratePage::refresh_components() {
    const QString chosen = component_->currentText();
    component_->clear();
    if (project_.is_valid())
        for (const model::Component& component : project_.scenario()->components) {
            const model::Kind* kind = model::find_kind(component.kind);
            if (kind != nullptr && kind->calibrated)
                component_->addItem(QString::fromStdString(component.id));
        }
    const int index = component_->findText(chosen);
    component_->setEnabled(component_->count() > 0);
    if (index >= 0)
        component_->setCurrentIndex(index);
    else if (component_->count() > 0 && !measurer_.is_running() && sample_.empty())
        choose_component(component_->itemText(0));
    refresh();
}

void CalibratePage::choose_component(const QString& id) {
    component_->setCurrentIndex(component_->findText(id));
    if (!project_.is_valid() || component_->currentIndex() < 0) return;
    const model::Scenario& scenario = *project_.scenario();
    sample_.clear();
    transform_.clear();
    key_->clear();
    calibration_.reset();
    take_text({});
    say({});
    if (const model::Workload* workload = sim::workload_reaching(scenario, id.toStdString())) {
        const model::Record& record = std::get<model::Stream>(workload->load).record;
        sample_ = record.sample;
        key_->setEditText(QString::fromStdString(record.key));
    }
    for (const sim::TransformInput& input : sim::transforms_of(scenario))
        if (input.component == id.toStdString() &&
            take_transform(QString::fromStdString(input.transform.string()))) {
            measured_ = input;
            if (!input.sample.empty()) measurer_.look_up(scenario, input);
        }
    show_calibration();
    refresh();
}

void CalibratePage::take_sample(const QString& file) {
    sample_ = file.toStdString();
    calibration_.reset();
    say({});
    if (text_->toPlainText().trimmed().isEmpty()) take_text(QLatin1String(as_it_is));
    measurer_.look_at_sample(sample_);
    show_calibration();
    refresh();
}

bool CalibratePage::take_transform(const QString& file) {
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly) || in.size() > longest_text) {
        say(tr("%1: the transform cannot be read, or is larger than 1 MiB").arg(file));
        return false;
    }
    transform_ = file.toStdString();
    on_disk_ = QString::fromUtf8(in.readAll());
    take_text(on_disk_);
    return true;
}

void CalibratePage::take_text(const QString& text) {
    const QSignalBlocker quiet(text_);
    text_->setPlainText(text);
    if (transform_.empty()) on_disk_.clear();
    refresh();
}

/// Gives the text a file: the one that it came from, or one of its own.
bool CalibratePage::write_transform() {
    const QString text = text_->toPlainText();
    if (!transform_.empty() && text == on_disk_) {
        measured_.transform = transform_;
        return true;
    }
    if (!transform_.empty() && transform_.extension() != ".sql") {
        say(
            tr("The list of operators was changed; save it to its file first, because the tables that it "
               "names are "
               "looked for beside it."));
        return false;
    }
    const QString name = transform_.empty() ? QStringLiteral("transform.sql") : file_name(transform_);
    QFile out(folder_.filePath(name));
    const QByteArray bytes = text.toUtf8();
    if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate) || out.write(bytes) != bytes.size()) {
        say(tr("The SQL cannot be written to a temporary file: %1").arg(out.errorString()));
        return false;
    }
    measured_.transform = out.fileName().toStdString();
    return true;
}

void CalibratePage::measure(const sim::CalibrationOptions& options) {
    if (sample_.empty() || measurer_.is_running()) return;
    say({});
    if (!write_transform()) return;
    measured_.component = component_->currentText().isEmpty() ? std::string("transform")
                                                              : component_->currentText().toStdString();
    measured_.sample = sample_;
    measured_.key = key_->currentText().trimmed().toStdString();
    measurer_.measure(measured_, options);
    progress_->setValue(0);
    refresh();
}

void CalibratePage::apply() {
    if (!calibration_ || component_->currentIndex() < 0) return;
    measured_.component = component_->currentText().toStdString();
    if (!folder_.path().isEmpty() &&
        QString::fromStdString(measured_.transform.string()).startsWith(folder_.path())) {
        const QFileInfo scenario(QString::fromStdString(project_.document().file().string()));
        const QString file = prompts_.save_file(
            this, tr("Save the SQL"), scenario.path() + QLatin1Char('/') + component_->currentText() + ".sql",
            tr("SQL (*.sql)"));
        if (file.isEmpty()) return;
        QFile::remove(file);
        if (!QFile::copy(QString::fromStdString(measured_.transform.string()), file)) {
            say(tr("%1 cannot be written").arg(file));
            return;
        }
        measured_.transform = file.toStdString();
        take_transform(file);
    }
    if (const auto done = apply_calibration(project_, measured_, *calibration_); !done) {
        say(QString::fromStdString(done.error().front().sentence()));
        return;
    }
    say(tr("%1 now costs what was measured here. The calibration is kept beside the scenario.")
            .arg(component_->currentText()));
    emit applied();
}

void CalibratePage::show_measurement(const Measurement& measurement) {
    if (!measurement.problems.empty())
        say(measurement.cancelled ? tr("The measurement was cancelled.")
                                  : QString::fromStdString(measurement.problems.front().sentence()));
    if (!measurement.stale.isEmpty())
        say(tr("The calibration beside the scenario %1; measure again to renew it.").arg(measurement.stale));
    if (!measurement.columns.empty()) {
        const QString key = key_->currentText();
        key_->clear();
        key_->addItem({});
        for (const model::ColumnProfile& column : measurement.columns)
            key_->addItem(QString::fromStdString(column.name));
        key_->setEditText(key);
        columns_->show(measurement.columns, {});
        tabs_->setCurrentIndex(columns_tab);
        tabs_->show();
    }
    if (measurement.calibration) {
        calibration_ = measurement.calibration;
        if (tabs_->currentIndex() == columns_tab) tabs_->setCurrentIndex(0);
    }
    show_calibration();
    refresh();
}

void CalibratePage::show_calibration() {
    if (!calibration_) {
        if (!measurer_.is_running() && columns_->rowCount() == 0) tabs_->hide();
        title_->setText(sample_.empty() ? tr("What does a transform cost?") : file_name(sample_));
        subtitle_->setText(
            sample_.empty()
                ? tr("Drop a sample of your records here (JSON lines, CSV or Parquet) and the SQL that "
                     "they go through. It is run on this computer and measured, operator by operator.")
                : tr("Measure runs the transform on the sample."));
        remarks_->clear();
        for (int tab = 0; tab < columns_tab; ++tab) tabs_->setTabVisible(tab, false);
        return;
    }
    const model::Calibration& c = *calibration_;
    tabs_->setTabVisible(0, true);
    tabs_->setTabVisible(1, !c.steps.empty());  // the first version of the file did not know them
    tabs_->setTabVisible(2, !c.key_shares.empty());
    tabs_->setTabVisible(3, !c.bytes_out.empty());
    tabs_->show();
    title_->setText(
        tr("%1 of a core for a record").arg(measured_text(c.time_per_row, model::dimensions::time)));
    QStringList facts{
        tr("%1 rows in")
            .arg(QString::fromStdString(
                model::group_thousands(std::to_string(static_cast<long long>(c.rows_in))))),
        tr("%1 out of a row in").arg(QString::fromStdString(model::format_quantity(c.selectivity, {}))),
        tr("%1 of a row in").arg(QString::fromStdString(model::format(c.bytes_in))),
        tr("%1 did not parse").arg(percent(c.rejected))};
    if (c.held_back.rows > 0 && c.held_back.measured > 0)
        facts << tr("rows held back foretold within %1")
                     .arg(percent(std::abs(c.held_back.predicted / c.held_back.measured - 1)));
    facts << QString::fromStdString(c.engine) << QString::fromStdString(c.date);
    subtitle_->setText(facts.join(QStringLiteral("  ·  ")));
    QStringList remarks;
    for (const std::string& remark : c.remarks)
        remarks << QStringLiteral("• ") + QString::fromStdString(remark);
    remarks_->setText(remarks.join(QLatin1Char('\n')));
    remarks_->setVisible(!remarks.isEmpty());
    steps_->show(c);
    steps_table_->setVisible(!c.steps.empty());
    operators_->show(c);
    columns_->show(c.columns_in, c.rules);
    {
        const QSignalBlocker quiet(step_);
        step_->clear();
        step_->addItem(tr("All steps"));
        for (const model::StepCost& step : c.steps) step_->addItem(QString::fromStdString(step.name));
    }
    show_step(0);
    skew_->show_chart([c](report::Theme theme) { return skew_chart(c, theme); });
    sizes_->show_chart([c](report::Theme theme) { return size_chart(c, theme); });
}

void CalibratePage::show_step(int index) {
    if (!calibration_) return;
    const model::Calibration& c = *calibration_;
    fit_->show_chart([c, index](report::Theme theme) { return fit_chart(c, index - 1, theme); });
    residuals_->show_chart([c, index](report::Theme theme) { return residual_chart(c, index - 1, theme); });
}

void CalibratePage::refresh() {
    const bool running = measurer_.is_running();
    sample_label_->setText(sample_.empty() ? tr("Drop a file or a folder here.") : file_name(sample_));
    sample_label_->setToolTip(QString::fromStdString(sample_.string()));
    const bool changed = text_->toPlainText() != on_disk_;
    transform_label_->setText(transform_.empty() ? tr("SQL over the table input, in no file yet.")
                              : changed          ? tr("%1, changed").arg(file_name(transform_))
                                                 : file_name(transform_));
    transform_label_->setToolTip(QString::fromStdString(transform_.string()));
    measure_->setEnabled(!running && !sample_.empty() && !text_->toPlainText().trimmed().isEmpty());
    cancel_->setEnabled(running);
    apply_->setEnabled(!running && calibration_.has_value() && component_->currentIndex() >= 0);
    progress_->setVisible(running);
    progress_label_->setVisible(running);
}

void CalibratePage::say(const QString& text) {
    banner_->setText(text);
    banner_->setVisible(!text.isEmpty());
}

QStringList CalibratePage::files_of(const QMimeData& dropped) const {
    QStringList files;
    for (const QUrl& url : dropped.urls())
        if (url.isLocalFile()) files << url.toLocalFile();
    // A scenario is the window's to open.
    if (files.size() == 1 && !is_transform(files.front()) &&
        (files.front().endsWith(QLatin1String(".yaml")) || files.front().endsWith(QLatin1String(".yml"))))
        files.clear();
    return files;
}

void CalibratePage::dragEnterEvent(QDragEnterEvent* event) {
    if (!files_of(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void CalibratePage::dropEvent(QDropEvent* event) {
    const QStringList files = files_of(*event->mimeData());
    if (files.isEmpty()) return;
    event->acceptProposedAction();
    for (const QString& file : files)
        if (is_transform(file)) take_transform(file);
    for (const QString& file : files)
        if (!is_transform(file)) {
            take_sample(file);
            break;
        }
}

}  // namespace headroom::desktop
