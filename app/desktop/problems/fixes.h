#pragma once
// What would mend a problem of the scenario, where that is plain enough to do with one click.

#include "app/desktop/document/project.h"

#include <optional>

namespace headroom::desktop {

struct Fix {
    QString title;  ///< "Write 'partitions'"; names the undo step, too
    model::Document after;
};

std::optional<Fix> fix_for(const model::Problem& problem, const Project& project);

}  // namespace headroom::desktop
