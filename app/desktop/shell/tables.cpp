#include "app/desktop/shell/tables.h"

#include "app/desktop/results/exports.h"

#include <QAbstractItemModel>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QHeaderView>
#include <QMessageBox>
#include <QSaveFile>
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
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* markdown = new QAction(QCoreApplication::translate("Tables", "Copy the table as Markdown"), view);
    QObject::connect(markdown, &QAction::triggered, view,
                     [view] { QApplication::clipboard()->setText(markdown_of(*view->model())); });
    auto* csv = new QAction(QCoreApplication::translate("Tables", "Save the table as CSV…"), view);
    QObject::connect(csv, &QAction::triggered, view, [view] {
        const QString file = QFileDialog::getSaveFileName(
            view, QCoreApplication::translate("Tables", "Save the table"), view->objectName() + ".csv",
            QCoreApplication::translate("Tables", "Comma-separated values (*.csv)"));
        QSaveFile out(file);
        if (file.isEmpty()) return;
        const QByteArray text = csv_of(*view->model()).toUtf8();
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit())
            QMessageBox::warning(view, QCoreApplication::translate("Tables", "The table was not saved"),
                                 out.errorString());
    });
    view->addActions({markdown, csv});
    return view;
}

}  // namespace headroom::desktop
