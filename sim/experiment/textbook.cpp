#include "sim/experiment/textbook.h"

#include "model/scenario/value.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/disagreement.h"
#include "sim/kernel/sketch.h"
#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <system_error>

namespace headroom::sim {

namespace {

using model::Value;

/// Text of a field, empty where it is missing.
std::string text_of(const Value& mapping, std::string_view name) {
    const Value* value = mapping.find(name);
    return value && value->is_scalar() ? value->text : std::string();
}

model::Expected<TextbookCase> read_case(const Value::Entry& entry, const std::filesystem::path& folder) {
    if (auto known = only_fields(entry.value, entry.key, {"source", "solver", "figures"}); !known)
        return tl::unexpected(known.error());
    TextbookCase textbook_case{.id = entry.key,
                               .scenario = folder / (entry.key + ".yaml"),
                               .source = text_of(entry.value, "source")};
    const std::string solver = text_of(entry.value, "solver");
    if (solver != "exact" && solver != "approximate")
        return model::fail(entry.key_place, entry.key + ".solver",
                           "'" + solver + "' is not understood; 'exact' or 'approximate' expected");
    textbook_case.solver_exact = solver == "exact";
    const Value* figures = entry.value.find("figures");
    if (!figures || !figures->is_sequence() || figures->items.empty())
        return model::fail(entry.key_place, entry.key + ".figures", "a list of figures expected");
    for (std::size_t i = 0; i < figures->items.size(); ++i) {
        auto figure =
            read_figure(figures->items[i], entry.key + ".figures." + std::to_string(i), {"exact", "width"});
        if (!figure) return tl::unexpected(figure.error());
        textbook_case.figures.push_back(*std::move(figure));
    }
    return textbook_case;
}

bool is_percentile(const std::string& metric) { return metric.find(".p") != std::string::npos; }

}  // namespace

model::Expected<void> only_fields(const Value& mapping, const std::string& field,
                                  std::initializer_list<std::string_view> names) {
    if (!mapping.is_mapping()) return model::fail(mapping.place, field, "fields expected");
    for (const Value::Entry& entry : mapping.entries)
        if (std::find(names.begin(), names.end(), entry.key) == names.end())
            return model::fail(entry.key_place, field, "unknown field '" + entry.key + "'");
    return {};
}

model::Expected<ExactFigure> read_figure(const Value& value, const std::string& field,
                                         const FigureWords& words) {
    if (auto known = only_fields(value, field,
                                 {"metric", "subject", "of", words.value, words.tolerance, "note", "fitted"});
        !known)
        return tl::unexpected(known.error());
    ExactFigure figure;
    figure.key = {text_of(value, "metric"), text_of(value, "subject"), text_of(value, "of")};
    const model::Metric* metric = model::find_metric(figure.key.metric);
    if (!metric) return model::fail(value.place, field, "there is no metric '" + figure.key.metric + "'");
    figure.text = text_of(value, words.value);
    figure.note = text_of(value, "note");
    if (const std::string fitted = text_of(value, "fitted"); !fitted.empty()) {
        if (fitted != "true" && fitted != "false")
            return model::fail(value.place, field + ".fitted",
                               "true or false expected, not '" + fitted + "'");
        figure.fitted = fitted == "true";
    }
    const auto exact = model::parse_quantity(figure.text, metric->dimension);
    if (!exact) return model::fail(value.place, field + "." + words.value, exact.error());
    figure.value = *exact;
    if (const std::string text = text_of(value, words.tolerance); !text.empty()) {
        const auto width = model::parse_quantity(text, model::dimensions::none);
        if (!width) return model::fail(value.place, field + "." + words.tolerance, width.error());
        figure.width = *width;
    }
    return figure;
}

model::Expected<Value> read_tree(const std::filesystem::path& file, const std::string& what) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return model::fail({.file = file.string()}, "", what + " cannot be read");
    std::ostringstream text;
    text << stream.rdbuf();
    return model::parse_yaml(text.str(), file.string());
}

model::Expected<std::vector<TextbookCase>> read_textbook_cases(const std::filesystem::path& folder) {
    const auto tree = read_tree(folder / "exact.yaml", "the exact results of the textbook cases");
    if (!tree) return tl::unexpected(tree.error());
    if (!tree->is_mapping()) return model::fail(tree->place, "", "cases with their figures expected");
    std::vector<TextbookCase> cases;
    for (const Value::Entry& entry : tree->entries) {
        auto textbook_case = read_case(entry, folder);
        if (!textbook_case) return tl::unexpected(textbook_case.error());
        cases.push_back(*std::move(textbook_case));
    }
    return cases;
}

model::Expected<std::filesystem::path> find_textbook_cases() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    std::filesystem::path folder =
        (program.parent_path() / ".." / "share" / "headroom-validation").lexically_normal();
    if (!error && std::filesystem::is_regular_file(folder / "exact.yaml", error)) return folder;
    return model::fail({}, "",
                       "the textbook cases were not found in share/headroom-validation beside the program; "
                       "name their folder with --cases");
}

model::Expected<std::vector<Check>> check_case(const TextbookCase& textbook_case,
                                               const model::RunResult& result) {
    std::vector<Check> checks;
    const double risk = (1 - case_confidence) / static_cast<double>(textbook_case.figures.size());
    for (const ExactFigure& exact : textbook_case.figures) {
        const model::Figure* figure = result.find(exact.key);
        if (!figure) {
            return model::fail({.file = textbook_case.scenario.string()}, textbook_case.id,
                               "the run has no figure '" + name_of(exact.key) + "'");
        }
        const Interval interval = confidence_interval(figure->replications, 1 - risk);
        Check check{.exact = exact, .simulated = {interval.mean, interval.half_width}};
        const double allowance =
            is_percentile(exact.key.metric) ? QuantileSketch::relative_error * std::abs(exact.value) : 0;
        // Seven digits of the exact value are stated.
        const double rounding = 1e-6 * std::abs(exact.value);
        check.holds = std::abs(interval.mean - exact.value) <= interval.half_width + allowance + rounding;
        check.narrow = interval.half_width <= exact.width * std::abs(exact.value);
        checks.push_back(std::move(check));
    }
    return checks;
}

}  // namespace headroom::sim
