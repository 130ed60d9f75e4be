#include "app/desktop/shell/appearance.h"

#include "model/catalog/catalog.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFileInfo>
#include <QFont>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <QTimer>
#include <QWidget>

namespace headroom::desktop {

namespace {

const Theme light_theme{.dark = false,
                        .window = QColor(0xf4f6f8),
                        .surface = QColor(0xffffff),
                        .sunken = QColor(0xeaeef2),
                        .border = QColor(0xd5dce3),
                        .text = QColor(0x1b2733),
                        .muted = QColor(0x566472),
                        .accent = QColor(0x0f5ea8),
                        .on_accent = QColor(0xffffff),
                        .accent_soft = QColor(0xdcebf8),
                        .good = QColor(0x0072b2),
                        .caution = QColor(0xc47f00),
                        .bad = QColor(0xc44600)};

const Theme dark_theme{.dark = true,
                       .window = QColor(0x161b21),
                       .surface = QColor(0x1f262e),
                       .sunken = QColor(0x11161b),
                       .border = QColor(0x37424d),
                       .text = QColor(0xe6ebf0),
                       .muted = QColor(0x9fadba),
                       .accent = QColor(0x5eb0f2),
                       .on_accent = QColor(0x0c1a26),
                       .accent_soft = QColor(0x213a50),
                       .good = QColor(0x56b4e9),
                       .caution = QColor(0xf0b429),
                       .bad = QColor(0xff8a4c)};

QPalette palette_of(const Theme& t) {
    QPalette palette;
    palette.setColor(QPalette::Window, t.window);
    palette.setColor(QPalette::WindowText, t.text);
    palette.setColor(QPalette::Base, t.surface);
    palette.setColor(QPalette::AlternateBase, t.window);
    palette.setColor(QPalette::Text, t.text);
    palette.setColor(QPalette::PlaceholderText, t.muted);
    palette.setColor(QPalette::Button, t.surface);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::BrightText, t.bad);
    palette.setColor(QPalette::ToolTipBase, t.surface);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Highlight, t.accent);
    palette.setColor(QPalette::HighlightedText, t.on_accent);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::Light, t.surface);
    palette.setColor(QPalette::Midlight, t.surface);
    palette.setColor(QPalette::Mid, t.border);
    palette.setColor(QPalette::Dark, t.border);
    palette.setColor(QPalette::Shadow, t.sunken);
    for (QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor faint = t.muted;
        faint.setAlphaF(0.6F);
        palette.setColor(QPalette::Disabled, role, faint);
    }
    return palette;
}

