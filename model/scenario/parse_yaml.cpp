#include "model/scenario/value.h"
#include "model/scenario/yaml_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace headroom::model {

namespace {

/// Thrown through the parser, which has no other way to be stopped.
struct Stop {
    std::size_t position;
    std::string message;
};

/// Finds line and column of byte positions. Columns count characters, not bytes.
class LineIndex {
public:
    explicit LineIndex(std::string_view text) : text_(text) {
        for (std::size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos;)
            starts_.push_back(++at);
    }
    Place place(std::size_t position, const std::string& file) {
        position = std::min(position, text_.size());
        const auto line = static_cast<std::size_t>(
            std::upper_bound(starts_.begin(), starts_.end(), position) - starts_.begin() - 1);
        // Nodes are asked for in order: going on from the last one keeps a file of one long line linear.
        if (starts_[line] > counted_to_ || position < counted_to_) {
            counted_to_ = starts_[line];
            column_ = 1;
        }
        for (; counted_to_ < position; ++counted_to_)
            if ((static_cast<unsigned char>(text_[counted_to_]) & 0xC0) != 0x80) ++column_;
        return {file, static_cast<int>(line) + 1, column_};
    }

private:
    std::string_view text_;
    std::vector<std::size_t> starts_{0};
    std::size_t counted_to_ = 0;
    int column_ = 1;
};

/// What of the format's own makes trouble in YAML, by the parser's words and the text where it gave up.
std::string remedy(const std::string& message, std::string_view rest) {
    if (message.find("block scalar") != std::string::npos)
        return "; a value that begins with '>' or '|' must stand in quotes";
    if (rest.starts_with("->")) return "; a link that begins with '[' must stand in quotes: \"[a, b] -> c\"";
    return "";
}

/// Position of the first byte that is not part of valid UTF-8.
std::optional<std::size_t> invalid_utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4) return i;
        for (std::size_t k = 1; k < length; ++k)
            if ((byte(i + k) & 0xC0) != 0x80) return i;
        // overlong forms, surrogates, beyond U+10FFFF
        if ((lead == 0xE0 && byte(i + 1) < 0xA0) || (lead == 0xED && byte(i + 1) > 0x9F) ||
            (lead == 0xF0 && byte(i + 1) < 0x90) || (lead == 0xF4 && byte(i + 1) > 0x8F))
            return i;
        i += length;
    }
    return std::nullopt;
}

std::optional<std::size_t> control_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return i;
    }
    return std::nullopt;
}

/// Length of "null", "~", ... standing alone at `at`, and not as the next key; 0 if there is none.
std::size_t written_null(std::string_view text, std::size_t at, bool key) {
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
        if (text.substr(at, word.size()) != word) continue;
        const std::size_t end = at + word.size();
        std::size_t next = end;
        while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
        if (key || next >= text.size() || text[next] != ':') return word.size();
        return 0;
    }
    return 0;
}

class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(std::string_view text, const std::string& file, const ParseLimits& limits, LineIndex& lines)
        : text_(text), file_(file), limits_(limits), lines_(lines) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) throw Stop{position(mark), "a second document begins here; a file holds one"};
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Value node;
        const std::size_t written = yaml::skip_properties(text_, position(mark));
        const bool key = expects_key();
        if (const std::size_t length = written_null(text_, written, key)) {
            node.begin = position(mark);
            node.end = written + length;
            if (key) node.text = std::string(text_.substr(written, length));
        } else if (key) {
            throw Stop{position(mark), "a key is missing in front of the colon"};
        } else {
            node.begin = node.end = place_of_missing();
        }
        add(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchored_.find(anchor);
        if (found == anchored_.end()) throw Stop{position(mark), "an alias refers to the node that holds it"};
        nodes_ += found->second.nodes;
        check_nodes(position(mark));
        if (static_cast<int>(frames_.size()) + found->second.depth > limits_.depth) too_deep(position(mark));
        Value node = found->second.value;
        node.begin = position(mark);
        node.end = yaml::end_of_alias(text_, node.begin);
        node.place = lines_.place(node.begin, file_);
        deliver(std::move(node));
    }

    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  const std::string& text) override {
        Value node;
        node.kind = Value::Kind::scalar;
        node.text = text;
        node.begin = position(mark);
        const std::size_t start = yaml::skip_properties(text_, node.begin);
        node.quoted = start < text_.size() && (text_[start] == '"' || text_[start] == '\'' ||
                                               text_[start] == '|' || text_[start] == '>');
        node.end = text.empty() && !node.quoted
                       ? start
                       : yaml::end_of_scalar(text_, start, text, parent_column(start));
        add(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Value::Kind::sequence, position(mark), anchor);
    }
    void OnSequenceEnd() override { close(']'); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Value::Kind::mapping, position(mark), anchor);
    }
    void OnMapEnd() override { close('}'); }

    Value take_root() { return std::move(root_); }
    Problems take_problems() { return std::move(problems_); }

