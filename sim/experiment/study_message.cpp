#include "sim/experiment/study_message.h"

#include "model/system/calibration_text.h"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace headroom::sim {

namespace {

using Json = nlohmann::json;

/// Binary, as JSON would round nothing either but takes text for text.
std::string binary(const Json& json) {
    std::string bytes;
    Json::to_cbor(json, bytes);
    return bytes;
}

Json optional_number(const auto& value) { return value ? Json(*value) : Json(); }

template <class Number>
std::optional<Number> number_or_none(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<Number>());
}

/// What `read` makes of the bytes; none where they do not hold what it asks for.
template <class Read>
auto parsed(std::string_view bytes, Read read) -> std::optional<decltype(read(Json()))> {
    try {
        return read(Json::from_cbor(bytes));
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

}  // namespace

std::string bytes_of(const StudyMessage& message) {
    std::string bytes(1, static_cast<char>(message.kind));
    const auto number = static_cast<std::uint32_t>(message.number);
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift & 0xff);
    return bytes + message.body;
}

std::optional<StudyMessage> message_of(std::string_view bytes) {
    if (bytes.size() < 5 || std::string_view("hrflbspea").find(bytes[0]) == std::string_view::npos)
        return std::nullopt;
    std::uint32_t number = 0;
    for (const char c : bytes.substr(1, 4)) number = number << 8 | static_cast<unsigned char>(c);
    return StudyMessage{static_cast<StudyMessage::Kind>(bytes[0]), static_cast<int>(number),
                        std::string(bytes.substr(5))};
}

std::string body_of(const StudyPlan& plan) {
    Json bases = Json::array();
    for (const model::Document& base : plan.bases)
        bases.push_back({{"file", base.file().string()}, {"text", base.text()}});
    const RunOptions& options = plan.options;
    return binary({{"bases", std::move(bases)},
                   {"points", plan.points.size()},
                   {"closed-forms", plan.closed_forms},
                   {"level", static_cast<int>(options.level)},
                   {"horizon", options.horizon ? Json(options.horizon->value()) : Json()},
                   {"seed", optional_number(options.seed)},
                   {"replications", optional_number(options.replications)}});
}

std::optional<StudyPlan> plan_of(std::string_view body) {
    const auto read = [](const Json& json) -> std::optional<StudyPlan> {
        StudyPlan plan;
        const auto points = json.at("points").get<std::size_t>();
        const auto level = json.at("level").get<int>();
        if (points > most_points || level < 0 || level > static_cast<int>(model::Level::flow))
            return std::nullopt;
        for (const Json& base : json.at("bases"))
            plan.bases.emplace_back(base.at("text").get<std::string>(), base.at("file").get<std::string>());
        plan.points.resize(points);
        plan.study.points.resize(plan.points.size());
        plan.closed_forms = json.at("closed-forms").get<bool>();
        plan.options.level = static_cast<model::Level>(level);
        if (const auto horizon = number_or_none<double>(json.at("horizon")))
            plan.options.horizon = model::seconds(*horizon);
        plan.options.seed = number_or_none<std::uint64_t>(json.at("seed"));
        plan.options.replications = number_or_none<int>(json.at("replications"));
        return plan;
    };
    auto plan = parsed(body, read);
    return plan ? std::move(*plan) : std::nullopt;
}

std::string body_of(const StudyPlan::Point& point) {
    Json changes = Json::array(), calibrations = Json::object();
    for (const Change& change : point.changes) changes.push_back({change.first, change.second});
    for (const auto& [component, calibration] : *point.calibrations)
        calibrations[component] = {{"text", model::calibration_text(calibration)},
                                   {"remarks", calibration.remarks}};
    return binary({{"base", point.base}, {"changes", changes}, {"calibrations", calibrations}});
}

std::optional<StudyPlan::Point> point_of(std::string_view body) {
    const auto read = [](const Json& json) -> std::optional<StudyPlan::Point> {
        StudyPlan::Point point{.base = json.at("base").get<std::size_t>(), .changes = {}};
        for (const Json& change : json.at("changes"))
            point.changes.emplace_back(change.at(0).get<model::FieldPath>(), change.at(1).get<std::string>());
        model::Calibrations calibrations;
        for (const auto& [component, json_of] : json.at("calibrations").items()) {
            auto calibration = model::read_calibration(json_of.at("text").get<std::string>(), {});
            if (!calibration) return std::nullopt;
            calibration->remarks = json_of.at("remarks").get<std::vector<std::string>>();
            calibrations.emplace(component, std::move(*calibration));
        }
        point.calibrations = std::make_shared<const model::Calibrations>(std::move(calibrations));
        return point;
    };
    const auto point = parsed(body, read);
    return point ? *point : std::nullopt;
}

}  // namespace headroom::sim
