#include "app/desktop/results/exports.h"

#include "app/report/charts.h"

#include <QAbstractItemModel>
#include <QChart>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace headroom::desktop {

namespace {

QString cell(const QAbstractItemModel& model, int row, int column) {
    return model.index(row, column).data().toString();
}

QString heading(const QAbstractItemModel& model, int column) {
    return model.headerData(column, Qt::Horizontal).toString();
}

/// RFC 4180.
QString quoted(QString text) {
    if (!text.contains(QLatin1Char(',')) && !text.contains(QLatin1Char('"')) &&
        !text.contains(QLatin1Char('\n')))
        return text;
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

QString escaped(QString text) {
    return text.replace(QLatin1Char('\\'), QStringLiteral("\\\\"))
        .replace(QLatin1Char('|'), QStringLiteral("\\|"))
        .replace(QLatin1Char('\n'), QLatin1Char(' '));
}

}  // namespace

bool export_chart(QChart& chart, const QSizeF& size, const QString& file) {
    const QString ending = QFileInfo(file).suffix().toLower();
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly)) return false;
    if (ending == QStringLiteral("png")) {
        QImage image((size * 2).toSize(), QImage::Format_ARGB32);
        image.setDevicePixelRatio(2);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        report::draw(chart, painter, size);
        painter.end();
        if (!image.save(&out, "PNG")) return false;
    } else if (ending == QStringLiteral("svg")) {
        QSvgGenerator generator;
        generator.setOutputDevice(&out);
        generator.setSize(size.toSize());
        generator.setViewBox(QRectF(QPointF(0, 0), size));
        QPainter painter(&generator);
        report::draw(chart, painter, size);
    } else if (ending == QStringLiteral("pdf")) {
        QPdfWriter writer(&out);
        writer.setResolution(96);
        writer.setPageSize(QPageSize(size * 72 / 96, QPageSize::Point));
        writer.setPageMargins({});
        QPainter painter(&writer);
        report::draw(chart, painter, size);
    } else {
        return false;
    }
    return out.commit();
}

QString csv_of(const QAbstractItemModel& model) {
    QString text;
    for (int row = -1; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << quoted(row < 0 ? heading(model, column) : cell(model, row, column));
        text += cells.join(QLatin1Char(',')) + QStringLiteral("\r\n");
    }
    return text;
}

QString markdown_of(const QAbstractItemModel& model) {
    QString text = QStringLiteral("|"), rule = QStringLiteral("|");
    for (int column = 0; column < model.columnCount(); ++column) {
        text += QLatin1Char(' ') + escaped(heading(model, column)) + QStringLiteral(" |");
        const auto alignment = model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
        rule += (alignment & Qt::AlignRight) != 0 ? QStringLiteral(" --: |") : QStringLiteral(" --- |");
    }
    text += QLatin1Char('\n') + rule + QLatin1Char('\n');
    for (int row = 0; row < model.rowCount(); ++row) {
        text += QLatin1Char('|');
        for (int column = 0; column < model.columnCount(); ++column)
            text += QLatin1Char(' ') + escaped(cell(model, row, column)) + QStringLiteral(" |");
        text += QLatin1Char('\n');
    }
    return text;
}

}  // namespace headroom::desktop
