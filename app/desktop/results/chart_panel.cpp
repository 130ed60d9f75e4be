#include "app/desktop/results/chart_panel.h"

#include "app/desktop/shell/appearance.h"

#include <QChart>
#include <QChartView>
#include <QLabel>
#include <QVBoxLayout>

namespace headroom::desktop {

ChartPanel::ChartPanel(const QString& title, QWidget* parent) : QFrame(parent) {
    setProperty("role", "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 8);
    column->setSpacing(2);
    auto* heading = new QLabel(title);
    heading->setProperty("role", "heading");
    column->addWidget(heading);
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
