#pragma once
// Results that survive a restart: kept in one store of the person's, found again by the file they are of. Of
// each scenario file the newest twenty runs stay, and four hundred in all; older ones are removed as new ones
// come.

#include "model/store/store.h"

#include <QString>
#include <optional>

namespace headroom::desktop {

class History {
public:
    static constexpr int most_of_a_file = 20, most_in_all = 400;

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
