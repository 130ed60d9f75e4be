#include "sim/operators/ready_made.h"

#include "model/units/unit.h"

#include <algorithm>
#include <array>

namespace headroom::sim {

namespace {

using model::Expected;
using model::Value;

tl::unexpected<model::Problems> complain(const Value& at, std::string message) {
    return model::fail(at.place, "steps", std::move(message));
}

std::string quoted(const std::string& text, char mark) {
    std::string out(1, mark);
    for (const char c : text) out.append(c == mark ? 2 : 1, c);
    return out + mark;
}

/// "a" or [a, b] as texts; an empty list where the field is missing.
Expected<std::vector<std::string>> texts(const Value& value, std::string_view name) {
    const Value* found = value.find(name);
    std::vector<std::string> all;
    if (found == nullptr || found->is_null()) return all;
    if (found->is_scalar()) return std::vector<std::string>{found->text};
    if (!found->is_sequence()) return complain(*found, "'" + std::string(name) + "' is not a list of fields");
    for (const Value& item : found->items) {
        if (!item.is_scalar()) return complain(item, "'" + std::string(name) + "' is not a list of fields");
        all.push_back(item.text);
    }
    return all;
}

Expected<std::string> text(const Value& value, std::string_view name) {
    const Value* found = value.find(name);
    if (found == nullptr || found->is_null()) return std::string();
    if (!found->is_scalar()) return complain(*found, "'" + std::string(name) + "' is not a text");
    return found->text;
}

/// Fields as a list of identifiers, separated by commas, each with `before` in front.
std::string identifiers(const std::vector<std::string>& names, const std::string& before = {}) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + before + sql_identifier(name);
    return list;
}

/// {name: expression, ...} as "(expression) AS name, ...".
Expected<std::string> computed(const Value& value, std::string_view name) {
    const Value* found = value.find(name);
    if (found == nullptr || !found->is_mapping() || found->entries.empty())
        return complain(value, "'" + std::string(name) + "' is a mapping of names to expressions");
    std::string list;
    for (const Value::Entry& entry : found->entries) {
        if (!entry.value.is_scalar()) return complain(entry.value, without_sql(entry));
        list += (list.empty() ? "(" : ", (") + entry.value.text + ") AS " + sql_identifier(entry.key);
    }
    return list;
}

/// A time with its unit as an interval of the engine.
Expected<std::string> interval(const Value& value, std::string_view name) {
    const auto found = text(value, name);
    if (!found) return found;
    const auto seconds = model::parse_quantity(*found, model::dimensions::time);
    if (!seconds) return complain(*value.find(name), "'" + *found + "': " + seconds.error());
    if (!(*seconds > 0 && *seconds < 1e9))
        return complain(*value.find(name), "a time above zero is expected");
    return "to_microseconds(" + std::to_string(static_cast<long long>(*seconds * 1e6)) + ")";
}

/// The condition that a record's field keeps to what its rules say.
Expected<std::string> condition(const std::string& field, const Value& rules) {
    static const std::vector<std::string> known{"type", "required", "min", "max", "one-of", "matches"};
    const std::string column = sql_identifier(field);
    std::string kept;
    const auto add = [&](const std::string& what) { kept += (kept.empty() ? "" : " AND ") + what; };
    if (!rules.is_mapping()) return complain(rules, "rules of a field are a mapping: {type: BIGINT, min: 0}");
    for (const Value::Entry& entry : rules.entries) {
        const Value& value = entry.value;
        if (entry.key == "one-of") {
            const auto all = texts(rules, "one-of");
            if (!all) return tl::unexpected(all.error());
            std::string list;
            for (const std::string& one : *all) list += (list.empty() ? "" : ", ") + sql_literal(one);
            add("CAST(" + column + " AS VARCHAR) IN (" + list + ")");
            continue;
        }
        if (!value.is_scalar()) return complain(value, "'" + entry.key + "' is not a single value");
        if (entry.key == "type") {
            if (value.text.find_first_not_of(
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789(), ") !=
                std::string::npos)
                return complain(value, "'" + value.text + "' is no type of SQL");
            add("(" + column + " IS NULL OR TRY_CAST(" + column + " AS " + value.text + ") IS NOT NULL)");
        } else if (entry.key == "required") {
            if (value.text == "true" || value.text == "yes") add(column + " IS NOT NULL");
        } else if (entry.key == "min" || entry.key == "max") {
            const auto number = model::parse_quantity(value.text, model::dimensions::none);
            if (!number) return complain(value, number.error());
            const std::string sign = entry.key == "min" ? " >= " : " <= ";
            add("(" + column + " IS NULL OR TRY_CAST(" + column + " AS DOUBLE)" + sign + value.text + ")");
        } else if (entry.key == "matches") {
            add("(" + column + " IS NULL OR regexp_matches(CAST(" + column + " AS VARCHAR), " +
                sql_literal(value.text) + "))");
        } else {
            return complain(value, "'" + entry.key +
                                       "' is no rule of a field; type, required, min, max, "
                                       "one-of and matches are");
        }
    }
    return kept.empty() ? std::string("true") : kept;
}

Expected<void> make_validate(const Value& value, Step& step) {
    std::string all;
    for (const Value::Entry& entry : value.entries) {
        const auto kept = condition(entry.key, entry.value);
        if (!kept) return tl::unexpected(kept.error());
        all += (all.empty() ? "" : " AND ") + ("coalesce(" + *kept + ", false)");
    }
    step.sql = "SELECT * FROM previous WHERE " + (all.empty() ? "true" : all);
    return {};
}

Expected<void> make_project(const Value& value, Step& step) {
    std::string list;
    for (const Value& item : value.items) list += (list.empty() ? "" : ", ") + sql_identifier(item.text);
    for (const Value::Entry& entry : value.entries)
        list += (list.empty() ? "(" : ", (") + entry.value.text + ") AS " + sql_identifier(entry.key);
    if (list.empty())
        return complain(value, "a list of fields, or a mapping of names to expressions, is expected");
    step.sql = "SELECT " + list + " FROM previous";
    return {};
}

Expected<void> make_deduplicate(const Value& value, Step& step) {
    const auto by = texts(value, "by");
    if (!by) return tl::unexpected(by.error());
    step.sql = "SELECT DISTINCT ON (" + identifiers(*by) + ") * FROM previous";
    return {};
}

/// "GROUP BY ..., ..." over a window column and the fields by which it is grouped.
std::string grouped(const std::string& window, const std::vector<std::string>& by, const std::string& what,
                    const std::string& from) {
    std::string columns = window;
    if (!by.empty()) columns += ", " + identifiers(by);
    return "SELECT " + columns + ", " + what + " FROM " + from + " GROUP BY ALL";
}

Expected<void> make_tumbling(const Value& value, Step& step) {
    const auto time = text(value, "time");
    const auto every = interval(value, "every");
    const auto by = texts(value, "by");
    const auto what = computed(value, "compute");
    if (!time) return tl::unexpected(time.error());
    if (!every) return tl::unexpected(every.error());
    if (!by) return tl::unexpected(by.error());
    if (!what) return tl::unexpected(what.error());
    step.sql = grouped("time_bucket(" + *every + ", " + sql_identifier(*time) + ") AS \"window\"", *by, *what,
                       "previous");
    return {};
}

Expected<void> make_sessions(const Value& value, Step& step) {
    const auto time = text(value, "time");
    const auto gap = interval(value, "gap");
    const auto by = texts(value, "by");
    const auto what = computed(value, "compute");
    if (!time) return tl::unexpected(time.error());
    if (!gap) return tl::unexpected(gap.error());
    if (!by) return tl::unexpected(by.error());
    if (!what) return tl::unexpected(what.error());
    const std::string at = sql_identifier(*time), keys = identifiers(*by);
    const std::string over = " OVER (PARTITION BY " + keys + " ORDER BY " + at + ")";
    // A session begins where the record before is further back than the gap; summing the beginnings numbers
    // the sessions of a key.
    step.sql = "SELECT min(" + at + ") AS \"window\", " + keys + ", " + *what +
               " FROM (SELECT *, sum(\"begins\")" + over +
               " AS \"session number\" FROM (SELECT *, CASE WHEN " + at + " - lag(" + at + ")" + over +
               " <= " + *gap + " THEN 0 ELSE 1 END AS \"begins\" FROM previous)) GROUP BY " + keys +
               ", \"session number\"";
    return {};
}

Expected<void> make_join(const Value& value, Step& step) {
    const auto table = text(value, "table"), keep = text(value, "keep");
    const auto on = texts(value, "on");
    if (!table) return tl::unexpected(table.error());
    if (!keep) return tl::unexpected(keep.error());
    if (!on) return tl::unexpected(on.error());
    if (!keep->empty() && *keep != "all" && *keep != "matched")
        return complain(*value.find("keep"), "'" + *keep + "' is neither 'all' nor 'matched'");
    step.sql = std::string("SELECT * FROM previous ") + (*keep == "matched" ? "INNER" : "LEFT") + " JOIN " +
               sql_identifier(*table) + " USING (" + identifiers(*on) + ")";
    return {};
}

Expected<void> make_merge(const Value& value, Step& step) {
    const auto table = text(value, "table"), order = text(value, "order"), deletes = text(value, "delete");
    const auto by = texts(value, "by"), leave_out = texts(value, "leave-out");
    if (!table) return tl::unexpected(table.error());
    if (!order) return tl::unexpected(order.error());
    if (!deletes) return tl::unexpected(deletes.error());
    if (!by) return tl::unexpected(by.error());
    if (!leave_out) return tl::unexpected(leave_out.error());
    const std::string keys = identifiers(*by), target = sql_identifier(*table);
    const std::string last = "SELECT * FROM previous QUALIFY row_number() OVER (PARTITION BY " + keys +
                             " ORDER BY " + sql_identifier(*order) + " DESC) = 1";
    // Copy on write: what no change touches, and the last change of each key unless it deletes.
    step.sql = "WITH latest AS (" + last + ") SELECT t.* FROM " + target + " t ANTI JOIN latest USING (" +
               keys + ") UNION ALL BY NAME SELECT *" +
               (leave_out->empty() ? std::string() : " EXCLUDE (" + identifiers(*leave_out) + ")") +
               " FROM latest" +
               (deletes->empty() ? std::string() : " WHERE NOT coalesce((" + *deletes + "), false)");
    return {};
}

Expected<void> make_sort(const Value& value, Step& step) {
    const auto by = texts(value, "by");
    if (!by) return tl::unexpected(by.error());
    step.sql = "SELECT * FROM previous ORDER BY " + identifiers(*by);
    return {};
}

Expected<void> make_repartition(const Value& value, Step& step) {
    const auto by = texts(value, "by");
    const auto partitions = text(value, "partitions");
    if (!by) return tl::unexpected(by.error());
    if (!partitions) return tl::unexpected(partitions.error());
    const auto count = model::parse_quantity(*partitions, model::dimensions::none);
    if (!count || *count < 1 || *count > 1e6 || *count != static_cast<double>(static_cast<long long>(*count)))
        return complain(*value.find("partitions"),
                        "'" + *partitions + "' is no number of partitions from 1 to 1,000,000");
    // Rows of a partition stand together, as a shuffle writes them.
    step.sql = "SELECT * FROM previous ORDER BY hash(" + identifiers(*by) + ") % " +
               std::to_string(static_cast<long long>(*count));
    return {};
}

Expected<void> make_distinct(const Value& value, Step& step) {
    const auto of = texts(value, "of"), by = texts(value, "by");
    if (!of) return tl::unexpected(of.error());
    if (!by) return tl::unexpected(by.error());
    std::string list = identifiers(*by);
    for (const std::string& field : *of)
        list += (list.empty() ? "" : ", ") + ("approx_count_distinct(" + sql_identifier(field) + ") AS ") +
                sql_identifier(field + " distinct");
    step.sql = "SELECT " + list + " FROM previous GROUP BY ALL";
    return {};
}

Expected<void> make_encode(const Value& value, Step& step) {
    static const std::vector<std::pair<std::string, std::vector<std::string>>> known{
        {"json", {"none", "gzip", "zstd"}},
        {"csv", {"none", "gzip", "zstd"}},
        {"parquet", {"none", "snappy", "gzip", "zstd", "lz4"}}};
    const auto format = text(value, "format");
    auto codec = text(value, "codec");
    if (!format) return tl::unexpected(format.error());
    if (!codec) return tl::unexpected(codec.error());
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == *format; });
    if (found == known.end())
        return complain(*value.find("format"), "'" + *format + "' is none of json, csv and parquet");
    if (codec->empty()) *codec = "none";
    if (std::find(found->second.begin(), found->second.end(), *codec) == found->second.end())
        return complain(*value.find("codec"), "'" + *codec + "' is no codec of " + *format);
    const std::string none = *format == "parquet" ? "uncompressed" : "none";
    step.sql = "SELECT * FROM previous";
    step.encode = "FORMAT " + *format + ", COMPRESSION " +
                  (*codec == "none"  ? none
                   : *codec == "lz4" ? "lz4_raw"
                                     : *codec);
    return {};
}

}  // namespace

