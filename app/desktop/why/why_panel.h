#pragma once
// Ask why: the causes of a broken objective, step by step with the canvas showing where, and the changes that
// would mend it, to be taken over with a click.

#include "app/desktop/runs/runner.h"
#include "sim/experiment/why.h"

#include <QFrame>
#include <thread>

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace headroom::desktop {

class WhyPanel final : public QFrame {
    Q_OBJECT

public:
    explicit WhyPanel(std::shared_ptr<const model::Catalog> catalog, QWidget* parent = nullptr);
    ~WhyPanel() override;

    /// Explains the first objective of the run that is not met, else the first one.
    void explain(const RunOutcome& outcome);
    void explain(int objective);
    bool is_searching() const { return searching_; }
    /// The whole answer as text.
    QString text() const;

signals:
    void step_chosen(const QStringList& nodes);  ///< what the chosen step, and those before it, are about
    void remedy_chosen(const headroom::model::FieldPath& field, const QString& from, const QString& to);
    void closed();

private:
    void search(int objective);
    void show_remedies(int objective, const model::Expected<std::vector<sim::Remedy>>& found);

    std::shared_ptr<const model::Catalog> catalog_;
    RunOutcome outcome_;
    std::vector<sim::Cause> causes_;
    std::vector<sim::Remedy> remedies_;
    QComboBox* objectives_;
    QListWidget *steps_, *changes_;
    QLabel* state_;
    QPushButton* apply_;
    bool searching_ = false;
    int asked_ = 0;
    std::jthread thread_;
};

}  // namespace headroom::desktop
