#pragma once
// Changes to a scenario file's text, as pieces to put in at the byte ranges that the parser gave: whatever an
// edit does not concern (comments, order, layout) stays as it was.

#include "model/scenario/way.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::model {

/// `text` in place of the bytes [begin, end).
struct Splice {
    std::size_t begin = 0, end = 0;
    std::string text;
};

/// The text with all of them put in; their places are those in the text as it is given.
std::string spliced(std::string text, std::vector<Splice> splices);

/// What to splice into a text for one change. An empty answer: the change cannot be made. The text must live
/// on.
class Editor {
public:
    explicit Editor(const std::string& text);

    /// "key: yaml", or for a longer path one line for each key.
    std::string block_lines(const FieldPath& path, std::size_t from, std::string_view yaml,
                            std::size_t indent, bool as_item) const;
    std::vector<Splice> replace_value(const Way& way, std::string_view yaml) const;
    /// Adds the rest of the path below the last node of the way, or an item to it.
    std::vector<Splice> add(const Way& way, const FieldPath& path, std::string_view yaml, bool as_item) const;
    std::vector<Splice> remove(const Way& way) const;
    std::vector<Splice> rename(const Way& way, const std::string& key) const;

    const std::string& newline() const { return newline_; }

private:
    std::size_t key_end(const Value::Entry& entry) const;
    /// Comments in [begin, end), where `owner` holds what is not a comment.
    std::vector<std::string> comments(const Value& owner, std::size_t begin, std::size_t end) const;
    static std::string flow_text(const FieldPath& path, std::size_t from, std::string_view yaml,
                                 bool as_item);
    void collect_spans(const Value& node, std::vector<std::pair<std::size_t, std::size_t>>& spans) const;
    std::size_t indent_at(std::size_t at) const;
    std::size_t parent_column(const Way& way) const;
    std::string missing_value(const Value& node, std::string_view yaml) const;
    static std::size_t end_of_last(const Value& node);
    std::size_t dash_of(const Value& list, std::size_t index) const;
    std::string joined(const std::vector<std::string>& comments) const;
    /// Whole lines go; their comments stay, as lines of their own.
    std::vector<Splice> remove_lines(const Value& owner, std::size_t begin, std::size_t end) const;
    std::vector<Splice> remove_in_flow(const Way& way, std::size_t begin, std::size_t end) const;

    const std::string& text_;
    std::string newline_;
};

}  // namespace headroom::model
