#include "model/scenario/write_file.h"
#include "model/system/calibration_text.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

namespace headroom::model {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest_file = 16u << 20;
constexpr const char* format_name = "headroom-calibration";

/// What JSON cannot hold (NaN: exact) is written as null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json json_of(const Measured& measured) {
    return {{"value", number(measured.value)}, {"half-width", number(measured.half_width)}};
}

/// Reads fields by name and keeps the first thing that is wrong.
class Reader {
public:
    Reader(const Json& json, std::string where, std::string& fault)
        : json_(json), where_(std::move(where)), fault_(fault) {
        if (!json.is_object()) complain("", "is not an object");
    }

    const Json* find(const char* name) {
        if (!json_.is_object()) return nullptr;
        const auto found = json_.find(name);
        if (found == json_.end()) {
            complain(name, "is missing");
            return nullptr;
        }
        return &*found;
    }
    std::string text(const char* name) {
        const Json* value = find(name);
        if (value == nullptr) return {};
        if (value->is_string()) return value->get<std::string>();
        complain(name, "is not a text");
        return {};
    }
    /// Not negative; null stands for NaN where that is allowed.
    double number(const char* name, bool may_be_null = false) {
        const Json* value = find(name);
        if (value == nullptr) return 0;
        if (value->is_null() && may_be_null) return std::numeric_limits<double>::quiet_NaN();
        if (value->is_number()) {
            const double result = value->get<double>();
            if (std::isfinite(result) && result >= 0) return result;
        }
        complain(name, "is not a number of zero or more");
        return 0;
    }
    Measured measured(const char* name) {
        const Json* value = find(name);
        if (value == nullptr) return {};
        Reader inner(*value, where_ + name + ".", fault_);
        return {inner.number("value"), inner.number("half-width", true)};
    }
    const Json* list(const char* name) {
        const Json* value = find(name);
        if (value == nullptr || value->is_array()) return value;
        complain(name, "is not a list");
        return nullptr;
    }
    void complain(const std::string& name, const std::string& what) {
        if (fault_.empty()) fault_ = "'" + where_ + name + "' " + what;
    }

private:
    const Json& json_;
    std::string where_;
    std::string& fault_;
};

using Sizes = std::vector<std::pair<std::string, double>>;

Sizes read_sizes(Reader& reader, const char* name, std::string& fault) {
    Sizes result;
    const Json* sizes = reader.find(name);
    if (sizes == nullptr) return result;
    if (!sizes->is_object()) {
        reader.complain(name, "is not an object");
        return result;
    }
    Reader inner(*sizes, std::string(name) + ".", fault);
    for (const auto& [format, size] : sizes->items())
        result.emplace_back(format, inner.number(format.c_str()));
    return result;
}

/// Calls `each` with a reader of every item of the list.
template <class Each>
void read_items(Reader& reader, const char* name, std::string& fault, const Each& each) {
    if (const Json* list = reader.list(name))
        for (const Json& item : *list) {
            Reader inner(item, std::string(name) + ".", fault);
            each(inner);
        }
}

StepCost read_step(Reader& reader, std::string& fault) {
    StepCost step;
    step.name = reader.text("name");
    step.rows_in = reader.number("rows-in");
    step.rows_out = reader.number("rows-out");
    step.bytes_in = reader.number("bytes-in");
    step.bytes_out = reader.number("bytes-out");
    step.time_per_batch = reader.measured("time-per-batch");
    step.time_per_row = reader.measured("time-per-row");
    step.time_per_byte = reader.measured("time-per-byte");
    step.fit_r2 = reader.number("fit-r2", true);
    step.growth = reader.number("growth", true);
    step.worst_miss = reader.number("worst-miss", true);
    step.peak_memory = reader.number("peak-memory");
    step.spilled = reader.number("spilled");
    read_items(reader, "batches", fault, [&](Reader& inner) {
        step.batches.push_back({inner.number("rows"), inner.number("seconds")});
    });
    return step;
}

std::vector<ColumnProfile> read_columns(Reader& reader, const char* name, std::string& fault) {
    std::vector<ColumnProfile> columns;
    read_items(reader, name, fault, [&](Reader& inner) {
        columns.push_back(
            {inner.text("name"), inner.text("type"), inner.number("nulls"), inner.number("stored")});
    });
    return columns;
}

