#include "app/desktop/shell/system_theme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace headroom::desktop {

namespace {

constexpr QLatin1String service("org.freedesktop.portal.Desktop");
constexpr QLatin1String path("/org/freedesktop/portal/desktop");
constexpr QLatin1String interface("org.freedesktop.portal.Settings");
constexpr QLatin1String appearance("org.freedesktop.appearance");
constexpr QLatin1String scheme("color-scheme");

/// Read() wraps the value twice, SettingChanged once.
QVariant unwrapped(QVariant value) {
    while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
    return value;
}

}  // namespace

SystemTheme::SystemTheme(QObject* parent) : QObject(parent) {
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                SLOT(take_setting(QString, QString, QDBusVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    read << QString(appearance) << QString(scheme);
    auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        const QDBusPendingReply<QDBusVariant> reply = *answer;
        if (reply.isValid()) take_setting(appearance, scheme, reply.value());
        answer->deleteLater();
    });
}

void SystemTheme::take_setting(const QString& name_space, const QString& key, const QDBusVariant& value) {
    if (name_space != appearance || key != scheme) return;
    const uint preference = unwrapped(QVariant::fromValue(value)).toUInt();
    const std::optional<bool> now = preference == 1   ? std::optional(true)
                                    : preference == 2 ? std::optional(false)
                                                      : std::nullopt;
    if (now == dark_) return;
    dark_ = now;
    emit changed();
}

}  // namespace headroom::desktop
