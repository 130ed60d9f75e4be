#include "sim/experiment/known_cases.h"

#include "sim/experiment/disagreement.h"

#include <cmath>
#include <system_error>
#include <utility>

namespace headroom::sim {

namespace {

using model::Value;

model::Expected<KnownCase> read_case(const Value::Entry& entry, const std::filesystem::path& folder,
                                     const FigureWords& words) {
    if (auto known = only_fields(entry.value, entry.key, {"scenario", "source", "figures", "missing"});
        !known)
        return tl::unexpected(known.error());
    const Value* named = entry.value.find("scenario");
    const Value* source = entry.value.find("source");
    const Value* figures = entry.value.find("figures");
    KnownCase known{
        .id = entry.key,
        .scenario = (folder / (named != nullptr && named->is_scalar() ? named->text : entry.key + ".yaml"))
                        .lexically_normal(),
        .source = source != nullptr && source->is_scalar() ? source->text : std::string()};
    if (known.source.empty())
        return model::fail(entry.key_place, entry.key + ".source", "a source of the figures is expected");
    if (const Value* missing = entry.value.find("missing"); missing != nullptr) {
        if (figures != nullptr || !missing->is_scalar() || missing->text.empty())
            return model::fail(missing->place, entry.key + ".missing",
                               "a sentence instead of figures expected: why this is not held");
        known.missing = missing->text;
        return known;
    }
    if (figures == nullptr || !figures->is_sequence() || figures->items.empty())
        return model::fail(entry.key_place, entry.key + ".figures", "a list of figures expected");
    for (std::size_t i = 0; i < figures->items.size(); ++i) {
        auto figure = read_figure(figures->items[i], entry.key + ".figures." + std::to_string(i), words);
        if (!figure) return tl::unexpected(figure.error());
        if (words.explained && !figure->fitted && figure->width > near_within(figure->key.metric) &&
            figure->note.empty())
            return model::fail(figures->items[i].place, entry.key + ".figures." + std::to_string(i),
                               "an error is allowed that is not near: a 'note' must say what is missing");
        known.figures.push_back(*std::move(figure));
    }
    return known;
}

}  // namespace

model::Expected<std::vector<KnownCase>> read_known_cases(const std::filesystem::path& file,
                                                         const FigureWords& words) {
    const auto tree = read_tree(file, "the file of cases");
    if (!tree) return tl::unexpected(tree.error());
    if (!tree->is_mapping()) return model::fail(tree->place, "", "cases with their figures expected");
    std::vector<KnownCase> cases;
    for (const Value::Entry& entry : tree->entries) {
        auto known = read_case(entry, file.parent_path(), words);
        if (!known) return tl::unexpected(known.error());
        cases.push_back(*std::move(known));
    }
    return cases;
}

double near_within(const std::string& metric) {
    const auto is = [&](const char* quantile) { return metric.find(quantile) != std::string::npos; };
    return is(".p95") || is(".p99") ? 0.3 : 0.2;
}

const char* word_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::fitted:
            return "fitted";
        case Verdict::near:
            return "near";
        case Verdict::off:
            return "off";
        case Verdict::wrong:
            return "WRONG";
    }
    return "";
}

Verdict Deviation::verdict() const {
    if (!within()) return Verdict::wrong;
    if (known.fitted) return Verdict::fitted;
    return std::abs(error) <= near_within(known.key.metric) ? Verdict::near : Verdict::off;
}

model::Expected<std::filesystem::path> find_measured_cases() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    std::filesystem::path file =
        (program.parent_path() / ".." / "share" / "headroom-measured" / "measured.yaml").lexically_normal();
    if (!error && std::filesystem::is_regular_file(file, error)) return file;
    return model::fail({}, "",
                       "the measured cases were not found in share/headroom-measured beside the program; "
                       "name their folder with --cases");
}

model::Expected<std::vector<Deviation>> deviations(const KnownCase& known, const model::RunResult& result) {
    std::vector<Deviation> all;
    for (const ExactFigure& figure : known.figures) {
        const model::Figure* found = result.find(figure.key);
        if (found == nullptr)
            return model::fail({.file = known.scenario.string()}, known.id,
                               "the run has no figure '" + name_of(figure.key) + "'");
        const double value = found->simulated.value;
        all.push_back({.known = figure,
                       .simulated = found->simulated,
                       .error = figure.value != 0 ? value / figure.value - 1 : value});
    }
    return all;
}

}  // namespace headroom::sim
