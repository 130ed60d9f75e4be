#include "sim/operators/schema.h"

#include "model/scenario/value.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>

namespace headroom::sim {

namespace {

constexpr std::uintmax_t longest_schema = std::uintmax_t{1} << 20;

const SchemaField* find(const Schema& schema, const std::string& name) {
    const auto found = std::find_if(schema.begin(), schema.end(),
                                    [&](const SchemaField& field) { return field.name == name; });
    return found == schema.end() ? nullptr : &*found;
}

tl::unexpected<model::Problems> complain(const model::Value& at, std::string message) {
    return model::fail(at.place, "schema", std::move(message));
}

model::Expected<Schema> read_fields(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::file_size(file, error) > longest_schema || error)
        return model::fail({.file = file.string()}, "schema", "the file is missing or larger than 1 MiB");
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto tree = model::parse_yaml(text, file.string());
    if (!tree) return tl::unexpected(tree.error());
    if (!tree->is_mapping()) return complain(*tree, "a mapping of fields to their type is expected");
    Schema schema;
    for (const model::Value::Entry& entry : tree->entries) {
        const model::Value* type = &entry.value;
        SchemaField field{.name = entry.key};
        if (entry.value.is_mapping()) {
            type = entry.value.find("type");
            for (const model::Value::Entry& rule : entry.value.entries) {
                if (rule.key == "required")
                    field.nullable = rule.value.text != "true" && rule.value.text != "yes";
                else if (rule.key != "type")
                    return complain(rule.value, "'" + rule.key + "' is neither 'type' nor 'required'");
            }
        }
        if (type == nullptr || !type->is_scalar() || type->text.empty())
            return complain(entry.value, "a type is expected, for example {type: BIGINT, required: true}");
        field.type = type->text;
        std::transform(field.type.begin(), field.type.end(), field.type.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        schema.push_back(std::move(field));
    }
    return schema;
}

}  // namespace

bool can_read_as(const std::string& written, const std::string& read) {
    if (written == read) return true;
    static constexpr std::array numbers{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE"};
    const auto rank = [](const std::string& type) {
        return std::find(numbers.begin(), numbers.end(), type) - numbers.begin();
    };
    const auto from = rank(written), to = rank(read);
    const auto none = static_cast<std::ptrdiff_t>(numbers.size());
    if (from != none && to != none) return from < to;
    return written == "DATE" && read == "TIMESTAMP";
}

std::vector<SchemaChange> compare_schemas(const Schema& before, const Schema& after) {
    using Kind = SchemaChange::Kind;
    std::vector<SchemaChange> changes;
    for (const SchemaField& field : after) {
        const SchemaField* old = find(before, field.name);
        if (old == nullptr) {
            changes.push_back({Kind::added, field.name, "", field.type, field.nullable, true});
            continue;
        }
        if (old->type != field.type)
            changes.push_back({Kind::retyped, field.name, old->type, field.type,
                               can_read_as(old->type, field.type), can_read_as(field.type, old->type)});
        if (old->nullable && !field.nullable)
            changes.push_back({Kind::now_required, field.name, old->type, field.type, false, true});
        if (!old->nullable && field.nullable)
            changes.push_back({Kind::now_nullable, field.name, old->type, field.type, true, false});
    }
    for (const SchemaField& field : before)
        if (find(after, field.name) == nullptr)
            changes.push_back({Kind::removed, field.name, field.type, "", true, field.nullable});
    return changes;
}

model::Expected<Schema> read_schema(const std::filesystem::path& file, const CalibrationOptions& options,
                                    std::stop_token stop) {
    const std::string ending = file.extension().string();
    if (ending == ".yaml" || ending == ".yml") return read_fields(file);
    const auto columns = columns_of_sample(file, options, std::move(stop));
    if (!columns) return tl::unexpected(columns.error());
    Schema schema;
    for (const model::ColumnProfile& column : *columns)
        schema.push_back({.name = column.name, .type = column.type, .nullable = column.nulls > 0});
    return schema;
}

}  // namespace headroom::sim