std::string sql_literal(const std::string& text) { return quoted(text, '\''); }
std::string sql_identifier(const std::string& name) { return quoted(name, '"'); }

std::string without_sql(const Value::Entry& entry) {
    return "'" + model::excerpt(entry.key) + "' has no SQL; what has a comma stands in quotes";
}

const std::vector<ReadyMade>& ready_made_operators() {
    static const std::vector<ReadyMade> table{
        {"validate",
         "Keeps the records whose fields keep to their rules; the others are rejected and counted.",
         "{user_id: {type: BIGINT, required: true}, price: {min: 0}}",
         {},
         {},
         make_validate},
        {"filter",
         "Keeps the records for which the condition holds.",
         "action <> 'heartbeat'",
         {},
         {},
         [](const Value& value, Step& step) -> Expected<void> {
             step.sql = "SELECT * FROM previous WHERE (" + value.text + ")";
             return {};
         }},
        {"project",
         "Keeps the fields of a list, or computes the fields of a mapping.",
         "{user_id: user_id, cents: price * 100}",
         {},
         {},
         make_project},
        {"deduplicate", "Keeps one record of each key.", "{by: event_id}", {"by"}, {}, make_deduplicate},
        {"tumbling",
         "Computes aggregates over windows that follow one another.",
         "{time: ts, every: 1 min, by: country, compute: {clicks: count(*)}}",
         {"time", "every", "compute"},
         {"by"},
         make_tumbling},
        {"sessions",
         "Computes aggregates over sessions: records of a key that are no further apart than the gap.",
         "{time: ts, gap: 30 min, by: user_id, compute: {clicks: count(*)}}",
         {"time", "gap", "by", "compute"},
         {},
         make_sessions},
        {"join",
         "Adds the fields of a table's row with the same key; records without one stay, unless only those "
         "that "
         "match are kept.",
         "{table: users, on: user_id, keep: matched}",
         {"table", "on"},
         {"keep"},
         make_join},
        {"merge",
         "Applies changes to a table: the last change of a key replaces its row, inserts it or deletes it.",
         "{table: users, by: user_id, order: ts, delete: \"op = 'D'\", leave-out: [op, ts]}",
         {"table", "by", "order"},
         {"delete", "leave-out"},
         make_merge},
        {"sort", "Sorts by fields.", "{by: [user_id, ts]}", {"by"}, {}, make_sort},
        {"repartition",
         "Brings the records of a partition together, by the hash of a key.",
         "{by: user_id, partitions: 12}",
         {"by", "partitions"},
         {},
         make_repartition},
        {"distinct",
         "Counts distinct values with a sketch (HyperLogLog).",
         "{of: user_id, by: country}",
         {"of"},
         {"by"},
         make_distinct},
        {"encode",
         "Writes the records in a format; they pass unchanged.",
         "{format: parquet, codec: snappy}",
         {"format"},
         {"codec"},
         make_encode},
    };
    return table;
}

}  // namespace headroom::sim
