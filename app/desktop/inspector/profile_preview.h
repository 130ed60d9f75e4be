#pragma once
// How the rate of a workload moves over the horizon's first day, week or year.

#include "model/scenario/scenario.h"

#include <QPixmap>
#include <QWidget>
#include <optional>

namespace headroom::desktop {

/// The rate over the longest period in which it moves, as a line over its area.
void paint_profile(QPainter& painter, const QRectF& plot, const model::RateProfile& profile);
QPixmap profile_picture(const model::RateProfile& profile, QSize size, double device_pixel_ratio);
/// "Rate over 1 d: peak 4,000 events/s"
QString profile_text(const model::RateProfile& profile, const std::string& noun = "");

class ProfilePreview final : public QWidget {
    Q_OBJECT

public:
    explicit ProfilePreview(QWidget* parent = nullptr);
    /// Hides itself where there is none, or where its rate does not move.
    void show_workload(const model::Workload* workload);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<model::RateProfile> profile_;
};

}  // namespace headroom::desktop
