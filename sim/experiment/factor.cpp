#include "sim/experiment/factor.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "model/units/unit.h"
#include "sim/experiment/textbook.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace headroom::sim {

namespace {

using model::Expected;
using model::Value;

tl::unexpected<model::Problems> refuse(const std::string& field, const std::string& message) {
    return model::fail({}, field, message);
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// Splits at commas that stand outside of brackets and quotes.
std::vector<std::string> split_values(std::string_view text) {
    std::vector<std::string> values;
    std::string value;
    int depth = 0;
    char quote = 0;
    for (const char c : text) {
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        } else if (c == ',' && depth == 0) {
            values.push_back(trimmed(value));
            value.clear();
            continue;
        }
        value += c;
    }
    values.push_back(trimmed(value));
    return values;
}

/// A quantity's number apart from what stands around it: "$" + 25 + " ms".
struct Written {
    std::string before, after;
    double number = 0;
};

Written take_apart(const std::string& text) {
    const std::size_t first = std::min(text.find_first_of("+-.0123456789"), text.size());
    Written written{text.substr(0, first), {}, 0};
    const char* begin = text.data() + first;
    if (begin != text.data() + text.size() && *begin == '+') ++begin;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), written.number);
    if (error == std::errc()) written.after = std::string(end, text.data() + text.size());
    return written;
}

/// Dots between two values; those of a file's path stand at a slash.
bool is_range(const std::string& text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos || dots == 0 || text.find(',') != std::string::npos) return false;
    return text[dots - 1] != '/' && (dots + 2 >= text.size() || text[dots + 2] != '/');
}

/// "from..to:step"; all three with a unit of the same dimension, the values are written in the step's unit.
Expected<std::vector<std::string>> range(const std::string& path, const std::string& text) {
    const std::size_t dots = text.find(".."), colon = text.rfind(':');
    if (colon == std::string::npos || colon < dots)
        return refuse(path,
                      "the range '" + text + "' has no step; from..to:step expected, for example 1..9:2");
    const std::string parts[3] = {trimmed(text.substr(0, dots)),
                                  trimmed(text.substr(dots + 2, colon - dots - 2)),
                                  trimmed(text.substr(colon + 1))};
    model::ParsedQuantity quantities[3];
    for (int i = 0; i < 3; ++i) {
        const auto quantity = model::parse_quantity(parts[i]);
        if (!quantity) return refuse(path, "the range '" + text + "' cannot be read: " + quantity.error());
        quantities[i] = *quantity;
    }
    const auto& [from, to, step] = quantities;
    if (from.dimension != to.dimension || from.dimension != step.dimension)
        return refuse(path, "the range '" + text + "' mixes units; write all three with the same unit");
    const double count = std::floor((to.value - from.value) / step.value + 1e-9) + 1;
    if (!(step.value != 0 && count >= 1))
        return refuse(path, "the range '" + text + "' never reaches its end; its step must lead from " +
                                parts[0] + " to " + parts[1]);
    if (count > static_cast<double>(most_points))
        return refuse(path,
                      "the range '" + text + "' has more than " + std::to_string(most_points) + " values");
    const Written written = take_apart(parts[2]);
    const double scale = step.value / written.number;
    std::vector<std::string> values;
    for (int i = 0; i < static_cast<int>(count); ++i) {
        char number[32];
        std::snprintf(number, sizeof number, "%.10g", (from.value + i * step.value) / scale);
        values.push_back(written.before + number + written.after);
    }
    return values;
}

/// A number of six digits, without an exponent where that is readable.
std::string six_digits(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", number);
    return text;
}

