#include "sim/operators/worker/avro.h"

#ifdef HEADROOM_AVRO
#include <array>
#include <avro.h>
#include <cstdlib>
#include <memory>
#include <system_error>
#endif

namespace headroom::sim::worker {

using Sizes = std::vector<std::pair<std::string, double>>;

#ifdef HEADROOM_AVRO

namespace {

constexpr std::size_t block_bytes = 64'000;  // as the Java library writes it
constexpr int slice = 10'000, most_slices = 10;
constexpr std::array<const char*, 3> codecs{"null", "deflate", "snappy"};

enum class Kind { whole, real, truth, text };

struct Field {
    Kind kind = Kind::text;
    std::string sql;  ///< an expression that gives its text
};

Field field_of(const std::string& name, const std::string& type) {
    const std::string column = identifier(name);
    for (const char* whole :
         {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
        if (type == whole) return {Kind::whole, "CAST(" + column + " AS VARCHAR)"};
    if (type == "FLOAT" || type == "DOUBLE") return {Kind::real, "CAST(" + column + " AS VARCHAR)"};
    if (type == "BOOLEAN") return {Kind::truth, "CAST(" + column + " AS VARCHAR)"};
    if (type == "DATE" || type.starts_with("TIMESTAMP"))
        return {Kind::whole, "CAST(epoch_us(CAST(" + column + " AS TIMESTAMP)) AS VARCHAR)"};
    if (type == "VARCHAR") return {Kind::text, column};
    return {Kind::text, "CAST(to_json(" + column + ") AS VARCHAR)"};
}

std::string schema_of(const std::vector<Field>& fields) {
    static constexpr std::array types{"long", "double", "boolean", "string"};
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i)
        text += (i == 0 ? "" : ",") + std::string(R"({"name":"f)") + std::to_string(i) +
                R"(","type":["null",")" + types[static_cast<std::size_t>(fields[i].kind)] + "\"]}";
    return R"({"type":"record","name":"row","fields":[)" + text + "]}";
}

/// One file with its codec, open for writing.
class Writer {
public:
    Writer(const std::filesystem::path& file, avro_schema_t schema, const char* codec) : file_(file) {
        if (avro_file_writer_create_with_codec(file.c_str(), schema, &writer_, codec, block_bytes) != 0)
            writer_ = nullptr;
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() {
        close();
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }
    bool append(avro_value_t* value) { return writer_ && avro_file_writer_append_value(writer_, value) == 0; }
    /// Bytes of the whole file.
    double close() {
        if (writer_) avro_file_writer_close(writer_);
        writer_ = nullptr;
        std::error_code error;
        const auto size = std::filesystem::file_size(file_, error);
        return error ? 0 : static_cast<double>(size);
    }

private:
    std::filesystem::path file_;
    avro_file_writer_t writer_ = nullptr;
};

/// A record that is filled again and again.
class Record {
public:
    explicit Record(const std::string& schema) {
        if (avro_schema_from_json_length(schema.data(), schema.size(), &schema_) != 0) return;
        class_ = avro_generic_class_from_schema(schema_);
        good_ = class_ && avro_generic_value_new(class_, &value_) == 0;
    }
    Record(const Record&) = delete;
    Record& operator=(const Record&) = delete;
    ~Record() {
        if (good_) avro_value_decref(&value_);
        if (class_) avro_value_iface_decref(class_);
        if (schema_) avro_schema_decref(schema_);
    }
    bool good() const { return good_; }
    avro_schema_t schema() const { return schema_; }
    avro_value_t* fill(const std::vector<Field>& fields,
                       const std::vector<std::optional<std::string>>& cells) {
        avro_value_reset(&value_);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            avro_value_t of_union, branch;
            avro_value_get_by_index(&value_, i, &of_union, nullptr);
            avro_value_set_branch(&of_union, cells[i] ? 1 : 0, &branch);
            if (cells[i])
                set(fields[i].kind, *cells[i], branch);
            else
                avro_value_set_null(&branch);
        }
        return &value_;
    }

private:
    static void set(Kind kind, const std::string& text, avro_value_t& into) {
        switch (kind) {
            case Kind::whole:
                avro_value_set_long(&into, std::strtoll(text.c_str(), nullptr, 10));
                return;
            case Kind::real:
                avro_value_set_double(&into, std::strtod(text.c_str(), nullptr));
                return;
            case Kind::truth:
                avro_value_set_boolean(&into, text == "true");
                return;
            case Kind::text:
                break;
        }
        avro_value_set_string_len(&into, text.c_str(), text.size() + 1);
    }

    avro_schema_t schema_ = nullptr;
    avro_value_iface_t* class_ = nullptr;
    avro_value_t value_{};
    bool good_ = false;
};

}  // namespace

Outcome<Sizes> avro_sizes(Engine& engine, const std::string& table, const std::filesystem::path& folder) {
    auto described = engine.rows("SELECT column_name, column_type FROM (DESCRIBE " + identifier(table) + ")");
    if (!described) return tl::unexpected(described.error());
    std::vector<Field> fields;
    std::string select;
    for (const auto& cells : *described) {
        fields.push_back(field_of(cells.at(0).value_or(""), cells.at(1).value_or("")));
        select += (select.empty() ? "" : ", ") + fields.back().sql;
    }
    Record record(schema_of(fields));
    if (!record.good()) return Sizes{};
    std::vector<std::unique_ptr<Writer>> writers;
    for (const char* codec : codecs)
        writers.push_back(
            std::make_unique<Writer>(folder / (std::string("avro-") + codec), record.schema(), codec));
    double written = 0;
    for (int i = 0; i < most_slices; ++i) {
        auto rows = engine.rows("SELECT " + select + " FROM " + identifier(table) + " LIMIT " +
                                std::to_string(slice) + " OFFSET " + std::to_string(i * slice));
        if (!rows) return tl::unexpected(rows.error());
        for (const auto& cells : *rows) {
            avro_value_t* value = record.fill(fields, cells);
            for (const auto& writer : writers)
                if (!writer->append(value)) return Sizes{};
        }
        written += static_cast<double>(rows->size());
        if (rows->size() < static_cast<std::size_t>(slice)) break;
    }
    Sizes sizes;
    for (std::size_t i = 0; i < codecs.size() && written > 0; ++i) {
        const double bytes = writers[i]->close();
        if (bytes > 0)
            sizes.emplace_back(std::string("avro+") + (i == 0 ? "none" : codecs[i]), bytes / written);
    }
    return sizes;
}

#else

Outcome<Sizes> avro_sizes(Engine&, const std::string&, const std::filesystem::path&) { return Sizes{}; }

#endif

}  // namespace headroom::sim::worker
