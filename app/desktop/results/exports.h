#pragma once
// Charts and tables leave the program: pictures, vectors, CSV, Markdown.

#include <QString>

class QAbstractItemModel;
class QChart;
class QSizeF;

namespace headroom::desktop {

/// By the ending of the file: .png (twice the size in pixels), .svg or .pdf. False where it cannot be
/// written, or has another ending.
bool export_chart(QChart& chart, const QSizeF& size, const QString& file);

/// As they are shown: headers, then rows in the order of the view.
QString csv_of(const QAbstractItemModel& model);
QString markdown_of(const QAbstractItemModel& model);

}  // namespace headroom::desktop
