#pragma once
// The whole of a simulated time at a glance: how busy the busiest component is, and when something is down.

#include "model/store/run_result.h"

#include <QWidget>
#include <vector>

namespace headroom::desktop {

class Timeline final : public QWidget {
    Q_OBJECT

public:
    explicit Timeline(QWidget* parent = nullptr);

    /// `utilisation` and `capacity` by step; at each step the busiest component and the one that lacks most.
    void show_history(std::vector<double> utilisation, std::vector<double> capacity);
    void set_step(int step);

signals:
    void step_chosen(int step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    double place_of(double step) const;

    std::vector<double> utilisation_, capacity_;
    int step_ = 0;
};

}  // namespace headroom::desktop