QString style_sheet_of(const Theme& t) {
    QString sheet = QStringLiteral(R"(
QToolTip { background: @surface; color: @text; border: 1px solid @border; padding: 4px; }
QMainWindow, QDialog { background: @window; }
QMenuBar { background: @window; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: @soft; }
QMenu { background: @surface; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 26px; border-radius: 5px; }
QMenu::item:selected { background: @soft; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 5px 8px; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @border; padding: 6px 10px; spacing: 4px; }
QToolBar::separator { width: 1px; background: @border; margin: 5px 7px; }
QToolBar QToolButton { padding: 5px 9px; border-radius: 6px; border: 1px solid transparent; }
QToolBar QToolButton:hover { background: @soft; }
QToolBar QToolButton:pressed { background: @border; }
QToolBar QToolButton:focus { border: 1px solid @accent; }
QStatusBar { background: @window; border-top: 1px solid @border; color: @muted; }
QStatusBar::item { border: none; }
QPushButton { background: @surface; border: 1px solid @border; border-radius: 6px; padding: 6px 14px; color: @text; }
QPushButton:hover { background: @soft; }
QPushButton:pressed { background: @border; }
QPushButton:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton[primary="true"] { background: @accent; color: @onaccent; border: 1px solid @accent; font-weight: bold; padding: 7px 18px; }
QPushButton[primary="true"]:hover { background: @hover; }
QPushButton[primary="true"]:focus { border: 2px solid @text; padding: 6px 17px; }
QPushButton[primary="true"]:disabled { background: @border; color: @muted; border: 1px solid @border; }
QLineEdit, QComboBox { background: @surface; border: 1px solid @border; border-radius: 6px; padding: 5px 8px; color: @text; selection-background-color: @accent; selection-color: @onaccent; }
QLineEdit:focus, QComboBox:focus { border: 1px solid @accent; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border: 2px solid @bad; padding: 4px 7px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; selection-background-color: @soft; selection-color: @text; }
QTableView, QListView, QTreeView { background: @surface; alternate-background-color: @window; border: 1px solid @border; border-radius: 8px; gridline-color: @border; selection-background-color: @soft; selection-color: @text; }
QTableView::item, QListView::item { padding: 4px 6px; }
QTableView:focus, QListView:focus { border: 1px solid @accent; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @border; padding: 6px 3px; font-weight: bold; }
QTableCornerButton::section { background: @surface; border: none; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; padding: 8px 15px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @accent; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { background: @soft; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; margin: 2px; min-height: 26px; min-width: 26px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: @sunken; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: @accent; border-radius: 4px; }
QSplitter::handle { background: @border; }
QSplitter[role="airy"]::handle { background: transparent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QLabel[role="title"] { font-size: 17pt; font-weight: bold; }
QLabel[role="heading"] { font-size: 11pt; font-weight: bold; }
QLabel[role="group"] { color: @muted; font-weight: bold; padding-top: 8px; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="error"] { color: @bad; }
QLabel[role="banner"] { background: @soft; color: @text; border: 1px solid @accent; border-radius: 8px; padding: 8px 12px; }
QFrame[role="card"] { background: @surface; border: 1px solid @border; border-radius: 10px; }
QFrame[role="strip"] { background: @soft; border: none; border-bottom: 1px solid @border; }
QFrame[role="panel"] { background: @surface; border: none; }
QFrame[role="rail"] { background: @window; border: none; border-right: 1px solid @border; }
QFrame[role="bar"] { background: @surface; border: none; border-top: 1px solid @border; }
QFrame[role="rail"] QToolButton { border: 1px solid transparent; border-radius: 9px; padding: 8px 4px; color: @muted; }
QFrame[role="rail"] QToolButton:hover { background: @soft; }
QFrame[role="rail"] QToolButton:checked { background: @soft; color: @accent; font-weight: bold; }
QFrame[role="rail"] QToolButton:focus { border: 1px solid @accent; }
QFrame[role="rail"] QToolButton:disabled { color: @faint; }
QPushButton[role="card"] { text-align: left; background: @surface; border: 1px solid @border; border-radius: 10px; padding: 0; }
QPushButton[role="card"]:hover, QPushButton[role="card"]:focus { border: 1px solid @accent; background: @surface; }
QPushButton[role="row"] { text-align: left; }
QToolButton[role="reset"] { border: 1px solid transparent; border-radius: 5px; padding: 2px; }
QToolButton[role="reset"]:hover { background: @soft; }
QToolButton[role="reset"]:focus { border: 1px solid @accent; }
QPlainTextEdit { background: @surface; color: @text; border: none; padding: 10px 14px; selection-background-color: @accent; selection-color: @onaccent; }
QGraphicsView { background: @window; border: none; }
)");
    const QColor hover = t.dark ? t.accent.lighter(112) : t.accent.darker(115);
    const QColor faint((t.muted.red() + t.window.red()) / 2, (t.muted.green() + t.window.green()) / 2,
                       (t.muted.blue() + t.window.blue()) / 2);
    const std::pair<const char*, QColor> names[] = {
        {"@surface", t.surface}, {"@onaccent", t.on_accent}, {"@text", t.text},
        {"@border", t.border},   {"@window", t.window},      {"@soft", t.accent_soft},
        {"@muted", t.muted},     {"@accent", t.accent},      {"@hover", hover},
        {"@bad", t.bad},         {"@sunken", t.sunken},      {"@faint", faint}};
    for (const auto& [name, color] : names) sheet.replace(QLatin1String(name), color.name());
    return sheet;
}

QString icon_folder() {
    const auto resources = model::find_resources();
    return resources ? QString::fromStdString((*resources / "icons").string()) : QString();
}

/// Draws in the colours of the theme that holds when it paints, so that a change of theme reaches every
/// action without setting its icon anew.
class TintedIconEngine final : public QIconEngine {
public:
    explicit TintedIconEngine(QString name) : name_(std::move(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, tinted_pixmap(name_, color(mode, state), rect.width(), ratio));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return tinted_pixmap(name_, color(mode, state), size.width(), 1);
    }
    QIconEngine* clone() const override { return new TintedIconEngine(name_); }

private:
    static QColor color(QIcon::Mode mode, QIcon::State state) {
        QColor color = state == QIcon::On ? theme().accent : theme().text;
        if (mode == QIcon::Disabled) {
            color = theme().muted;
            color.setAlphaF(0.5F);
        }
        return color;
    }

    QString name_;
};

class ThemeWatch final : public QObject {
public:
    ThemeWatch(QWidget* widget, std::function<void()> redraw) : QObject(widget) {
        widget->installEventFilter(this);
        soon_.setSingleShot(true);
        soon_.callOnTimeout(this, std::move(redraw));
    }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::PaletteChange) soon_.start(0);
        return QObject::eventFilter(watched, event);
    }

private:
    QTimer soon_;
};

}  // namespace

