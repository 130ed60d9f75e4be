#include "sim/experiment/study.h"

#include "model/scenario/read.h"
#include "sim/operators/calibrate.h"

#include <cmath>
#include <cstdio>
#include <map>

namespace headroom::sim {

namespace {

using model::Expected;

std::string setting_text(const model::StudyPoint& point) {
    std::string text;
    for (const auto& [path, value] : point.settings)
        text += (text.empty() ? "" : ", ") + path + " = " + value;
    return text;
}

/// One point, read.
struct Variant {
    model::Document document;
    model::Scenario scenario;
};

Expected<Variant> variant_of(const StudyPlan& plan, const model::Catalog& catalog, std::size_t index) {
    const StudyPlan::Point& point = plan.points[index];
    model::Document document = plan.bases[point.base];
    for (const Change& change : point.changes) {
        auto changed = document.with(change.first, change.second);
        if (!changed) return tl::unexpected(changed.error());
        document = std::move(*changed);
    }
    model::Reading reading = model::read_scenario(document, catalog);
    if (!reading.scenario) {
        // The places are those of a text that the user never saw: say which point it is.
        for (model::Problem& problem : reading.problems)
            problem.message += " (at the point " + setting_text(plan.study.points[index]) + ")";
        return tl::unexpected(std::move(reading.problems));
    }
    return Variant{std::move(document), std::move(*reading.scenario)};
}

/// The same for points of one scenario with the same transforms and samples, which share them.
std::string key_of(std::size_t base, const model::Calibrations& calibrations) {
    std::string key = std::to_string(base);
    for (const auto& [component, calibration] : calibrations)
        key += ' ' + component + ' ' + calibration.transform_hash + calibration.sample_hash;
    return key;
}

/// Fowler, Noll and Vo's hash FNV-1a of 64 bits (RFC 9923), as 16 hexadecimal digits.
std::string short_hash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return digits;
}

/// Everything that decides the study's results: the content of each point, and what was asked on top of it.
std::string identity(const std::string& contents, const StudyPlan& plan) {
    std::string text = contents;
    for (const model::StudyPoint& point : plan.study.points) text += ' ' + setting_text(point);
    const RunOptions& options = plan.options;
    text += std::string(" level=") + (plan.closed_forms ? closed_forms_word : model::word_for(options.level));
    if (options.horizon) text += " horizon=" + std::to_string(options.horizon->value());
    if (options.seed) text += " seed=" + std::to_string(*options.seed);
    if (options.replications) text += " replications=" + std::to_string(*options.replications);
    return short_hash(text);
}

}  // namespace

Expected<model::Study> plan_study(const std::vector<Factor>& factors, const std::string& name,
                                  const Design& design, std::uint64_t seed) {
    const bool full = design.kind == Design::Kind::full_factorial;
    std::size_t points = full ? (factors.empty() ? 0 : 1) : design.size(factors.size());
    for (const Factor& factor : factors) {
        if (full && factor.range)
            return model::fail({}, factor.path,
                               "a range needs 'step' or 'count', or a design that draws from it: "
                               "latin-hypercube, sobol, one-at-a-time, morris, sobol-indices");
        if (full) points *= factor.levels.size();
        if (points > most_points)
            return model::fail({}, factor.path,
                               "the study has more than " + std::to_string(most_points) + " points");
    }
    const auto drawn = drawn_points(design, static_cast<int>(factors.size()), seed);

    model::Study study{.name = name};
    for (std::size_t index = 0; index < points; ++index) {
        model::StudyPoint point{.index = static_cast<int>(index), .settings = {}, .run = {}};
        std::size_t rest = index, combinations = points;
        for (std::size_t f = 0; f < factors.size(); ++f) {
            const Factor& factor = factors[f];
            if (!full) {
                const double share = drawn[index][f];
                point.settings.emplace_back(factor.path, std::isnan(share) ? as_is : factor.at(share));
                continue;
            }
            combinations /= factor.levels.size();
            point.settings.emplace_back(factor.path, factor.levels[rest / combinations]);
            rest %= combinations;
        }
        study.points.push_back(std::move(point));
    }
    return study;
}

Expected<StudyPlan> plan_sweep(const model::Document& base, const std::vector<Factor>& factors,
                               const RunOptions& options) {
    std::string name;
    for (const Factor& factor : factors) name += (name.empty() ? "" : " x ") + factor.path;
    auto study = plan_study(factors, name);
    if (!study) return tl::unexpected(study.error());
    StudyPlan plan{.bases = {base}, .points = {}, .study = std::move(*study), .options = options};
    for (const model::StudyPoint& point : plan.study.points) {
        StudyPlan::Point planned;
        for (std::size_t f = 0; f < factors.size(); ++f)
            planned.changes.emplace_back(factors[f].field, point.settings[f].second);
        plan.points.push_back(std::move(planned));
    }
    return plan;
}

Expected<void> check_study(StudyPlan& plan, const model::Catalog& catalog, std::stop_token stop) {
    std::string contents;
    std::map<std::string, std::shared_ptr<const model::Calibrations>> known;
    for (std::size_t i = 0; i < plan.points.size(); ++i) {
        const auto variant = variant_of(plan, catalog, i);
        if (!variant) return tl::unexpected(variant.error());
        auto calibrations = calibrations_for(variant->scenario, {}, stop);
        if (!calibrations) return tl::unexpected(calibrations.error());
        contents += content_hash(variant->scenario, *calibrations);
        auto& shared = known[key_of(plan.points[i].base, *calibrations)];
        if (!shared) shared = std::make_shared<const model::Calibrations>(std::move(*calibrations));
        plan.points[i].calibrations = shared;
    }
    plan.study.id = identity(contents, plan);
    return {};
}

Expected<model::RunResult> run_point(const StudyPlan& plan, const model::Catalog& catalog, int point,
                                     int threads, const ProgressFn& progress, std::stop_token stop) {
    const auto index = static_cast<std::size_t>(point);
    const auto variant = variant_of(plan, catalog, index);
    if (!variant) return tl::unexpected(variant.error());
    RunOptions options = plan.options;
    options.threads = threads;
    const model::Calibrations& calibrations = *plan.points[index].calibrations;
    auto result = plan.closed_forms ? estimate(variant->scenario, catalog, calibrations, stop)
                                    : run(variant->scenario, catalog, calibrations, options, progress, stop);
    if (!result) return result;
    // A stopped estimate lacks percentiles: it is not a result.
    if (plan.closed_forms) result->cancelled = stop.stop_requested();
    result->scenario_text = variant->document.text();
    result->first_replication.clear();  // nobody watches single points of a study
    return result;
}

}  // namespace headroom::sim
