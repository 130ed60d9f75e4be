#pragma once
// The way from the root of a file's tree to the field that an edit names.

#include "model/scenario/document.h"
#include "model/scenario/value.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace headroom::model {

/// The way from the root to a node, or as far as it exists.
struct Way {
    struct Stop {
        const Value* node;
        std::size_t index = 0;  ///< in the parent's items or entries
    };
    std::vector<Stop> stops;  ///< the root first
    bool flow = false;        ///< the last node is within a flow-style list or mapping
    bool alias = false;       ///< the last node stands elsewhere in the text

    const Value& last() const { return *stops.back().node; }
    std::size_t steps() const { return stops.size() - 1; }
    bool reaches(const FieldPath& path) const { return steps() == path.size(); }
};

/// Whether the node is a list or a mapping in brackets or braces.
bool is_flow(std::string_view text, const Value& node);

Way walk(std::string_view text, const Value& root, const FieldPath& path);

/// The node behind the first `steps` steps of a path, all of which exist.
Value* mutable_at(Value& root, const FieldPath& path, std::size_t steps);

}  // namespace headroom::model
