#include "model/scenario/problem.h"

#include <algorithm>

namespace headroom::model {

std::string Problem::sentence() const {
    std::string text;
    if (!place.file.empty() || place.line > 0) {
        text = place.file.empty() ? "line " : place.file + ":";
        if (place.line > 0) {
            text += std::to_string(place.line) + ":";
            if (place.column > 0) text += std::to_string(place.column) + ":";
        }
        text += " ";
    }
    if (severity == Severity::warning) text += "warning: ";
    if (!field.empty()) text += field + ": ";
    return text + message;
}

bool has_errors(const Problems& problems) {
    return std::any_of(problems.begin(), problems.end(),
                       [](const Problem& problem) { return problem.severity == Severity::error; });
}

tl::unexpected<Problems> fail(Place place, std::string field, std::string message) {
    return tl::unexpected<Problems>(Problems{Problem{.severity = Severity::error,
                                                     .place = std::move(place),
                                                     .field = std::move(field),
                                                     .found = {},
                                                     .allowed = {},
                                                     .message = std::move(message)}});
}

}  // namespace headroom::model
