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
    if (severity == Severity::note) text += "note: ";
    if (!field.empty()) text += field + ": ";
    text += message;
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';  // a sentence stays on its line
    return text;
}

bool has_errors(const Problems& problems) {
    return std::any_of(problems.begin(), problems.end(),
                       [](const Problem& problem) { return problem.severity == Severity::error; });
}

std::string excerpt(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string result(text.substr(0, longest));
    while (text.size() > result.size() && !result.empty() &&
           (static_cast<unsigned char>(text[result.size()]) & 0xC0) == 0x80)
        result.pop_back();
    for (char& c : result)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return text.size() > result.size() ? result + "..." : result;
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
