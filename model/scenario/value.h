#pragma once
// The tree of a YAML or JSON file, every node with its place, independent of the library that parsed it.

#include "model/scenario/problem.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::model {

struct Value {
    enum class Kind { null, scalar, sequence, mapping };
    struct Entry;

    Kind kind = Kind::null;
    std::string text;            ///< of a scalar, unescaped
    bool quoted = false;         ///< a scalar that stood in quotes
    std::vector<Value> items;    ///< of a sequence
    std::vector<Entry> entries;  ///< of a mapping, in the order of the file, keys unique
    Place place;
    std::size_t begin = 0, end = 0;  ///< byte range in the text of place.file, for splicing

    /// The entry's value, or nullptr. Only mappings have entries.
    const Value* find(std::string_view key) const;
    bool is_null() const { return kind == Kind::null; }
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_sequence() const { return kind == Kind::sequence; }
    bool is_mapping() const { return kind == Kind::mapping; }
};

struct Value::Entry {
    std::string key;
    Place key_place;
    std::size_t key_begin = 0;
    Value value;
};

/// Limits that keep hostile files from exhausting memory; far above any real scenario.
struct ParseLimits {
    std::size_t bytes = 16u << 20;
    std::size_t nodes = 500'000;
    int depth = 64;
};

/// Parses one YAML document (JSON is YAML). `file` is the name that places carry. Never throws; any byte
/// sequence gives a tree or one problem. An empty document is an error, as are duplicate keys and several
/// documents.
Expected<Value> parse_yaml(std::string_view text, const std::string& file, const ParseLimits& limits = {});

}  // namespace headroom::model