/// What the first version did not have.
void read_second_version(Reader& reader, Calibration& result, std::string& fault) {
    result.repeated = reader.number("repeated");
    result.time_per_byte = reader.measured("time-per-byte");
    result.cold_start = reader.measured("cold-start");
    result.bytes_in_formats = read_sizes(reader, "bytes-in-formats", fault);
    result.keys = reader.number("keys");
    result.disturbed = reader.number("disturbed");
    read_items(reader, "steps", fault,
               [&](Reader& inner) { result.steps.push_back(read_step(inner, fault)); });
    read_items(reader, "queries", fault, [&](Reader& inner) {
        result.queries.push_back({inner.text("name"), inner.measured("time-per-batch"),
                                  inner.measured("time-per-row"), inner.number("fit-r2", true),
                                  inner.number("rows-out"), inner.number("scanned"),
                                  inner.number("peak-memory")});
    });
    result.columns_in = read_columns(reader, "columns-in", fault);
    result.columns_out = read_columns(reader, "columns-out", fault);
    result.rules = read_sizes(reader, "rules", fault);
    if (const Json* held = reader.find("held-back")) {
        Reader inner(*held, "held-back.", fault);
        result.held_back = {inner.number("rows"), inner.number("measured"), inner.number("predicted")};
    }
}

Calibration read(const Json& json, std::string& fault) {
    Calibration result;
    const int newest = result.version;
    Reader reader(json, "", fault);
    if (const std::string format = reader.text("format"); fault.empty() && format != format_name)
        reader.complain("format", "is not '" + std::string(format_name) + "'");
    const int version = static_cast<int>(std::min(reader.number("version"), 1e6));
    if (fault.empty() && (version < 1 || version > newest))
        reader.complain("version", "is " + std::to_string(version) + ", but this program reads 1 to " +
                                       std::to_string(newest));
    result.component = reader.text("component");
    result.engine = reader.text("engine");
    result.machine = reader.text("machine");
    result.date = reader.text("date");
    result.transform_hash = reader.text("transform-hash");
    result.sample_hash = reader.text("sample-hash");
    result.machine_speed = reader.number("machine-speed");
    if (fault.empty() && !(result.machine_speed > 0)) reader.complain("machine-speed", "is not above zero");
    result.rows_in = reader.number("rows-in");
    result.rows_out = reader.number("rows-out");
    result.time_per_batch = reader.measured("time-per-batch");
    result.time_per_row = reader.measured("time-per-row");
    result.fit_r2 = reader.number("fit-r2", true);
    result.time_scv = reader.measured("time-scv");
    result.selectivity = reader.number("selectivity");
    result.bytes_in = ItemSize(reader.number("bytes-in"));
    result.bytes_out = read_sizes(reader, "bytes-out", fault);
    if (const Json* shares = reader.list("key-shares"))
        for (const Json& share : *shares) {
            const double value = share.is_number() ? share.get<double>() : -1;
            if (!(value >= 0 && value <= 1))
                reader.complain("key-shares", "holds something other than shares");
            result.key_shares.push_back(value);
        }
    result.rejected = reader.number("rejected");
    if (fault.empty() && version >= 2) read_second_version(reader, result, fault);
    // Operators of the first version had no place in a plan.
    read_items(reader, "operators", fault, [&](Reader& inner) {
        OperatorCost cost{.name = inner.text("name")};
        if (version >= 2) {
            cost.step = static_cast<int>(std::min(inner.number("step"), 1e6));
            cost.depth = static_cast<int>(std::min(inner.number("depth"), 1e6));
            cost.rows_in = inner.number("rows-in");
        }
        cost.rows = inner.number("rows");
        cost.share = inner.number("share");
        result.operators.push_back(std::move(cost));
    });
    return result;
}

Json json_of(const Sizes& sizes) {
    Json json = Json::object();
    for (const auto& [name, size] : sizes) json[name] = number(size);
    return json;
}

Json json_of(const std::vector<ColumnProfile>& columns) {
    Json json = Json::array();
    for (const ColumnProfile& column : columns)
        json.push_back({{"name", column.name},
                        {"type", column.type},
                        {"nulls", number(column.nulls)},
                        {"stored", number(column.stored)}});
    return json;
}

