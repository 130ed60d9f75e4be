#pragma once
// How the rate of a workload moves over the horizon's first day, week or year.

#include "model/scenario/scenario.h"

#include <QWidget>
#include <optional>

namespace headroom::desktop {

class ProfilePreview final : public QWidget {
    Q_OBJECT

public:
    explicit ProfilePreview(QWidget* parent = nullptr);
    /// Hides itself where there is none, or where its rate does not move.
    void show_workload(const model::Workload* workload);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<model::RateProfile> profile_;
    model::Duration span_;
    std::string noun_;
};

}  // namespace headroom::desktop
