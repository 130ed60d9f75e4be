#include "app/desktop/results/chart_panel.h"

#include "app/desktop/results/exports.h"
#include "app/desktop/shell/appearance.h"

#include <QChart>
#include <QChartView>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace headroom::desktop {

ChartPanel::ChartPanel(const QString& title, QWidget* parent) : QFrame(parent) {
    setProperty("role", "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 8);
    column->setSpacing(2);
    auto* heading = new QLabel(title);
    heading->setProperty("role", "heading");
    auto* head = new QHBoxLayout;
    head->addWidget(heading, 1);
    auto* save = new QToolButton;
    save->setProperty("role", "reset");
    save->setIcon(tinted_icon(QStringLiteral("save")));
    save->setIconSize({16, 16});
    save->setToolTip(tr("Save the chart as PNG, SVG or PDF"));
    save->setAccessibleName(tr("Save the chart %1").arg(title));
    connect(save, &QToolButton::clicked, this, &ChartPanel::ask_and_save);
    head->addWidget(save);
    column->addLayout(head);
    view_ = new QChartView;
    view_->setRenderHint(QPainter::Antialiasing);
    view_->setFrameShape(QFrame::NoFrame);
    view_->setMinimumHeight(250);
    view_->setAccessibleName(title);
    view_->setFocusPolicy(Qt::NoFocus);
    view_->setStyleSheet(QStringLiteral("background: transparent;"));
    column->addWidget(view_, 1);
    hide();
    when_theme_changes(this, [this] {
        if (make_) draw();
    });
}

void ChartPanel::show_chart(Make make) {
    make_ = std::move(make);
    draw();
}

bool ChartPanel::save(const QString& file) {
    const std::unique_ptr<QChart> chart = make_ ? make_(report::Theme::print) : nullptr;
    return chart != nullptr && export_chart(*chart, {960, 480}, file);
}

void ChartPanel::ask_and_save() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the chart"), QStringLiteral("chart.svg"),
                                     tr("Vectors (*.svg);;Picture (*.png);;Document (*.pdf)"));
    if (!file.isEmpty() && !save(file))
        QMessageBox::warning(this, tr("The chart was not saved"),
                             tr("%1 cannot be written; the name must end in .svg, .png or .pdf").arg(file));
}

void ChartPanel::draw() {
    std::unique_ptr<QChart> chart;
    if (make_) chart = make_(theme().dark ? report::Theme::dark : report::Theme::light);
    setVisible(chart != nullptr);
    if (!chart) chart = std::make_unique<QChart>();
    chart->setTitle({});
    chart->setBackgroundVisible(false);
    chart->setMargins({0, 0, 0, 0});
    const std::unique_ptr<QChart> old(view_->chart());
    view_->setChart(chart.release());
}

}  // namespace headroom::desktop
