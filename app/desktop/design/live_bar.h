#pragma once
// What the estimate says of the objectives and the cost, while one edits.

#include "model/scenario/problem.h"
#include "model/store/run_result.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;

namespace headroom::desktop {

class LiveBar final : public QFrame {
    Q_OBJECT

public:
    explicit LiveBar(QWidget* parent = nullptr);

    void show_estimate(const model::RunResult* estimate, const model::Problems& problems);
    void show_note(const QString& text);
    QString cost_text() const;

private:
    QFrame* card(const QString& icon, const QColor& color, const QString& caption, const QString& value);

    QHBoxLayout *cards_, *money_;  ///< of the objectives; of the cost
    QLabel* note_;
    QString cost_;
};

}  // namespace headroom::desktop
