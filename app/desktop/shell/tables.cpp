#include "app/desktop/shell/tables.h"

#include <QAbstractItemModel>
#include <QHeaderView>
#include <QTableView>

namespace headroom::desktop {

QTableView* make_table(QAbstractItemModel* model, const QString& accessible_name, const QString& object_name,
                       int stretched) {
    auto* view = new QTableView;
    view->setObjectName(object_name);
    view->setAccessibleName(accessible_name);
    view->setModel(model);
    view->setAlternatingRowColors(true);
    view->setShowGrid(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setTabKeyNavigation(false);
    view->setWordWrap(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(30);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    view->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    view->horizontalHeader()->setSectionResizeMode(stretched, QHeaderView::Stretch);
    view->horizontalHeader()->setMinimumSectionSize(70);
    // In the model's own order until a header is clicked.
    view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    view->setSortingEnabled(true);
    return view;
}

}  // namespace headroom::desktop
