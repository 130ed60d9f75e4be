#include "model/system/calibration.h"

#include "model/scenario/write_file.h"

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

Calibration read(const Json& json, std::string& fault) {
    Calibration result;
    Reader reader(json, "", fault);
    if (const std::string format = reader.text("format"); fault.empty() && format != format_name)
        reader.complain("format", "is not '" + std::string(format_name) + "'");
    result.version = static_cast<int>(std::min(reader.number("version"), 1e6));
    if (fault.empty() && result.version != Calibration{}.version)
        reader.complain("version", "is " + std::to_string(result.version) + ", but this program reads " +
                                       std::to_string(Calibration{}.version));
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
    if (const Json* sizes = reader.find("bytes-out")) {
        if (!sizes->is_object()) reader.complain("bytes-out", "is not an object");
        Reader inner(*sizes, "bytes-out.", fault);
        if (sizes->is_object())
            for (const auto& [name, size] : sizes->items())
                result.bytes_out.emplace_back(name, inner.number(name.c_str()));
    }
    if (const Json* shares = reader.list("key-shares"))
        for (const Json& share : *shares) {
            const double value = share.is_number() ? share.get<double>() : -1;
            if (!(value >= 0 && value <= 1))
                reader.complain("key-shares", "holds something other than shares");
            result.key_shares.push_back(value);
        }
    result.rejected = reader.number("rejected");
    if (const Json* operators = reader.list("operators"))
        for (const Json& item : *operators) {
            Reader inner(item, "operators.", fault);
            OperatorCost cost;
            cost.name = inner.text("name");
            cost.rows = inner.number("rows");
            cost.share = inner.number("share");
            result.operators.push_back(std::move(cost));
        }
    return result;
}

}  // namespace

Expected<Calibration> load_calibration(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!in || error) return fail({.file = file.string()}, "", "the calibration cannot be read");
    if (size > largest_file)
        return fail({.file = file.string()}, "", "the calibration is larger than 16 MiB, so it is none");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return fail({.file = file.string()}, "", "the calibration is not valid JSON");
    std::string fault;
    Calibration calibration = read(json, fault);
    if (!fault.empty())
        return fail({.file = file.string()}, "", fault + "; run `headroom calibrate` to measure it again");
    return calibration;
}

Expected<void> save_calibration(const Calibration& calibration, const std::filesystem::path& file) {
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
              {"time-per-batch", json_of(calibration.time_per_batch)},
              {"time-per-row", json_of(calibration.time_per_row)},
              {"fit-r2", number(calibration.fit_r2)},
              {"time-scv", json_of(calibration.time_scv)},
              {"selectivity", number(calibration.selectivity)},
              {"bytes-in", number(calibration.bytes_in.value())},
              {"bytes-out", Json::object()},
              {"key-shares", calibration.key_shares},
              {"rejected", number(calibration.rejected)},
              {"operators", Json::array()}};
    for (const auto& [name, size] : calibration.bytes_out) json["bytes-out"][name] = number(size);
    for (const OperatorCost& cost : calibration.operators)
        json["operators"].push_back(
            {{"name", cost.name}, {"rows", number(cost.rows)}, {"share", number(cost.share)}});
    const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";

    std::error_code error;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
    return write_file(file, text);
}

}  // namespace headroom::model
