#include "model/catalog/catalog.h"

#include <algorithm>
#include <numeric>

namespace headroom::model {

namespace {

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: Damerau-Levenshtein,
/// restricted to one swap a place.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const std::size_t columns = b.size() + 1;
    std::vector<std::size_t> before(columns), last(columns), row(columns);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names) {
    // Anything longer is no slip of the pen, and the table would grow with its square.
    constexpr std::size_t longest = 64;
    if (wanted.empty() || wanted.size() > longest) return {};
    const std::size_t tolerated = std::max<std::size_t>(1, wanted.size() / 3);
    std::string best;
    std::size_t best_distance = tolerated + 1;
    for (const std::string& name : names) {
        const std::size_t distance = edit_distance(wanted, name);
        if (distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace headroom::model
