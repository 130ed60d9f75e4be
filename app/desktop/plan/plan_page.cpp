#include "app/desktop/plan/plan_page.h"

#include "app/desktop/plan/plan_model.h"
#include "app/desktop/results/result_models.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/tables.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace headroom::desktop {

namespace {

QLabel* heading(const QString& text) {
    auto* label = new QLabel(text);
    label->setProperty("role", "heading");
    return label;
}

}  // namespace

PlanPage::PlanPage(Project& project, LiveEstimate& live, QWidget* parent)
    : QScrollArea(parent), project_(project), live_(live) {
    setObjectName(QStringLiteral("plan"));
    setAccessibleName(tr("Plan"));
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(18, 14, 18, 18);
    column->setSpacing(8);
    const auto part = [&](PlanPart which, const QString& title, const char* name, bool grows) {
        models_.push_back(new PlanModel(which, project_, this));
        add_part(*column, *models_.back(), title, name, grows);
    };
    part(PlanPart::objectives, tr("Objectives"), "plan-objectives", true);
    part(PlanPart::workloads, tr("Workloads"), "plan-workloads", false);
    part(PlanPart::hardware, tr("Hardware and how it is bought"), "plan-hardware", false);
    part(PlanPart::failures, tr("Failures"), "plan-failures", true);
    part(PlanPart::recovery, tr("Recovery after a loss"), "plan-recovery", true);
    add_prices(*column);
    column->addStretch(1);
    setWidget(body);
    when_theme_changes(this, [this] { refresh(); });
    connect(&project_, &Project::changed, this, &PlanPage::refresh);
    connect(&live_, &LiveEstimate::changed, this, &PlanPage::refresh);
}

void PlanPage::add_part(QVBoxLayout& column, PlanModel& model, const QString& title, const char* name,
                        bool grows) {
    auto* head = new QHBoxLayout;
    head->addWidget(heading(title), 1);
    QTableView* view = make_table(&model, title, QLatin1String(name));
    view->setSortingEnabled(false);
    if (model.part() != PlanPart::objectives) {
        // The first column names the row, so it is not the one that gives way.
        view->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
        view->horizontalHeader()->setStretchLastSection(true);
    }
    view->setSelectionBehavior(QAbstractItemView::SelectItems);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                          QAbstractItemView::AnyKeyPressed);
    const bool has_profiles = model.part() == PlanPart::workloads;
    view->setIconSize(has_profiles ? QSize(150, 24) : QSize(16, 16));
    if (grows) {
        auto* remove = new QPushButton(tr("Remove"));
        remove->setObjectName(QLatin1String(name) + QStringLiteral("-remove"));
        remove->setAccessibleName(tr("Remove the selected row of %1").arg(title));
        remove->setEnabled(false);
        connect(remove, &QPushButton::clicked, &model,
                [view, &model] { model.remove(view->currentIndex().row()); });
        const auto refresh_button = [view, remove, &model] {
            const QModelIndex now = view->currentIndex();
            remove->setEnabled(now.isValid() && !model.row(now.row()).path.empty());
        };
        connect(view->selectionModel(), &QItemSelectionModel::currentChanged, remove, refresh_button);
        connect(&model, &QAbstractItemModel::modelReset, remove, refresh_button);
        head->addWidget(remove);
    } else {
        connect(view, &QTableView::doubleClicked, this, [this, &model](const QModelIndex& at) {
            if (!(model.flags(at) & Qt::ItemIsEditable)) emit node_chosen(model.row(at.row()).id);
        });
    }
    column.addLayout(head);
    column.addWidget(view);
    column.addSpacing(10);
    connect(&model, &PlanModel::refused, this, &PlanPage::refused);
    add_view(view);
}

void PlanPage::add_view(QTableView* view) {
    connect(view->horizontalScrollBar(), &QScrollBar::rangeChanged, this, [view] { fit(*view); });
    views_.push_back(view);
}

void PlanPage::add_prices(QVBoxLayout& column) {
    column.addWidget(heading(tr("Prices, as the estimate needs them")));
    prices_ = new BillModel(this);
    QTableView* view = make_table(prices_, tr("Prices"), QStringLiteral("plan-prices"), BillModel::source);
    view->setSortingEnabled(false);
    column.addWidget(view);
    add_view(view);
}

void PlanPage::fit(QTableView& view) {
    int height = view.horizontalHeader()->sizeHint().height() + 2 * view.frameWidth() + 2;
    for (int row = 0; row < view.model()->rowCount(); ++row) height += view.rowHeight(row);
    if (view.horizontalScrollBar()->maximum() > 0) height += view.horizontalScrollBar()->sizeHint().height();
    view.setFixedHeight(height);
    view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void PlanPage::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    refresh();
}

void PlanPage::refresh() {
    if (!isVisible()) return;  // tables of a thousand nodes take time that edits on the canvas need
    for (PlanModel* model : models_) model->show(live_.result());
    prices_->show(live_.shared_result());
    for (QTableView* view : views_) fit(*view);
}

}  // namespace headroom::desktop
