#include "sim/operators/batch_times.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace headroom::sim {

namespace {

using nlohmann::json;

std::vector<double> undisturbed_of_each(const json& lists) {
    std::vector<double> all;
    for (const json& list : lists) all.push_back(undisturbed(list.get<std::vector<double>>()));
    return all;
}

}  // namespace

Measurements::Measurements(const json& description, const std::vector<json>& answers) {
    for (const json& batch : description.at("batches"))
        shapes_[batch.at("name").get<std::string>()] = {batch.at("kind").get<std::string>(),
                                                        batch.at("rows").get<double>(),
                                                        batch.at("bytes").get<double>()};
    for (const json& answer : answers) {
        ProcessTimes& times = processes_.emplace_back();
        for (const json& batch : answer.at("batches"))
            times[batch.at("batch").get<std::string>()] = {
                undisturbed(batch.at("decode").get<std::vector<double>>()),
                undisturbed_of_each(batch.at("steps")), undisturbed_of_each(batch.at("queries"))};
    }
}

std::vector<std::string> Measurements::batches(const std::string& kind) const {
    std::vector<std::string> names;
    for (const auto& [name, shape] : shapes_)
        if (shape.kind == kind && !values(name, [](const BatchTimes&) { return 0.0; }).empty())
            names.push_back(name);
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return shapes_.at(a).rows < shapes_.at(b).rows;
    });
    return names;
}

double Measurements::mean_bytes() const {
    const std::vector<std::string> all = batches("prefix");
    const BatchShape& largest = shapes_.at(all.back());
    return largest.bytes / largest.rows;
}

}  // namespace headroom::sim
