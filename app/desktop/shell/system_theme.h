#pragma once
// Whether the desktop environment asks for dark windows, and when it changes its mind. Environments say so in
// two ways: by the palette of Qt's platform theme, and by the settings portal (org.freedesktop.appearance
// color-scheme), which counts where there is one.

#include <QDBusVariant>
#include <QObject>
#include <optional>

namespace headroom::desktop {

class SystemTheme final : public QObject {
    Q_OBJECT

public:
    /// Asks the portal, if there is one, without waiting for its answer.
    explicit SystemTheme(QObject* parent = nullptr);

    /// Nothing where the portal is silent: then the palette decides.
    std::optional<bool> prefers_dark() const { return dark_; }

public slots:
    /// As the portal reports it: 0 no preference, 1 dark, 2 light.
    void take_setting(const QString& name_space, const QString& key, const QDBusVariant& value);

signals:
    void changed();

private:
    std::optional<bool> dark_;
};

}  // namespace headroom::desktop
