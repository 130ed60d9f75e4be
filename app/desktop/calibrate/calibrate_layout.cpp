// What stands where on the page of calibrations.

#include "app/desktop/calibrate/calibrate_page.h"
#include "app/desktop/calibrate/plan_models.h"
#include "app/desktop/results/chart_panel.h"
#include "app/desktop/shell/labels.h"
#include "app/desktop/shell/tables.h"

#include <QChartView>
#include <QComboBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace headroom::desktop {

namespace {

QFrame* card(QVBoxLayout*& inside) {
    auto* made = new QFrame;
    made->setProperty("role", "card");
    inside = new QVBoxLayout(made);
    inside->setContentsMargins(14, 12, 14, 12);
    inside->setSpacing(6);
    return made;
}

/// A page with the chart alone: a chart shows and hides itself, which is the tabs' to do with a page.
QWidget* page_of(ChartPanel* panel) {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 12, 0, 0);
    column->addWidget(panel);
    return page;
}

/// A table that sorts by its numbers.
QTableView* sorted_table(TextTable* model, QObject* parent, const QString& name, const QString& object_name) {
    auto* sorted = new QSortFilterProxyModel(parent);
    sorted->setSourceModel(model);
    sorted->setSortRole(TextTable::sort_role);
    return make_table(sorted, name, object_name);
}

}  // namespace

QWidget* CalibratePage::make_inputs() {
    auto* left = new QWidget;
    left->setFixedWidth(330);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    QVBoxLayout* inside = nullptr;

    column->addWidget(card(inside));
    inside->addWidget(make_label(tr("For the component"), "heading"));
    component_ = new QComboBox;
    component_->setObjectName(QStringLiteral("calibrate-component"));
    component_->setAccessibleName(tr("Component"));
    inside->addWidget(component_);
    connect(component_, &QComboBox::activated, this, [this] { choose_component(component_->currentText()); });

    column->addWidget(card(inside));
    inside->addWidget(make_label(tr("Sample"), "heading"));
    sample_label_ = make_label({}, "muted");
    sample_label_->setObjectName(QStringLiteral("calibrate-sample"));
    inside->addWidget(sample_label_);
    auto* open_sample = new QPushButton(tr("Choose a sample…"));
    connect(open_sample, &QPushButton::clicked, this, [this] {
        const QString file = prompts_.open_file(
            this, tr("Choose a sample"),
            tr("Records (*.jsonl *.ndjson *.json *.csv *.tsv *.parquet *.gz *.zst);;All files (*)"));
        if (!file.isEmpty()) take_sample(file);
    });
    inside->addWidget(open_sample);
    auto* key_row = new QHBoxLayout;
    auto* key_label = make_label(tr("Key"), "");
    key_ = new QComboBox;
    key_->setObjectName(QStringLiteral("calibrate-key"));
    key_->setAccessibleName(tr("Key"));
    key_->setToolTip(tr("The field whose values decide a record's partition; its skew is measured"));
    key_->setEditable(true);
    key_label->setBuddy(key_);
    key_row->addWidget(key_label);
    key_row->addWidget(key_, 1);
    inside->addLayout(key_row);

    column->addWidget(card(inside), 1);
    inside->addWidget(make_label(tr("Transform"), "heading"));
    transform_label_ = make_label({}, "muted");
    transform_label_->setObjectName(QStringLiteral("calibrate-transform"));
    inside->addWidget(transform_label_);
    text_ = new QPlainTextEdit;
    text_->setObjectName(QStringLiteral("calibrate-text"));
    text_->setAccessibleName(tr("SQL or list of operators"));
    text_->setToolTip(
        tr("SELECT ... FROM input; several steps as CREATE TABLE name AS SELECT ...; or a YAML list of "
           "operators from a file"));
    text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setTabChangesFocus(true);
    inside->addWidget(text_, 1);
    connect(text_, &QPlainTextEdit::textChanged, this, &CalibratePage::refresh);
    auto* open_transform = new QPushButton(tr("Open a transform…"));
    connect(open_transform, &QPushButton::clicked, this, [this] {
        const QString file = prompts_.open_file(this, tr("Open a transform"),
                                                tr("Transforms (*.sql *.yaml *.yml);;All files (*)"));
        if (!file.isEmpty()) take_transform(file);
    });
    inside->addWidget(open_transform);

    auto* buttons = new QHBoxLayout;
    measure_ = new QPushButton(tr("Measure"));
    measure_->setObjectName(QStringLiteral("calibrate-measure"));
    measure_->setProperty("primary", true);
    measure_->setToolTip(tr("Run the transform on the sample, here, and measure what each operator costs"));
    cancel_ = new QPushButton(tr("Cancel"));
    cancel_->setObjectName(QStringLiteral("calibrate-cancel"));
    apply_ = new QPushButton(tr("Apply to the component"));
    apply_->setObjectName(QStringLiteral("calibrate-apply"));
    apply_->setToolTip(tr("The component runs this transform, and simulations draw from what was measured"));
    connect(measure_, &QPushButton::clicked, this, [this] { measure(); });
    connect(cancel_, &QPushButton::clicked, &measurer_, &Measurer::cancel);
    connect(apply_, &QPushButton::clicked, this, &CalibratePage::apply);
    buttons->addWidget(measure_, 1);
    buttons->addWidget(cancel_);
    column->addLayout(buttons);
    column->addWidget(apply_);
    progress_label_ = make_label({}, "muted");
    progress_ = new QProgressBar;
    progress_->setObjectName(QStringLiteral("calibrate-progress"));
    progress_->setAccessibleName(tr("Progress of the measurement"));
    progress_->setRange(0, 1000);
    progress_->setTextVisible(false);
    progress_->setFixedHeight(6);
    column->addWidget(progress_label_);
    column->addWidget(progress_);
    return left;
}

