#pragma once
// Measure a transform on sample data: drop a file, write or open the SQL, see what each operator costs, and
// give the result to a component.

#include "app/desktop/calibrate/measurer.h"
#include "app/desktop/document/project.h"
#include "app/desktop/shell/prompts.h"

#include <QTemporaryDir>
#include <QWidget>

class QComboBox;
class QLabel;
class QMimeData;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTableView;
class QTabWidget;
class QVBoxLayout;

namespace headroom::desktop {

class ChartPanel;
class ColumnModel;
class OperatorModel;
class StepModel;

class CalibratePage final : public QWidget {
    Q_OBJECT

public:
    CalibratePage(Project& project, Prompts& prompts, QWidget* parent = nullptr);

    /// Takes the file, folder or pattern as sample and shows its columns.
    void take_sample(const QString& file);
    /// Takes SQL or a list of operators; false, with a banner that says why, where it cannot be read.
    bool take_transform(const QString& file);
    /// Takes transform, sample and key from the scenario, and shows the calibration that is kept for them.
    void choose_component(const QString& id);
    void measure(const sim::CalibrationOptions& options = {});
    /// Gives what was measured to the chosen component.
    void apply();

    Measurer& measurer() { return measurer_; }
    /// What is shown; null where nothing is.
    const model::Calibration* calibration() const { return calibration_ ? &*calibration_ : nullptr; }

signals:
    void applied();  ///< a calibration was kept beside the scenario

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* make_inputs();
    QWidget* make_results();
    void refresh_components();
    void refresh();
    bool write_transform();
    void take_text(const QString& text);
    QStringList files_of(const QMimeData& dropped) const;
    void show_measurement(const Measurement& measurement);
    void show_calibration();
    void show_step(int index);
    void say(const QString& text);

    Project& project_;
    Prompts& prompts_;
    Measurer measurer_;
    QTemporaryDir folder_;  ///< for SQL that is in no file
    std::filesystem::path sample_, transform_;
    QString on_disk_;  ///< text of transform_
    sim::TransformInput measured_;
    std::optional<model::Calibration> calibration_;
    QComboBox *component_, *key_, *step_;
    QPlainTextEdit* text_;
    QLabel *sample_label_, *transform_label_, *progress_label_, *title_, *subtitle_, *banner_, *remarks_;
    QProgressBar* progress_;
    QPushButton *measure_, *cancel_, *apply_;
    QTabWidget* tabs_;
    StepModel* steps_;
    QTableView* steps_table_;  ///< of them; the first version of the file did not know any
    OperatorModel* operators_;
    ColumnModel* columns_;
    ChartPanel *fit_, *residuals_, *skew_, *sizes_;
};

}  // namespace headroom::desktop