Json json_of(const StepCost& step) {
    Json json{{"name", step.name},
              {"rows-in", number(step.rows_in)},
              {"rows-out", number(step.rows_out)},
              {"bytes-in", number(step.bytes_in)},
              {"bytes-out", number(step.bytes_out)},
              {"time-per-batch", json_of(step.time_per_batch)},
              {"time-per-row", json_of(step.time_per_row)},
              {"time-per-byte", json_of(step.time_per_byte)},
              {"fit-r2", number(step.fit_r2)},
              {"growth", number(step.growth)},
              {"worst-miss", number(step.worst_miss)},
              {"peak-memory", number(step.peak_memory)},
              {"spilled", number(step.spilled)},
              {"batches", Json::array()}};
    for (const TimedBatch& batch : step.batches)
        json["batches"].push_back({{"rows", number(batch.rows)}, {"seconds", number(batch.seconds)}});
    return json;
}

}  // namespace

Expected<Calibration> load_calibration(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!in || error) return fail({.file = file.string()}, "", "the calibration cannot be read");
    if (size > largest_file)
        return fail({.file = file.string()}, "", "the calibration is larger than 16 MiB, so it is none");
    return read_calibration({std::istreambuf_iterator<char>(in), {}}, file);
}

Expected<Calibration> read_calibration(const std::string& text, const std::filesystem::path& file) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return fail({.file = file.string()}, "", "the calibration is not valid JSON");
    std::string fault;
    Calibration calibration = read(json, fault);
    if (!fault.empty())
        return fail({.file = file.string()}, "", fault + "; run `headroom calibrate` to measure it again");
    return calibration;
}

std::string calibration_text(const Calibration& calibration) {
    Json json{{"format", format_name},
              {"version", calibration.version},
              {"component", calibration.component},
              {"engine", calibration.engine},
              {"machine", calibration.machine},
              {"date", calibration.date},
              {"transform-hash", calibration.transform_hash},
              {"sample-hash", calibration.sample_hash},
              {"machine-speed", number(calibration.machine_speed)},
              {"rows-in", number(calibration.rows_in)},
              {"rows-out", number(calibration.rows_out)},
              {"repeated", number(calibration.repeated)},
              {"time-per-batch", json_of(calibration.time_per_batch)},
              {"time-per-row", json_of(calibration.time_per_row)},
              {"time-per-byte", json_of(calibration.time_per_byte)},
              {"cold-start", json_of(calibration.cold_start)},
              {"fit-r2", number(calibration.fit_r2)},
              {"time-scv", json_of(calibration.time_scv)},
              {"selectivity", number(calibration.selectivity)},
              {"bytes-in", number(calibration.bytes_in.value())},
              {"bytes-in-formats", json_of(calibration.bytes_in_formats)},
              {"bytes-out", json_of(calibration.bytes_out)},
              {"keys", number(calibration.keys)},
              {"key-shares", calibration.key_shares},
              {"rejected", number(calibration.rejected)},
              {"disturbed", number(calibration.disturbed)},
              {"steps", Json::array()},
              {"operators", Json::array()},
              {"queries", Json::array()},
              {"columns-in", json_of(calibration.columns_in)},
              {"columns-out", json_of(calibration.columns_out)},
              {"rules", json_of(calibration.rules)},
              {"held-back",
               {{"rows", number(calibration.held_back.rows)},
                {"measured", number(calibration.held_back.measured)},
                {"predicted", number(calibration.held_back.predicted)}}}};
    for (const StepCost& step : calibration.steps) json["steps"].push_back(json_of(step));
    for (const OperatorCost& cost : calibration.operators)
        json["operators"].push_back({{"name", cost.name},
                                     {"step", cost.step},
                                     {"depth", cost.depth},
                                     {"rows-in", number(cost.rows_in)},
                                     {"rows", number(cost.rows)},
                                     {"share", number(cost.share)}});
    for (const QueryCost& query : calibration.queries)
        json["queries"].push_back({{"name", query.name},
                                   {"time-per-batch", json_of(query.time_per_batch)},
                                   {"time-per-row", json_of(query.time_per_row)},
                                   {"fit-r2", number(query.fit_r2)},
                                   {"rows-out", number(query.rows_out)},
                                   {"scanned", number(query.scanned)},
                                   {"peak-memory", number(query.peak_memory)}});
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// What is saved can be loaded: a figure that the reader would refuse is a problem that names it.
Expected<void> save_calibration(const Calibration& calibration, const std::filesystem::path& file) {
    const std::string text = calibration_text(calibration);
    std::string fault;
    (void)read(Json::parse(text, nullptr, false), fault);
    if (!fault.empty()) return fail({.file = file.string()}, "", fault + ", so the calibration is not kept");

    std::error_code error;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
    return write_file(file, text);
}

}  // namespace headroom::model
