#pragma once
// The fields of scenario files, section by section: name, type, unit, range and help. The reader checks
// against these tables and the JSON schema is generated from them. Components' fields are those of their
// kinds.

#include "model/kinds/kind.h"

#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

/// What stands behind a field's name.
enum class Shape {
    value,         ///< one value, read by parse_parameter
    section,       ///< the fields of another section
    workloads,     ///< sections by id
    node_groups,   ///< sections by id
    components,    ///< technologies with their parameters, by id
    regions,       ///< sections by id
    bulk,          ///< a number of items, or probabilities of numbers
    links,         ///< a list of chains "a -> b -> [c, d]"
    objectives,    ///< a list of objectives
    layout,        ///< positions by id
    groups,        ///< lists of ids by name
    events,        ///< a list of sections, each with one field of a free name
    moment,        ///< a time of day, of the week or of the year
    interarrival,  ///< the shape of the gaps between arrivals
    ids,           ///< one id, or a list of ids
    failures,      ///< sections by id
    recoveries,    ///< sections by id
    texts,         ///< texts by a free name
};

struct Section;

struct Field {
    ParameterSpec spec;
    Shape shape = Shape::value;
    /// Of Shape::section, ::workloads, ::node_groups, ::failures, ::recoveries, ::regions and ::events.
    const Section* section = nullptr;
};

struct Section {
    std::string id, help;
    std::vector<Field> fields;

    const Field& field(std::string_view name) const;  ///< a name of the table
    std::vector<std::string> names() const;
};

/// The whole file; the others hang below it.
const Section& file_section();

}  // namespace headroom::model
