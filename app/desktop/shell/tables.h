#pragma once
// Tables that look and behave alike on every page.

#include <QString>

class QAbstractItemModel;
class QTableView;

namespace headroom::desktop {

/// A read-only table, sorted by clicking a header; the column `stretched` takes what is left.
QTableView* make_table(QAbstractItemModel* model, const QString& accessible_name, const QString& object_name,
                       int stretched = 0);

}  // namespace headroom::desktop
