#pragma once
// The text of a scenario file as the user wrote it. Edits are spliced into the text, so that comments, order,
// formatting and fields that this version does not know survive a load, an edit and a save.

#include "model/scenario/problem.h"
#include "model/scenario/value.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

/// A field's address from the root: {"components", "brokers", "partitions"}. A number addresses a list's
/// item.
using FieldPath = std::vector<std::string>;

class Document {
public:
    Document() = default;
    explicit Document(std::string text, std::filesystem::path file = {});

    /// Reads a file. Problems: missing, a folder, unreadable, larger than the limit, not UTF-8.
    static Expected<Document> load(const std::filesystem::path& file);
    /// Writes to a temporary file in the same folder, syncs, then renames: the old file or the new one, never
    /// half.
    Expected<void> save(const std::filesystem::path& file);

    const std::string& text() const { return text_; }
    const std::filesystem::path& file() const { return file_; }

    /// The tree of the text, with `extends` resolved: the file that it names is read first and this one laid
    /// over it, key by key (lists and scalars replace; null removes). Places name the file that a node came
    /// from.
    Expected<Value> tree() const;

    /// Each edit gives a new document; the error says why the text cannot be edited (it does not parse, ...).
    /// `yaml` is a flow-style value: "12 partitions", "{technology: kafka, nodes: 3 x m5.large}". Missing
    /// mappings on the path are created.
    Expected<Document> with(const FieldPath& path, std::string_view yaml) const;
    Expected<Document> without(const FieldPath& path) const;
    /// Adds an item at the end of a list, creating the list if it is missing.
    Expected<Document> with_item(const FieldPath& list, std::string_view yaml) const;
    /// Renames a key and leaves its value as it is.
    Expected<Document> with_key_renamed(const FieldPath& path, std::string_view new_key) const;

private:
    std::string text_;
    std::filesystem::path file_;
};

/// Sets a field of a tree as with() sets that of a text: whoever reads a scenario at many values parses its
/// text once. The tree stays as it was where there is a problem.
Expected<void> set_field(Value& root, const FieldPath& path, std::string_view yaml);

/// A scalar as it must be written in a flow-style value: quoted where it would otherwise be read as something
/// else.
std::string quote_scalar(std::string_view text);

}  // namespace headroom::model
