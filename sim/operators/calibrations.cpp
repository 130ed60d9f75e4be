// Which transforms a scenario has, and where their calibrations come from.

#include "model/kinds/kind.h"
#include "sim/operators/calibrate.h"
#include "sim/kernel/cache_folder.h"
#include "sim/operators/digest.h"
#include "sim/operators/measurement.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace headroom::sim {

namespace {

using model::Calibration;
using model::Scenario;

/// The first stream workload, in the order of the file, whose records reach the component and have a sample;
/// failing that, nothing.
const model::Record* record_reaching(const Scenario& scenario, const std::string& component) {
    std::set<std::string> upstream{component};
    for (bool grew = true; grew;) {
        grew = false;
        for (const model::Link& link : scenario.links) {
            if (upstream.contains(link.to) && upstream.insert(link.from).second) grew = true;
        }
    }
    for (const model::Workload& workload : scenario.workloads) {
        const auto* stream = std::get_if<model::Stream>(&workload.load);
        if (stream && !stream->record.sample.empty() && upstream.contains(workload.id))
            return &stream->record;
    }
    return nullptr;
}

/// The calibration in the file, if it is there, readable and made from this SQL and this sample.
std::optional<Calibration> fresh(const std::filesystem::path& file, const std::string& transform_hash,
                                 const std::string& hash_of_sample) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;
    auto calibration = model::load_calibration(file);
    if (!calibration || calibration->transform_hash != transform_hash ||
        calibration->sample_hash != hash_of_sample) {
        return std::nullopt;
    }
    return *std::move(calibration);
}

std::filesystem::path calibration_beside(const std::filesystem::path& file, const std::string& component) {
    return file.parent_path() / "calibrations" / (file.stem().string() + "." + component + ".json");
}

/// A variant inherits the calibration of the file that it extends, so that a comparison of the two does not
/// see how one transform was measured twice: that file is the one in which the transform is written.
std::filesystem::path inherited_calibration(const Scenario& scenario, const std::string& component) {
    const model::Component* found = scenario.component(component);
    return calibration_beside(found->settings.find("transform")->second.place.file, component);
}

}  // namespace

std::vector<TransformInput> transforms_of(const Scenario& scenario) {
    std::vector<TransformInput> transforms;
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (!kind || !kind->calibrated || !component.has("transform") || component.text("transform").empty())
            continue;
        TransformInput input{.component = component.id,
                             .sql = scenario.file.parent_path() / component.text("transform"),
                             .sample = {},
                             .key = {}};
        if (const model::Record* record = record_reaching(scenario, component.id)) {
            input.sample = record->sample;
            input.key = record->key;
        }
        transforms.push_back(std::move(input));
    }
    return transforms;
}

std::filesystem::path calibration_file(const Scenario& scenario, const std::string& component) {
    return calibration_beside(scenario.file, component);
}

model::Expected<model::Calibrations> calibrations_for(
    const Scenario& scenario, const CalibrationProgressFn& progress,
    std::stop_token stop) {  // NOLINT(performance-unnecessary-value-param): as everywhere
    model::Calibrations calibrations;
    model::Problems problems;
    const std::vector<TransformInput> transforms = transforms_of(scenario);
    for (std::size_t i = 0; i < transforms.size(); ++i) {
        const TransformInput& input = transforms[i];
        const std::string transform_hash = sha256_of_file(input.sql).value_or(""), hash = sample_hash(input);
        std::filesystem::path cached = cache_folder("calibrations");
        if (!cached.empty()) cached /= sha256(transform_hash + hash) + ".json";

        auto calibration = fresh(calibration_file(scenario, input.component), transform_hash, hash);
        if (!calibration)
            calibration = fresh(inherited_calibration(scenario, input.component), transform_hash, hash);
        if (!calibration && !cached.empty()) calibration = fresh(cached, transform_hash, hash);
        if (!calibration) {
            auto report = [&](const CalibrationProgress& part) {
                double done =
                    (static_cast<double>(i) + part.fraction) / static_cast<double>(transforms.size());
                if (progress) progress({.fraction = done, .step = part.step});
            };
            auto measured = calibrate(input, {}, report, stop);
            if (!measured) {
                problems.insert(problems.end(), measured.error().begin(), measured.error().end());
                continue;
            }
            calibration = *std::move(measured);
            if (!cached.empty()) {
                // Without the cache it is measured again next time; that is no reason to fail now.
                std::error_code error;
                std::filesystem::create_directories(cached.parent_path(), error);
                if (!error) (void)model::save_calibration(*calibration, cached);
            }
        }
        calibration->component = input.component;
        calibrations.emplace(input.component, *std::move(calibration));
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return calibrations;
}

}  // namespace headroom::sim
