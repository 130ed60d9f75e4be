// Which transforms a scenario has, and where their calibrations come from.

#include "model/kinds/kind.h"
#include "sim/kernel/cache_folder.h"
#include "sim/operators/calibrate.h"
#include "sim/operators/digest.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace headroom::sim {

namespace {

using model::Calibration;
using model::Scenario;

/// The calibration in the file, if it is there, readable and made from this transform and this sample.
struct Kept {
    std::optional<Calibration> calibration;
    std::string stale;  ///< why there is none although there is a file
};

Kept kept_in(const std::filesystem::path& file, const Fingerprints& prints) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return {};
    auto calibration = model::load_calibration(file);
    if (!calibration) return {.stale = "cannot be read"};
    if (calibration->transform_hash != prints.transform) return {.stale = "was made from another transform"};
    if (calibration->sample_hash != prints.sample) return {.stale = "was made from another sample or key"};
    return {.calibration = *std::move(calibration)};
}

/// What is to be said of where the calibration comes from, then its own doubts.
void take_remarks(Calibration& calibration, const std::string& stale, const std::string& other_engine) {
    calibration.remarks.clear();
    if (!other_engine.empty())
        calibration.remarks.push_back("its calibration was measured with " + other_engine + ", but here is " +
                                      engine_here() + "; `headroom calibrate` measures anew");
    if (!stale.empty())
        calibration.remarks.push_back("its calibration beside the scenario " + stale +
                                      " and is not used; `headroom calibrate` renews it");
    for (std::string& doubt : model::doubts(calibration)) calibration.remarks.push_back(std::move(doubt));
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

const model::Workload* workload_reaching(const Scenario& scenario, const std::string& component) {
    std::set<std::string> upstream{component};
    for (bool grew = true; grew;) {
        grew = false;
        for (const model::Link& link : scenario.links) {
            if (upstream.contains(link.to) && upstream.insert(link.from).second) grew = true;
        }
    }
    const model::Workload* first = nullptr;
    for (const model::Workload& workload : scenario.workloads) {
        const auto* stream = std::get_if<model::Stream>(&workload.load);
        if (stream == nullptr || !upstream.contains(workload.id)) continue;
        if (!stream->record.sample.empty()) return &workload;
        if (first == nullptr) first = &workload;
    }
    return first;
}

std::vector<TransformInput> transforms_of(const Scenario& scenario) {
    std::vector<TransformInput> transforms;
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (!kind || !kind->calibrated || !component.has("transform") || component.text("transform").empty())
            continue;
        TransformInput input{.component = component.id,
                             .transform = scenario.file.parent_path() / component.text("transform"),
                             .sample = {},
                             .key = {}};
        if (const model::Workload* workload = workload_reaching(scenario, component.id)) {
            const model::Record& record = std::get<model::Stream>(workload->load).record;
            input.sample = record.sample;
            if (!record.sample.empty()) input.key = record.key;
        }
        transforms.push_back(std::move(input));
    }
    return transforms;
}

std::filesystem::path calibration_file(const Scenario& scenario, const std::string& component) {
    return calibration_beside(scenario.file, component);
}

KeptCalibration kept_calibration(const Scenario& scenario, const TransformInput& input) {
    const Fingerprints prints = fingerprints_of(input);
    const std::string& engine = engine_here();
    KeptCalibration result;
    result.cached = cache_folder("calibrations");
    if (!result.cached.empty()) result.cached /= sha256(prints.transform + prints.sample + engine) + ".json";

    Kept kept = kept_in(calibration_file(scenario, input.component), prints);
    result.stale = kept.stale;
    if (!kept.calibration) kept = kept_in(inherited_calibration(scenario, input.component), prints);
    std::string other_engine;
    if (kept.calibration && !engine.empty() && kept.calibration->engine != engine)
        other_engine = kept.calibration->engine;
    if (kept.calibration) result.stale.clear();
    if (!kept.calibration && !result.cached.empty()) kept = kept_in(result.cached, prints);
    result.calibration = std::move(kept.calibration);
    if (result.calibration) {
        result.calibration->component = input.component;
        take_remarks(*result.calibration, result.stale, other_engine);
    }
    return result;
}

model::Expected<model::Calibrations> calibrations_for(
    const Scenario& scenario, const CalibrationProgressFn& progress,
    std::stop_token stop) {  // NOLINT(performance-unnecessary-value-param): as everywhere
    model::Calibrations calibrations;
    model::Problems problems;
    const std::vector<TransformInput> transforms = transforms_of(scenario);
    for (std::size_t i = 0; i < transforms.size(); ++i) {
        const TransformInput& input = transforms[i];
        KeptCalibration kept = kept_calibration(scenario, input);
        std::optional<Calibration> calibration = std::move(kept.calibration);
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
            // Without the cache it is measured again next time; that is no reason to fail now.
            if (!kept.cached.empty()) (void)model::save_calibration(*calibration, kept.cached);
            take_remarks(*calibration, kept.stale, {});
            calibration->component = input.component;
        }
        calibrations.emplace(input.component, *std::move(calibration));
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return calibrations;
}

}  // namespace headroom::sim