void when_theme_changes(QWidget* widget, std::function<void()> redraw) {
    new ThemeWatch(widget, std::move(redraw));  // owned by the widget
}

const Theme& theme() {
    return QApplication::palette().color(QPalette::Window).lightness() < 128 ? dark_theme : light_theme;
}

void apply_appearance(Appearance appearance, std::optional<bool> system_prefers_dark) {
    // Only once: a change of style under a style sheet leaves Qt 6.4 with a dangling style.
    if (qApp->styleSheet().isEmpty()) QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(QPalette());  // what the desktop environment asks for shows through
    bool dark = system_prefers_dark.value_or(theme().dark);
    if (appearance != Appearance::system) dark = appearance == Appearance::dark;
    const Theme& chosen = dark ? dark_theme : light_theme;
    QFont font = QApplication::font();
    if (font.pointSizeF() < 10) font.setPointSizeF(10);
    QApplication::setFont(font);
    QApplication::setPalette(palette_of(chosen));
    qApp->setStyleSheet(style_sheet_of(chosen));
}

QIcon tinted_icon(const QString& name) { return QIcon(new TintedIconEngine(name)); }

QPixmap tinted_pixmap(const QString& name, const QColor& color, int size, double device_pixel_ratio) {
    const QString key = QStringLiteral("headroom/%1/%2/%3/%4")
                            .arg(name, color.name(QColor::HexArgb))
                            .arg(size)
                            .arg(device_pixel_ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    const int pixels = qMax(1, qRound(size * device_pixel_ratio));
    pixmap = QPixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QFile file(icon_folder() + QLatin1Char('/') + name + QStringLiteral(".svg"));
    if (file.open(QIODevice::ReadOnly)) {
        QByteArray svg = file.readAll();
        svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(svg);
        QPainter painter(&pixmap);
        painter.setOpacity(color.alphaF());
        renderer.render(&painter);
    }
    pixmap.setDevicePixelRatio(device_pixel_ratio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QString icon_name_for(const std::string& technology_icon, const std::string& kind) {
    for (const std::string& name : {technology_icon, kind}) {
        QString text = QString::fromStdString(name);
        if (text.endsWith(QStringLiteral(".svg"))) text.chop(4);
        if (!text.isEmpty() &&
            QFileInfo::exists(icon_folder() + QLatin1Char('/') + text + QStringLiteral(".svg")))
            return text;
    }
    return QStringLiteral("component");
}

}  // namespace headroom::desktop
