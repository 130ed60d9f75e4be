#pragma once
// Results that survive a restart: kept in one store of the person's, found again by the file they are of.

#include "model/store/store.h"

#include <QString>
#include <optional>

namespace headroom::desktop {

class History {
public:
    /// `file` is created where it is missing. A store that cannot be used is told once by `problem()`, and
    /// nothing is kept.
    explicit History(const QString& file);

    void add(const model::RunResult& result);
    /// The newest result of a scenario file.
    std::optional<model::RunResult> newest(const std::string& scenario_file) const;
    QString problem() const { return problem_; }

private:
    std::optional<model::ResultsStore> store_;
    QString problem_;
};

}  // namespace headroom::desktop
