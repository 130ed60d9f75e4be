#pragma once
// The scenario as a whole: its workloads, hardware, failures and objectives in tables that can be edited, and
// the prices that its bill rests on.

#include "app/desktop/document/project.h"
#include "app/desktop/runs/live_estimate.h"

#include <QScrollArea>
#include <vector>

class QTableView;
class QVBoxLayout;

namespace headroom::desktop {

class BillModel;
class PlanModel;

class PlanPage final : public QScrollArea {
    Q_OBJECT

public:
    PlanPage(Project& project, LiveEstimate& live, QWidget* parent = nullptr);
    void refresh();

protected:
    void showEvent(QShowEvent* event) override;

signals:
    void refused(const QString& why);
    void node_chosen(const QString& id);

private:
    void add_part(QVBoxLayout& column, PlanModel& model, const QString& title, const char* name, bool grows);
    void add_prices(QVBoxLayout& column);
    void add_view(QTableView* view);
    static void fit(QTableView& view);

    Project& project_;
    LiveEstimate& live_;
    std::vector<PlanModel*> models_;
    std::vector<QTableView*> views_;
    BillModel* prices_ = nullptr;
};

}  // namespace headroom::desktop
