#include "app/report/svg.h"

#include "app/report/content/colours.h"
#include "app/report/paint.h"

#include <QBuffer>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgGenerator>

namespace headroom::report {

namespace {

/// What is inside the <svg> element, and its end.
QString inside_of(const Picture& picture) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96);
    generator.setSize(QSizeF(picture.width, picture.height).toSize());
    generator.setViewBox(QRectF(0, 0, picture.width, picture.height));
    {
        QPainter painter(&generator);
        paint(picture, painter);
    }
    QString svg = QString::fromUtf8(buffer.data());
    // What is around the picture belongs to files of their own.
    svg.remove(0, svg.indexOf("<svg"));
    svg.remove(0, svg.indexOf('>') + 1);
    static const QRegularExpression preamble(
        "<title>.*?</title>|<desc>.*?</desc>|<defs>\\s*</defs>|xml:space=\"preserve\"",
        QRegularExpression::DotMatchesEverythingOption);
    svg.remove(preamble);
    // Verdana has the same widths as DejaVu Sans.
    svg.replace("font-family=\"DejaVu Sans\"", "font-family=\"'DejaVu Sans', Verdana, sans-serif\"");
    static const QRegularExpression blank("\\n\\s*\\n+|(?<=>)\\s*\\n");
    svg.replace(blank, "\n");
    return svg;
}

QString element(const Picture& picture, const char* space, const QString& inside) {
    return QStringLiteral(
               "<svg%5 role=\"img\" aria-label=\"%1\" viewBox=\"0 0 %2 %3\" width=\"%2\" height=\"%3\">%4")
        .arg(QString::fromStdString(picture.text).toHtmlEscaped(), QString::number(picture.width, 'f', 0),
             QString::number(picture.height, 'f', 0), inside, QLatin1String(space));
}

}  // namespace

std::string svg_of(const Picture& picture) {
    QString svg = inside_of(picture);
    for (const auto& [name, colour] : roles(Theme::print))
        svg.replace(QString::fromStdString('"' + colour + '"'),
                    QString::fromStdString("\"var(--" + name + ")\""));
    return element(picture, "", svg).toStdString();
}

std::string svg_file_of(const Picture& picture) {
    const QString ground =
        QStringLiteral("<title>%1</title><rect width=\"100%\" height=\"100%\" fill=\"%2\"/>")
            .arg(QString::fromStdString(picture.title).toHtmlEscaped(),
                 QLatin1String(colours(Theme::print).page));
    return element(picture, " xmlns=\"http://www.w3.org/2000/svg\"", ground + inside_of(picture))
               .toStdString() +
           "\n";
}

}  // namespace headroom::report
