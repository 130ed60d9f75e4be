#pragma once
// Edits of the topology in a scenario's text: what exists, what it is called, what leads where. Each gives a
// new document; an error says why the text cannot be edited so. In a file that extends another, what is
// inherited is removed by `null`, and an inherited list is written out before it is changed.

#include "model/scenario/document.h"
#include "model/scenario/scenario.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace headroom::model {

class Catalog;

using Ids = std::set<std::string, std::less<>>;

/// A name that nothing in the tree has and that is not taken: `wanted`, or with a number after it.
std::string free_id(const Value& tree, std::string_view wanted, const Ids& taken = {});

/// The document with a list in its own text, where it is inherited; as it is otherwise.
Expected<Document> with_own_list(const Document& document, const std::string& list);

Expected<Document> with_link(const Document& document, const std::string& from, const std::string& to);
Expected<Document> without_link(const Document& document, const std::string& from, const std::string& to);

/// Without these workloads and components, their links, their positions, the objectives that name them and
/// the entries by their names in other components' parameters.
Expected<Document> without_nodes(const Document& document, const Ids& ids, const Catalog& catalog);

/// Everywhere: links, objectives, position, parameters that name it.
Expected<Document> with_node_renamed(const Document& document, const std::string& id, const std::string& to,
                                     const Catalog& catalog);

/// The workloads and components with what lies between them, as YAML that can be read by itself.
Expected<std::string> fragment_of(const Document& document, const Ids& ids,
                                  const std::map<std::string, Position>& places);

struct Pasted {
    Document document;
    Ids ids;  ///< as they are called now
};
/// Adds a fragment; names that are taken get a number, positions move by (dx, dy).
Expected<Pasted> with_fragment(const Document& document, std::string_view fragment, double dx, double dy,
                               const Catalog& catalog);

}  // namespace headroom::model