bool is_whole(const std::string& number) {
    return !number.empty() &&
           std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "3 x m5.large": the count, and what follows it; a count of 0 where it is something else.
Written take_pool(const std::string& text) {
    const std::size_t x = text.find(" x ");
    if (x == std::string::npos || !is_whole(text.substr(0, x))) return {};
    return {{}, text.substr(x), std::strtod(text.c_str(), nullptr)};
}

/// `count` values that divide the range evenly, both ends included.
std::vector<std::string> divided(const ValueRange& range, int count) {
    std::vector<std::string> levels;
    for (int i = 0; i < count; ++i) {
        const double share = count == 1 ? 0 : static_cast<double>(i) / (count - 1);
        // Whole numbers: the nearest, not the part of the way that it has.
        ValueRange exact = range;
        exact.whole = false;
        std::string text = exact.at(share);
        if (range.whole) {
            const double number = std::round(take_apart(text.substr(range.before.size())).number);
            text = range.before + six_digits(number) + range.after;
        }
        if (levels.empty() || levels.back() != text) levels.push_back(std::move(text));
    }
    return levels;
}

/// The only scalar in which two trees differ, in the first of them; nothing where they differ otherwise too.
struct Difference {
    Value* first = nullptr;
    const Value* second = nullptr;
    bool alike = true;
};
void find_difference(Value& a, const Value& b, Difference& found) {
    if (a.is_scalar() && b.is_scalar()) {
        if (a.text == b.text) return;
        found.alike = found.alike && found.first == nullptr;
        found.first = &a;
        found.second = &b;
        return;
    }
    const bool same =
        a.kind == b.kind && a.entries.size() == b.entries.size() && a.items.size() == b.items.size();
    found.alike = found.alike && same;
    for (std::size_t i = 0; same && i < a.entries.size(); ++i) {
        found.alike = found.alike && a.entries[i].key == b.entries[i].key;
        find_difference(a.entries[i].value, b.entries[i].value, found);
    }
    for (std::size_t i = 0; same && i < a.items.size(); ++i) find_difference(a.items[i], b.items[i], found);
}

/// "{lognormal: {mean: 8 ms, cv: 0.4}}" to the same with another mean.
Expected<ValueRange> range_of_trees(const std::string& field, const std::string& from, const std::string& to,
                                    bool logarithmic) {
    auto low = model::parse_yaml(from, {});
    const auto high = model::parse_yaml(to, {});
    Difference found;
    if (low && high) find_difference(*low, *high, found);
    if (!low || !high || !found.alike || found.first == nullptr)
        return refuse(field,
                      "the range '" + from + ".." + to + "' must have the same on both sides but one value");
    auto range = make_range(field, found.first->text, found.second->text, logarithmic);
    if (!range) return range;
    constexpr char gap = '\1';  // no text of YAML has it
    found.first->text = gap;
    found.first->quoted = false;
    const std::string around = flow_text(*low);
    const std::size_t at = around.find(gap);
    range->before = around.substr(0, at) + range->before;
    range->after += around.substr(at + 1);
    return range;
}

Expected<Factor> factor_at(std::string path) {
    Factor factor;
    factor.path = std::move(path);
    auto field = model::parse_field_path(factor.path);
    if (!field) return tl::unexpected(field.error());
    factor.field = std::move(*field);
    return factor;
}

Expected<void> put_levels(Factor& factor, const std::string& values) {
    if (is_range(values)) {
        auto levels = range(factor.path, values);
        if (!levels) return tl::unexpected(levels.error());
        factor.levels = std::move(*levels);
    } else {
        factor.levels = split_values(values);
    }
    for (const std::string& level : factor.levels)
        if (level.empty()) return refuse(factor.path, "'" + values + "' has an empty value");
    return {};
}

/// {from: 1, to: 9, step: 2}
Expected<void> read_range(const Value& value, Factor& factor) {
    if (auto known = only_fields(value, factor.path, {"from", "to", "step", "count", "scale"}); !known)
        return known;
    const auto text = [&](const char* name) {
        const Value* node = value.find(name);
        if (!node) return std::string();
        return node->is_mapping() ? flow_text(*node) : node->text;
    };
    const std::string from = text("from"), to = text("to"), step = text("step"), count = text("count"),
                      scale = text("scale");
    if (from.empty() || to.empty())
        return model::fail(value.place, factor.path,
                           "a range needs 'from' and 'to', for example {from: 1, to: 9, step: 2}");
    if (!scale.empty() && scale != "log" && scale != "linear")
        return model::fail(value.place, factor.path,
                           "'" + scale + "' is not a scale; 'linear' or 'log' expected");
    if (!step.empty() && (!count.empty() || scale == "log"))
        return model::fail(value.place, factor.path,
                           "a range has either 'step' or 'count', and 'log' goes with 'count'");
    if (!step.empty()) {
        auto levels = range(factor.path, from + ".." + to + ":" + step);
        if (!levels) {
            levels.error().front().place = value.place;
            return tl::unexpected(levels.error());
        }
        factor.levels = *std::move(levels);
        return {};
    }
    auto made = make_range(factor.path, from, to, scale == "log");
    if (!made) {
        made.error().front().place = value.place;
        return tl::unexpected(made.error());
    }
    if (count.empty()) {
        factor.levels = {from, to};
        factor.range = *std::move(made);
        return {};
    }
    const double number = is_whole(count) ? std::strtod(count.c_str(), nullptr) : 0;
    if (!(number >= 1 && number <= static_cast<double>(most_points)))
        return model::fail(value.place, factor.path,
                           "'" + model::excerpt(count) + "' is not a number of values; 1 to " +
                               std::to_string(most_points) + " expected");
    factor.levels = divided(*made, static_cast<int>(number));
    return {};
}

}  // namespace

