#include "sim/experiment/known_cases.h"

#include "sim/experiment/disagreement.h"

#include <system_error>
#include <utility>

namespace headroom::sim {

namespace {

using model::Value;

model::Expected<KnownCase> read_case(const Value::Entry& entry, const std::filesystem::path& folder,
                                     const FigureWords& words) {
    if (auto known = only_fields(entry.value, entry.key, {"scenario", "source", "figures"}); !known)
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
    if (figures == nullptr || !figures->is_sequence() || figures->items.empty())
        return model::fail(entry.key_place, entry.key + ".figures", "a list of figures expected");
    for (std::size_t i = 0; i < figures->items.size(); ++i) {
        auto figure = read_figure(figures->items[i], entry.key + ".figures." + std::to_string(i), words);
        if (!figure) return tl::unexpected(figure.error());
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
