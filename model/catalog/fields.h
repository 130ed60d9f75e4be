#pragma once
// Reading the mappings of a catalogue file: every problem with its place and its field, none of them fatal to
// the rest of the file.

#include "model/catalog/catalog.h"
#include "model/scenario/value.h"
#include "model/units/quantity.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

/// One mapping of a catalogue file. Keys that nobody asked for are reported by finish().
class Fields {
public:
    Fields(const Value& value, std::string path, Problems& problems);

    bool usable() const { return usable_; }
    const Value* optional(std::string_view key);
    const Value* required(std::string_view key);
    std::string text(std::string_view key);
    std::string optional_text(std::string_view key, std::string otherwise);
    /// A finite number of that dimension, not negative.
    std::optional<double> quantity(std::string_view key, Dimension dimension);
    std::optional<double> optional_quantity(std::string_view key, Dimension dimension);
    const Value& value() const { return value_; }
    std::string path_of(std::string_view key) const;
    void complain(const Value& at, std::string_view key, std::string message);
    void finish();

private:
    const Value& value_;
    std::string path_;
    Problems& problems_;
    std::vector<std::string> known_;
    bool usable_ = false;
};

std::optional<double> read_quantity(const Value& value, const std::string& field, Dimension dimension,
                                    Problems& problems);

/// The table of sources at the head of a catalogue file; entries refer to them by key.
class Sources {
public:
    Sources(const Value* value, const std::string& path, Problems& problems);
    /// The source that `key` of the mapping names: "source", or "disk-source".
    Provenance named_by(Fields& fields, std::string_view key, bool required) const;

private:
    std::map<std::string, Provenance, std::less<>> sources_;
};

}  // namespace headroom::model