std::string ValueRange::at(double share) const {
    double value = 0;
    if (whole) {
        // Each of the whole numbers from end to end has an equal part of the way.
        const double low = std::min(from, to), high = std::max(from, to);
        const double part = from <= to ? share : 1 - share;
        if (logarithmic)
            value = std::floor(low * std::pow((high + 1) / low, part));
        else
            value = std::floor(low + (high - low + 1) * part);
        value = std::clamp(value, low, high);
        char text[32];
        std::snprintf(text, sizeof text, "%.0f", value);
        return before + text + after;
    }
    value = logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share;
    return before + six_digits(value) + after;
}

std::string Factor::at(double share) const {
    if (range) return range->at(share);
    const auto count = static_cast<double>(levels.size());
    return levels[static_cast<std::size_t>(std::clamp(std::floor(share * count), 0.0, count - 1))];
}

Expected<ValueRange> make_range(const std::string& field, const std::string& from, const std::string& to,
                                bool logarithmic) {
    const std::string text = from + ".." + to;
    if (from.starts_with('{')) return range_of_trees(field, from, to, logarithmic);
    ValueRange range{
        .from = 0, .to = 0, .before = {}, .after = {}, .whole = false, .logarithmic = logarithmic};
    const Written pool_from = take_pool(from), pool_to = take_pool(to);
    if (!pool_from.after.empty() || !pool_to.after.empty()) {
        if (pool_from.after != pool_to.after)
            return refuse(field, "the range '" + text + "' goes from nodes of one type to something else");
        range.from = pool_from.number, range.to = pool_to.number;
        range.after = pool_from.after;
        range.whole = true;
    } else {
        const auto low = model::parse_quantity(from), high = model::parse_quantity(to);
        if (!low) return refuse(field, "the range '" + text + "' cannot be read: " + low.error());
        if (!high) return refuse(field, "the range '" + text + "' cannot be read: " + high.error());
        if (low->dimension != high->dimension)
            return refuse(field, "the range '" + text + "' mixes units; write both ends with the same unit");
        // Both are written in the unit of the first, or of the second where the first is nothing of it.
        const Written written = take_apart(low->value != 0 ? from : to);
        const double scale = (low->value != 0 ? low->value : high->value) / written.number;
        if (!std::isfinite(scale) || scale == 0)
            return refuse(field, "the range '" + text + "' has no extent");
        range.from = low->value / scale, range.to = high->value / scale;
        range.before = written.before, range.after = written.after;
        range.whole = is_whole(from) && is_whole(to);
    }
    if (!(range.from != range.to)) return refuse(field, "the range '" + text + "' has no extent");
    if (logarithmic && !(range.from > 0 && range.to > 0))
        return refuse(field, "the range '" + text + "' cannot be logarithmic: both ends must be above zero");
    return range;
}

