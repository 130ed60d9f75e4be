#include "app/report/svg.h"

#include "app/report/palette.h"

#include <QBuffer>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <utility>
#include <vector>

namespace headroom::report {

namespace {

std::vector<std::pair<QString, QColor>> roles(const Palette& colours) {
    std::vector<std::pair<QString, QColor>> all{
        {"page", colours.page},   {"panel", colours.panel},      {"text", colours.text},
        {"muted", colours.muted}, {"grid", colours.grid},        {"good", colours.good},
        {"bad", colours.bad},     {"unsure", colours.unsure},    {"calm", colours.calm},
        {"busy", colours.busy},   {"strained", colours.strained}};
    for (std::size_t i = 0; i < colours.series.size(); ++i)
        all.emplace_back(QStringLiteral("series-%1").arg(i + 1), colours.series[i]);
    return all;
}

}  // namespace

std::string css_colours(bool dark) {
    QString css;
    for (const auto& [name, colour] : roles(palette(dark ? Theme::dark : Theme::light)))
        css += QStringLiteral("--%1: %2; ").arg(name, colour.name());
    return css.toStdString();
}

std::string svg_of(const Picture& picture) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96);
    generator.setSize(QSizeF(picture.width, picture.height).toSize());
    generator.setViewBox(QRectF(0, 0, picture.width, picture.height));
    {
        QPainter painter(&generator);
        picture.paint(painter);
    }
    QString svg = QString::fromUtf8(buffer.data());
    // What is around the picture belongs to files of their own.
    svg.remove(0, svg.indexOf("<svg"));
    svg.remove(0, svg.indexOf('>') + 1);
    static const QRegularExpression preamble(
        "<title>.*?</title>|<desc>.*?</desc>|<defs>\\s*</defs>|xml:space=\"preserve\"",
        QRegularExpression::DotMatchesEverythingOption);
    svg.remove(preamble);
    for (const auto& [name, colour] : roles(palette(Theme::print)))
        svg.replace("\"" + colour.name() + "\"", "\"var(--" + name + ")\"");
    // Verdana has the same widths as DejaVu Sans.
    svg.replace("font-family=\"DejaVu Sans\"", "font-family=\"'DejaVu Sans', Verdana, sans-serif\"");
    static const QRegularExpression blank("\\n\\s*\\n+|(?<=>)\\s*\\n");
    svg.replace(blank, "\n");
    const QString label = QString::fromStdString(picture.text).toHtmlEscaped();
    return QStringLiteral(
               "<svg role=\"img\" aria-label=\"%1\" viewBox=\"0 0 %2 %3\" width=\"%2\" height=\"%3\">%4")
        .arg(label, QString::number(picture.width, 'f', 0), QString::number(picture.height, 'f', 0), svg)
        .toStdString();
}

}  // namespace headroom::report
