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
        noun_ = stream != nullptr ? "events" : "requests";
        if (!profile.is_constant()) profile_ = profile;
    }
    if (profile_) {
        span_ = span_of(*profile_);
        const model::ItemRate peak = profile_->peak(model::Duration(0), span_);
        const QString text =
            tr("Rate over %1: peak %2")
                .arg(QString::fromStdString(model::format(span_)),
                     QString::fromStdString(model::format(peak, {.digits = 3, .noun = noun_})));
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
    const double peak = profile_->peak(model::Duration(0), span_).value();
    QPolygonF line;
    const int points = std::max(2, static_cast<int>(plot.width() / 2));
    for (int i = 0; i <= points; ++i) {
        const double share = static_cast<double>(i) / points;
        const double rate = profile_->at(model::Duration(span_.value() * share)).value();
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
    painter.setPen(theme().muted);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.87);
    painter.setFont(small);
    painter.drawText(QRectF(rect()).adjusted(18, 4, -18, 0), Qt::AlignLeft | Qt::AlignTop, accessibleName());
}

}  // namespace headroom::desktop
