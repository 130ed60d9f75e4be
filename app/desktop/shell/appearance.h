#pragma once
// Colours, palette, style sheet and icons of the program, light and dark.

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>
#include <functional>
#include <optional>

class QWidget;

namespace headroom::desktop {

enum class Appearance { system, light, dark };

/// Colours by what they are for. Good, caution and bad are from the set of Okabe and Ito (blue, orange,
/// vermilion), which people with any common colour blindness tell apart; shape or text always says the same.
struct Theme {
    bool dark = false;
    QColor window, surface, sunken, border, text, muted, accent, on_accent, accent_soft, good, caution, bad;
};

/// The theme of the palette that the application has now.
const Theme& theme();

/// Sets style, palette and style sheet of the whole application. What the system asks for decides where
/// `appearance` leaves it to that, and its palette where it does not say.
void apply_appearance(Appearance appearance, std::optional<bool> system_prefers_dark = std::nullopt);

/// Calls `redraw` after each change of theme, once the change has reached every widget: what is drawn into
/// pictures beforehand must be drawn again, and no widget may be deleted while the change is under way.
void when_theme_changes(QWidget* widget, std::function<void()> redraw);

/// An icon of resources/icons, drawn in the text colour of the theme at the moment of painting.
QIcon tinted_icon(const QString& name);
/// One drawing of it in a colour; `size` in device-independent pixels.
QPixmap tinted_pixmap(const QString& name, const QColor& color, int size, double device_pixel_ratio);
/// The icon of a component: the technology's own if there is a picture of that name, else the kind's.
QString icon_name_for(const std::string& technology_icon, const std::string& kind);

}  // namespace headroom::desktop