private:
    struct Frame {
        Value node;
        YAML::anchor_t anchor = 0;
        bool flow = false;
        bool has_key = false;
        Value key;
        std::map<std::string, Place, std::less<>> keys;
        std::size_t nodes_before = 0;
        int deepest = 0;  ///< levels below this one
    };
    struct Anchored {
        Value value;
        std::size_t nodes = 1;
        int depth = 0;
    };

    std::size_t position(const YAML::Mark& mark) const {
        return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    }
    bool expects_key() const {
        return !frames_.empty() && frames_.back().node.kind == Value::Kind::mapping &&
               !frames_.back().has_key;
    }
    /// Matters to block scalars only.
    int parent_column(std::size_t scalar) const {
        if (frames_.empty() || scalar >= text_.size() || (text_[scalar] != '|' && text_[scalar] != '>'))
            return -1;
        const Frame& frame = frames_.back();
        const std::size_t at = frame.has_key ? frame.key.begin : frame.node.begin;
        return static_cast<int>(yaml::column_of(text_, at));
    }
    /// Behind the colon or the dash that a missing value would follow.
    std::size_t place_of_missing() const {
        if (frames_.empty()) return cursor_;
        const char mark = frames_.back().node.kind == Value::Kind::mapping ? ':' : '-';
        const std::size_t from = std::max(cursor_, frames_.back().node.begin);
        const std::size_t at = yaml::skip_blanks(text_, from);
        return at < text_.size() && text_[at] == mark ? at + 1 : from;
    }
    void check_nodes(std::size_t where) const {
        if (nodes_ > limits_.nodes)
            throw Stop{where, "the file has more than " + std::to_string(limits_.nodes) + " values"};
    }
    [[noreturn]] void too_deep(std::size_t where) const {
        throw Stop{where, "values are nested more than " + std::to_string(limits_.depth) + " deep"};
    }

    void add(Value node, YAML::anchor_t anchor) {
        ++nodes_;
        check_nodes(node.begin);
        node.place = lines_.place(node.begin, file_);
        if (anchor != 0) anchored_[anchor] = {node, 1, 0};
        deliver(std::move(node));
    }

    void open(Value::Kind kind, std::size_t begin, YAML::anchor_t anchor) {
        if (expects_key()) throw Stop{begin, "a list or a mapping stands where a key is expected"};
        if (static_cast<int>(frames_.size()) >= limits_.depth) too_deep(begin);
        Frame frame;
        frame.node.kind = kind;
        frame.node.begin = begin;
        frame.node.place = lines_.place(begin, file_);
        frame.anchor = anchor;
        const std::size_t start = yaml::skip_properties(text_, begin);
        frame.flow = start < text_.size() && text_[start] == (kind == Value::Kind::sequence ? '[' : '{');
        frame.nodes_before = nodes_;
        cursor_ = frame.flow ? start + 1 : start;
        frames_.push_back(std::move(frame));
    }

    void close(char bracket) {
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        std::size_t end = cursor_;
        if (frame.flow) {
            end = yaml::skip_blanks(text_, end, ",:?");
            if (end < text_.size() && text_[end] == bracket) ++end;
        }
        frame.node.end = end;
        ++nodes_;
        check_nodes(frame.node.begin);
        if (frame.anchor != 0)
            anchored_[frame.anchor] = {frame.node, nodes_ - frame.nodes_before, frame.deepest + 1};
        if (!frames_.empty()) frames_.back().deepest = std::max(frames_.back().deepest, frame.deepest + 1);
        deliver(std::move(frame.node));
    }

    void deliver(Value node) {
        cursor_ = node.end;
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& frame = frames_.back();
        if (frame.node.kind == Value::Kind::sequence) {
            frame.node.items.push_back(std::move(node));
        } else if (!frame.has_key) {
            if (node.kind != Value::Kind::scalar && node.text.empty())
                throw Stop{node.begin, "a list or a mapping stands where a key is expected"};
            frame.key = std::move(node);
            frame.has_key = true;
        } else {
            frame.has_key = false;
            const auto [known, fresh] = frame.keys.emplace(frame.key.text, frame.key.place);
            if (!fresh)
                problems_.push_back({.severity = Severity::error,
                                     .place = frame.key.place,
                                     .field = {},
                                     .found = frame.key.text,
                                     .allowed = {},
                                     .message = "'" + excerpt(frame.key.text) +
                                                "' stands here a second time; the first is in line " +
                                                std::to_string(known->second.line) + ", column " +
                                                std::to_string(known->second.column)});
            else
                frame.node.entries.push_back(
                    {std::move(frame.key.text), frame.key.place, frame.key.begin, std::move(node)});
        }
    }

    std::string_view text_;
    const std::string& file_;
    const ParseLimits& limits_;
    LineIndex& lines_;
    std::vector<Frame> frames_;
    std::unordered_map<YAML::anchor_t, Anchored> anchored_;
    Value root_;
    Problems problems_;
    std::size_t nodes_ = 0;
    std::size_t cursor_ = 0;  ///< end of what has been read
    int documents_ = 0;
};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void shift(Value& value, std::size_t by) {
    value.begin += by;
    value.end += by;
    for (Value& item : value.items) shift(item, by);
    for (Value::Entry& entry : value.entries) {
        entry.key_begin += by;
        shift(entry.value, by);
    }
}

}  // namespace