model::Expected<void> known_target(const model::Document& document, const model::FieldPath& path,
                                   const std::string& field) {
    if (path.size() < 3 || (path[0] != "components" && path[0] != "workloads")) return {};
    const auto tree = document.tree();
    const model::Value* section = tree ? tree->find(path[0]) : nullptr;
    if (!section || section->find(path[1])) return {};
    std::vector<std::string> names;
    for (const model::Value::Entry& entry : section->entries) names.push_back(entry.key);
    const std::string near = model::nearest_name(path[1], names);
    return refuse(field, "there is no " + path[0].substr(0, path[0].size() - 1) + " '" + path[1] + "'" +
                             (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

std::string flow_text(const Value& value) {
    std::string text;
    switch (value.kind) {
        case Value::Kind::null:
            return "null";
        case Value::Kind::scalar:
            return value.quoted ? nlohmann::json(value.text)
                                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                                : value.text;
        case Value::Kind::sequence:
            for (const Value& item : value.items) text += (text.empty() ? "" : ", ") + flow_text(item);
            return "[" + text + "]";
        case Value::Kind::mapping:
            for (const Value::Entry& entry : value.entries)
                text += (text.empty() ? "" : ", ") + model::quote_scalar(entry.key) + ": " +
                        flow_text(entry.value);
            return "{" + text + "}";
    }
    return text;
}

Expected<Factor> parse_factor(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
        return refuse("--vary",
                      "'" + std::string(text) +
                          "' names no values; PATH=3,5,8 or PATH=from..to:step expected, for example "
                          "components.warehouse.slots=3,5,8");
    auto factor = factor_at(trimmed(text.substr(0, equals)));
    if (!factor) return factor;
    if (const auto put = put_levels(*factor, std::string(text.substr(equals + 1))); !put)
        return tl::unexpected(put.error());
    return factor;
}

Expected<Factor> parse_interval(std::string_view text, const std::string& option) {
    const std::size_t equals = text.find('='), dots = text.find("..");
    if (equals == std::string_view::npos || equals == 0 || dots == std::string_view::npos || dots < equals)
        return refuse(option, "'" + std::string(text) +
                                  "' is no interval; PATH=LOW..HIGH expected, for example "
                                  "workloads.clicks.stream.rate=1000/s..4000/s");
    auto factor = factor_at(trimmed(text.substr(0, equals)));
    if (!factor) return factor;
    factor->levels = {trimmed(text.substr(equals + 1, dots - equals - 1)), trimmed(text.substr(dots + 2))};
    auto range = make_range(factor->path, factor->levels[0], factor->levels[1], false);
    if (!range) return tl::unexpected(range.error());
    factor->range = *std::move(range);
    return factor;
}

Expected<Factor> read_factor(const std::string& path, const Value& value) {
    auto factor = factor_at(path);
    if (!factor) return factor;
    Expected<void> read;
    if (value.is_mapping() && value.find("from")) {
        read = read_range(value, *factor);
    } else if (value.is_sequence()) {
        for (const Value& item : value.items) factor->levels.push_back(flow_text(item));
        if (factor->levels.empty())
            read = model::fail(value.place, path, "a factor needs at least one value");
    } else if (value.is_scalar()) {
        read = put_levels(*factor, value.text);
        if (!read) read.error().front().place = value.place;
    } else {
        read = model::fail(value.place, path,
                           "values expected: a list, from..to:step, or {from: 1, to: 9, step: 2}");
    }
    if (!read) return tl::unexpected(read.error());
    return factor;
}

}  // namespace headroom::sim
