#include "app/cli/results.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

Json object_of(const model::Estimate& estimate) {
    Json object{{"value", estimate.value}};
    if (std::isfinite(estimate.half_width))
        object["half_width"] = estimate.half_width;
    else if (!estimate.exact())
        object["half_width"] = "infinity";
    return object;
}

}  // namespace

std::string comparison_json(const Compared& compared) {
    Json json{{"format", "headroom-comparison-1"}};
    Json differences = Json::array();
    for (const model::Difference& d : compared.differences) {
        Json object{{"metric", d.key.metric}};
        if (!d.key.subject.empty()) object["subject"] = d.key.subject;
        if (!d.key.of.empty()) object["of"] = d.key.of;
        object["a"] = object_of(d.a);
        object["b"] = object_of(d.b);
        object["delta"] = object_of(d.delta);
        object["significant"] = d.significant;
        differences.push_back(std::move(object));
    }
    json["differences"] = std::move(differences);
    json["a"] = Json::parse(model::to_json(compared.a));
    json["b"] = Json::parse(model::to_json(compared.b));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace headroom::cli