Expected<Value> parse_yaml(std::string_view whole, const std::string& file, const ParseLimits& limits) {
    const Place top{file, 1, 1};
    if (whole.size() > limits.bytes)
        return fail({file, 0, 0}, "",
                    "the file has " + std::to_string(whole.size()) + " bytes; at most " +
                        std::to_string(limits.bytes) + " are read");
    const bool marked = whole.substr(0, 3) == byte_order_mark;
    const std::string_view text = marked ? whole.substr(3) : whole;
    if (text.empty()) return fail({file, 0, 0}, "", "the file is empty");
    LineIndex lines(text);
    if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF")
        return fail(top, "", "the file is UTF-16 text; save it as UTF-8");
    if (const auto at = control_character(text))
        return fail(lines.place(*at, file), "", "the file holds binary data, not text");
    if (const auto at = invalid_utf8(text))
        return fail(lines.place(*at, file), "", "the file is not UTF-8 text from here on");

    TreeBuilder builder(text, file, limits, lines);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) return fail({file, 0, 0}, "", "the file is empty");
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop& stop) {
        return fail(lines.place(stop.position, file), "", stop.message);
    } catch (const YAML::Exception& error) {
        const bool known = !error.mark.is_null();
        const auto position = static_cast<std::size_t>(std::max(error.mark.pos, 0));
        const Place place = known ? lines.place(position, file) : top;
        return fail(place, "",
                    "this is not well-formed YAML: " + error.msg +
                        remedy(error.msg, text.substr(std::min(position, text.size()))));
    } catch (const std::exception& error) {
        return fail(top, "", std::string("this cannot be read as YAML: ") + error.what());
    }
    Problems problems = builder.take_problems();
    if (!problems.empty()) return tl::unexpected<Problems>(std::move(problems));
    Value root = builder.take_root();
    if (root.is_null()) return fail({file, 0, 0}, "", "the file is empty");
    if (marked) shift(root, byte_order_mark.size());
    return root;
}

}  // namespace headroom::model
