#include "app/report/content/materials.h"

#include "model/scenario/read.h"
#include "model/scenario/value.h"
#include "sim/operators/calibrate.h"

namespace headroom::report {

namespace {

std::filesystem::path extended_by(const model::Document& document) {
    const auto own = model::parse_yaml(document.text(), document.file().string());
    const model::Value* extends = own && own->is_mapping() ? own->find("extends") : nullptr;
    if (extends == nullptr || !extends->is_scalar()) return {};
    const std::filesystem::path file = extends->text;
    return file.is_absolute() ? file : document.file().parent_path() / file;
}

model::Expected<std::unique_ptr<Other>> run_other(const std::filesystem::path& file, const std::string& name,
                                                  const model::Catalog& catalog,
                                                  const sim::RunOptions& options,
                                                  const EvidenceProgress& progress,
                                                  const std::stop_token& stop) {
    auto reading = model::read_scenario(file, catalog);
    if (!reading.scenario) return tl::unexpected(reading.problems);
    auto other = std::make_unique<Other>();
    other->scenario = *std::move(reading.scenario);
    other->name = name.empty() ? other->scenario.name : name;
    const auto calibrations = sim::calibrations_for(other->scenario, {}, stop);
    if (!calibrations) return tl::unexpected(calibrations.error());
    const auto told = [&](const sim::Progress& p) {
        if (progress) progress("Simulating " + other->name, p.fraction);
    };
    auto result = sim::run(other->scenario, catalog, *calibrations, options, told, stop);
    if (!result) return tl::unexpected(result.error());
    other->result = *std::move(result);
    return other;
}

Beside beside_of(const Other& other) {
    return {other.name, &other.scenario, &other.result, other.differences};
}

}  // namespace

model::Expected<Materials> Materials::gather(const model::Document& document, const Input& input,
                                             const sim::RunOptions& options,
                                             const std::filesystem::path& baseline,
                                             const EvidenceProgress& progress, std::stop_token stop) {
    Materials made;
    made.kept_ = std::make_unique<Kept>(input);
    Kept& kept = *made.kept_;
    auto narrative = model::read_narrative(document);
    if (!narrative) return tl::unexpected(narrative.error());
    kept.narrative = *std::move(narrative);
    kept.input.narrative = &kept.narrative;

    const std::filesystem::path before = baseline.empty() ? extended_by(document) : baseline;
    if (!before.empty()) {
        auto other = run_other(before, "", input.catalog, options, progress, stop);
        if (!other) return tl::unexpected(other.error());
        kept.baseline = *std::move(other);
        const auto base = model::Document::load(before);
        const auto theirs = base ? base->tree() : tl::unexpected(base.error()), ours = document.tree();
        if (theirs && ours)
            kept.baseline->differences = model::input_differences(*theirs, *ours, input.catalog);
        kept.beside = beside_of(*kept.baseline);
        kept.input.baseline = &kept.beside;
    }
    for (const auto& [name, file] : kept.narrative.alternatives) {
        std::error_code error;
        // A variant names itself where it inherits the texts of what it extends.
        if (std::filesystem::equivalent(file, document.file(), error)) continue;
        auto other = run_other(file, name, input.catalog, options, progress, stop);
        if (!other) return tl::unexpected(other.error());
        kept.alternatives.push_back(*std::move(other));
        kept.input.alternatives.push_back(beside_of(*kept.alternatives.back()));
    }
    auto evidence = report::gather(document, kept.input, progress, stop);
    if (!evidence) return tl::unexpected(evidence.error());
    kept.evidence = *std::move(evidence);
    kept.input.evidence = &kept.evidence;
    return made;
}

}  // namespace headroom::report