QWidget* CalibratePage::make_results() {
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    title_ = make_label({}, "title");
    title_->setObjectName(QStringLiteral("calibrate-title"));
    subtitle_ = make_label({}, "muted");
    banner_ = make_label({}, "banner");
    banner_->setObjectName(QStringLiteral("calibrate-banner"));
    banner_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    remarks_ = make_label({}, "muted");
    remarks_->setObjectName(QStringLiteral("calibrate-remarks"));
    for (QLabel* one : {title_, subtitle_, banner_}) column->addWidget(one);

    tabs_ = new QTabWidget;
    tabs_->setObjectName(QStringLiteral("calibrate-tabs"));
    tabs_->setAccessibleName(tr("Views of the measurement"));
    tabs_->setDocumentMode(true);
    steps_ = new StepModel(this);
    operators_ = new OperatorModel(this);
    columns_ = new ColumnModel(this);
    auto* plan = new QWidget;
    auto* plan_column = new QVBoxLayout(plan);
    plan_column->setContentsMargins(0, 12, 0, 0);
    steps_table_ = sorted_table(steps_, this, tr("Steps"), QStringLiteral("calibrate-steps"));
    plan_column->addWidget(steps_table_, 2);
    plan_column->addWidget(
        sorted_table(operators_, this, tr("Operators"), QStringLiteral("calibrate-operators")), 3);
    plan_column->addWidget(remarks_);
    tabs_->addTab(plan, tr("Plan"));

    auto* fit = new QWidget;
    auto* fit_column = new QVBoxLayout(fit);
    fit_column->setContentsMargins(0, 12, 0, 0);
    step_ = new QComboBox;
    step_->setObjectName(QStringLiteral("calibrate-step"));
    step_->setAccessibleName(tr("Step"));
    step_->setMaximumWidth(300);
    connect(step_, &QComboBox::currentIndexChanged, this, &CalibratePage::show_step);
    fit_ = new ChartPanel(tr("CPU time of a batch, measured (points) and fitted (lines)"));
    residuals_ = new ChartPanel(tr("Residuals: how far the line lies above the measurement"));
    for (ChartPanel* panel : {fit_, residuals_})
        for (QChartView* view : panel->findChildren<QChartView*>()) view->setMinimumHeight(120);
    fit_column->addWidget(step_);
    fit_column->addWidget(fit_, 3);
    fit_column->addWidget(residuals_, 2);
    tabs_->addTab(fit, tr("Fit"));

    skew_ = new ChartPanel(tr("Skew: load of the hottest partition"));
    tabs_->addTab(page_of(skew_), tr("Skew"));
    sizes_ = new ChartPanel(tr("Bytes of a row by format and codec"));
    tabs_->addTab(page_of(sizes_), tr("Sizes"));

    auto* fields = new QWidget;
    auto* fields_column = new QVBoxLayout(fields);
    fields_column->setContentsMargins(0, 12, 0, 0);
    fields_column->addWidget(
        sorted_table(columns_, this, tr("Columns and rules"), QStringLiteral("calibrate-columns")));
    tabs_->addTab(fields, tr("Columns"));
    column->addWidget(tabs_, 1);
    column->addStretch(0);
    return right;
}

}  // namespace headroom::desktop
