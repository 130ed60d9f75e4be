#include "app/desktop/inspector/profile_preview.h"

#include "app/desktop/shell/appearance.h"
#include "model/units/unit.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>

namespace headroom::desktop {

namespace {

/// The longest period that shows: a year's season is not seen in a day.
model::Duration span_of(const model::RateProfile& profile) {
    model::Duration span = model::hours(24);
    for (const model::Season& season : profile.seasons) span = std::max(span, season.period);
    for (const model::RateEvent& event : profile.events)
        span = std::max(span, event.from + event.length + event.length);
    return profile.growth_per_year != 0 ? std::max(span, model::hours(8760)) : span;
}

}  // namespace

void paint_profile(QPainter& painter, const QRectF& plot, const model::RateProfile& profile) {
    const model::Duration span = span_of(profile);
    const double peak = profile.peak(model::Duration(0), span).value();
    if (!(peak > 0)) return;
    QPolygonF line;
    const int points = std::max(2, static_cast<int>(plot.width() / 2));
    for (int i = 0; i <= points; ++i) {
        const double share = static_cast<double>(i) / points;
        const double rate = profile.at(model::Duration(span.value() * share)).value();
        line << QPointF(plot.left() + share * plot.width(), plot.bottom() - rate / peak * plot.height());
    }
    QPolygonF area = line;
    area << plot.bottomRight() << plot.bottomLeft();
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().accent_soft);
    painter.drawPolygon(area);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme().accent, 1.8));
    painter.drawPolyline(line);
}

QPixmap profile_picture(const model::RateProfile& profile, QSize size, double device_pixel_ratio) {
    QPixmap picture(size * device_pixel_ratio);
    picture.setDevicePixelRatio(device_pixel_ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    paint_profile(painter, QRectF(QPointF(0, 0), QSizeF(size)).adjusted(1, 2, -1, -2), profile);
    return picture;
}

QString profile_text(const model::RateProfile& profile, const std::string& noun) {
    const model::Duration span = span_of(profile);
    const model::ItemRate peak = profile.peak(model::Duration(0), span);
    return ProfilePreview::tr("Rate over %1: peak %2")
        .arg(QString::fromStdString(model::format(span)),
             QString::fromStdString(model::format(peak, {.digits = 3, .noun = noun})));
}

ProfilePreview::ProfilePreview(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("profile-preview"));
    setFixedHeight(104);
    hide();
}

void ProfilePreview::show_workload(const model::Workload* workload) {
    profile_.reset();
    if (workload != nullptr) {
        const auto* stream = std::get_if<model::Stream>(&workload->load);
        const auto* requests = std::get_if<model::Requests>(&workload->load);
        const model::RateProfile& profile = stream != nullptr ? stream->rate : requests->rate;
        if (!profile.is_constant()) profile_ = profile;
        const QString text = profile_text(profile, stream != nullptr ? "events" : "requests");
        setAccessibleName(text);
        setToolTip(text);
    }
    setVisible(profile_.has_value());
    update();
}

void ProfilePreview::paintEvent(QPaintEvent* /*event*/) {
    if (!profile_) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF plot = QRectF(rect()).adjusted(18, 26, -18, -10);
    paint_profile(painter, plot, *profile_);
    painter.setPen(theme().muted);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.87);
    painter.setFont(small);
    painter.drawText(QRectF(rect()).adjusted(18, 4, -18, 0), Qt::AlignLeft | Qt::AlignTop, accessibleName());
}

}  // namespace headroom::desktop
