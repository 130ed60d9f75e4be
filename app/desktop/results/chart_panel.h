#pragma once
// A chart in a card; it is drawn again when the appearance changes.

#include "app/report/charts.h"

#include <QFrame>
#include <functional>
#include <memory>

class QChart;
class QChartView;
class QLabel;

namespace headroom::desktop {

class ChartPanel final : public QFrame {
    Q_OBJECT

public:
    using Make = std::function<std::unique_ptr<QChart>(report::Theme)>;

    /// `title` stands above the chart and names it for screen readers.
    explicit ChartPanel(const QString& title, QWidget* parent = nullptr);
    /// Shows what `make` gives; hides itself where that is nothing.
    void show_chart(Make make);
    /// Writes the chart as a page would print it; false where that cannot be done.
    bool save(const QString& file);

private:
    void ask_and_save();
    void draw();

    Make make_;
    QChartView* view_;
};

}  // namespace headroom::desktop
