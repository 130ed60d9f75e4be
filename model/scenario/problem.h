#pragma once
// What is wrong with an input, and where. Expected errors travel as values of this type in every room.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace headroom::model {

/// Where something stands in an input file. Lines and columns count from 1; 0 means not known.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;

    friend bool operator==(const Place&, const Place&) = default;
};

enum class Severity { note, warning, error };

struct Problem {
    Severity severity = Severity::error;
    Place place;
    std::string field;    ///< dotted path of the field: "components.brokers.partitions"; may be empty
    std::string found;    ///< what stands there, as written; may be empty
    std::string allowed;  ///< what would be right; may be empty
    std::string message;  ///< the clause that a person reads, naming what was found and what is right

    /// One line: "clicks.yaml:14:11: workloads.clicks.rate: '10 MBps' is bytes per second; ..."
    std::string sentence() const;

    friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

bool has_errors(const Problems& problems);

/// A value, or the problems for which there is none (at least one of severity error).
template <class T>
using Expected = tl::expected<T, Problems>;

/// The beginning of what was found, as it can stand in a sentence: on one line, without half characters.
std::string excerpt(std::string_view text);

/// Shorthand for a single error.
tl::unexpected<Problems> fail(Place place, std::string field, std::string message);

}  // namespace headroom::model
