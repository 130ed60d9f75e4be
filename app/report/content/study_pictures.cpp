#include "app/report/content/study_pictures.h"

#include "app/report/content/wording.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

namespace headroom::report {

namespace {

using model::FigureKey;
using model::RunResult;

constexpr std::size_t most_lines = 8, most_rows = 10, most_names = 8;
constexpr double hardly = 1e-3;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// "Response time, 99th percentile of payments"
std::string title_of(const FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    const std::string what = metric ? metric->title : key.metric, subject = clean(key.subject),
                      of = clean(key.of);
    if (subject.empty()) return of.empty() ? what : what + " of " + of;
    return what + " of " + (of.empty() ? subject : of + " in " + subject);
}

std::string file_name(std::size_t number, const FigureKey& key, const std::string& more = {}) {
    std::string text = std::to_string(number) + "-" + key.metric;
    for (const std::string& part : {key.of, key.subject, more})
        if (!part.empty()) text += "-" + part;
    for (char& c : text)
        if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-')) c = '-';
    return text;
}

/// Without the section that holds nearly all fields.
std::string field_name(const std::string& path) {
    for (const std::string_view section : {"components.", "workloads."})
        if (path.starts_with(section)) return clean(path.substr(section.size()));
    return clean(path);
}

std::string input_label(const sim::Sensitivity::Input& input) {
    return field_name(input.path) + " (" + clean(input.low) + " .. " + clean(input.high) + ")";
}

/// A setting of the study's points that takes several values.
struct Field {
    std::size_t setting = 0;
    std::string name;
    std::vector<std::string> levels;  ///< in the order of the points

    std::size_t level_of(const model::StudyPoint& point) const {
        return static_cast<std::size_t>(
            std::find(levels.begin(), levels.end(), point.settings[setting].second) - levels.begin());
    }
};

std::vector<Field> fields_of(const model::Study& study) {
    std::vector<Field> fields;
    if (study.points.empty()) return fields;
    // A store can hold points that do not belong together.
    for (const model::StudyPoint& point : study.points)
        if (point.settings.size() != study.points.front().settings.size()) return fields;
    for (std::size_t s = 0; s < study.points.front().settings.size(); ++s) {
        Field field{s, field_name(study.points.front().settings[s].first), {}};
        for (const model::StudyPoint& point : study.points)
            if (field.level_of(point) == field.levels.size())
                field.levels.push_back(point.settings[s].second);
        if (field.levels.size() > 1) fields.push_back(std::move(field));
    }
    // The longest is gone along, the next makes the lines.
    std::stable_sort(fields.begin(), fields.end(),
                     [](const Field& a, const Field& b) { return a.levels.size() > b.levels.size(); });
    return fields;
}

std::vector<FigureKey> figures_of(const model::Study& study, const std::vector<const RunResult*>& results) {
    std::vector<FigureKey> figures = study.metrics;
    const auto add = [&](const FigureKey& key) {
        if (std::find(figures.begin(), figures.end(), key) == figures.end()) figures.push_back(key);
    };
    const auto first =
        std::find_if(results.begin(), results.end(), [](const auto* result) { return result; });
    if (!figures.empty() || first == results.end()) return figures;
    for (const model::ObjectiveResult& objective : (*first)->objectives) add(objective.key);
    add({"cost", "", ""});
    return figures;
}

struct At {
    model::Estimate value{nan, nan};
    bool broken = false;
    double bound = nan;
};

At at(const RunResult* result, const FigureKey& key) {
    At found;
    if (result == nullptr) return found;
    if (const model::Figure* figure = result->find(key)) found.value = figure->simulated;
    for (const model::ObjectiveResult& objective : result->objectives)
        if (objective.key == key) {
            found.broken = found.broken || objective.verdict == model::Verdict::broken;
            found.bound = objective.bound;
        }
    return found;
}

Picture picture_of(const FigureKey& key, const std::string& along, Drawing drawing, double height = 320) {
    const std::string title = title_of(key);
    return {title, "", title + (along.empty() ? "" : " by " + along), std::move(drawing), 720, height};
}

/// Every combination of the fields but the first is a line.
std::optional<Lines> lines_of(const model::Study& study, const std::vector<const RunResult*>& results,
                              const std::vector<Field>& fields, const FigureKey& key) {
    Lines lines;
    lines.along = fields.front().name;
    lines.labels = fields.front().levels;
    lines.figure = key;
    for (std::size_t p = 0; p < study.points.size(); ++p) {
        std::string name;
        for (std::size_t f = 1; f < fields.size(); ++f)
            name += (f > 1 ? ", " : "") + fields[f].name.substr(fields[f].name.rfind('.') + 1) + " " +
                    study.points[p].settings[fields[f].setting].second;
        auto line = std::find(lines.names.begin(), lines.names.end(), name);
        if (line == lines.names.end()) {
            if (lines.names.size() == most_lines) return std::nullopt;
            lines.names.push_back(name);
            lines.values.emplace_back(lines.labels.size(), model::Estimate{nan, nan});
            line = lines.names.end() - 1;
        }
        const At found = at(results[p], key);
        lines.values[static_cast<std::size_t>(line - lines.names.begin())]
                    [fields.front().level_of(study.points[p])] = found.value;
        if (std::isfinite(found.bound)) lines.bound = found.bound;
    }
    return lines;
}

Heat heat_of(const model::Study& study, const std::vector<const RunResult*>& results,
             const std::vector<Field>& fields, const FigureKey& key) {
    Heat heat{.across = fields[0].name,
              .down = fields[1].name,
              .columns = fields[0].levels,
              .rows = fields[1].levels,
              .values = {},
              .broken = {},
              .figure = key};
    heat.values.assign(heat.rows.size(), std::vector<double>(heat.columns.size(), nan));
    heat.broken.assign(heat.rows.size(), std::vector<bool>(heat.columns.size(), false));
    for (std::size_t p = 0; p < study.points.size(); ++p) {
        const std::size_t row = fields[1].level_of(study.points[p]),
                          column = fields[0].level_of(study.points[p]);
        const At found = at(results[p], key);
        heat.values[row][column] = found.value.value;
        heat.broken[row][column] = found.broken;
    }
    return heat;
}

/// The figure at drawn points against one field; nothing where its values are no quantities.
std::optional<Plane> samples_of(const model::Study& study, const std::vector<const RunResult*>& results,
                                const Field& field, const FigureKey& key) {
    Plane plane{
        .across = field.name, .down = title_of(key), .points = {}, .figure_across = {}, .figure_down = key};
    const auto first = model::parse_quantity(field.levels.front());
    if (!first) return std::nullopt;
    // The unit in which a figure of the same dimension is shown.
    const auto metric =
        std::find_if(model::metrics().begin(), model::metrics().end(),
                     [&](const model::Metric& m) { return m.dimension == first->dimension && !m.percent; });
    if (metric == model::metrics().end()) return std::nullopt;
    plane.figure_across.metric = metric->id;
    for (std::size_t p = 0; p < study.points.size(); ++p) {
        const auto value = model::parse_quantity(study.points[p].settings[field.setting].second);
        const At found = at(results[p], key);
        if (value && std::isfinite(found.value.value))
            plane.points.push_back({"", value->value, found.value.value, found.broken});
    }
    return plane;
}

Drawing drawing_of(const sim::Sensitivity& analysis, const sim::FigureSensitivity& figure) {
    using Kind = sim::Design::Kind;
    if (analysis.design.kind == Kind::one_at_a_time) {
        Tornado tornado{.axis = title_of(figure.figure),
                        .middle = figure.middle.value,
                        .bars = {},
                        .figure = figure.figure};
        for (const sim::InputEffect& effect : figure.effects)
            if (tornado.bars.size() < most_rows && effect.weight > hardly &&
                std::isfinite(effect.low.value) && std::isfinite(effect.high.value))
                tornado.bars.push_back(
                    {input_label(analysis.inputs[effect.input]), effect.low.value, effect.high.value});
        return tornado;
    }
    if (analysis.design.kind == Kind::morris) {
        Plane plane{.across = "mu*: mean size of what crossing the range changes",
                    .down = "sigma: how much that hangs on the other inputs",
                    .points = {},
                    .figure_across = figure.figure,
                    .figure_down = figure.figure};
        for (const sim::InputEffect& effect : figure.effects)
            if (std::isfinite(effect.size.value) && std::isfinite(effect.deviation.value))
                plane.points.push_back({plane.points.size() < most_names && effect.weight > hardly
                                            ? field_name(analysis.inputs[effect.input].path)
                                            : "",
                                        effect.size.value, effect.deviation.value, false});
        return plane;
    }
    Whiskers shares{
        .axis = figure.logarithmic ? "share of the variance of its logarithm" : "share of its variance",
        .parts = {"total", "first order"},
        .rows = {},
        .figure = {"utilisation", "", ""}};
    for (const sim::InputEffect& effect : figure.effects)
        if (shares.rows.size() < most_rows && effect.weight > hardly)
            shares.rows.push_back({input_label(analysis.inputs[effect.input]), {effect.total, effect.first}});
    return shares;
}

double height_of(const Drawing& drawing) {
    if (const auto* tornado = std::get_if<Tornado>(&drawing))
        return 92 + 25 * static_cast<double>(tornado->bars.size());
    if (const auto* shares = std::get_if<Whiskers>(&drawing))
        return 92 + 36 * static_cast<double>(shares->rows.size());
    return 360;
}

}  // namespace

std::vector<NamedPicture> sweep_pictures(const model::Study& study,
                                         const std::vector<const RunResult*>& results) {
    std::vector<NamedPicture> pictures;
    const std::vector<Field> fields = fields_of(study);
    if (fields.empty()) return pictures;
    std::size_t number = 0;
    for (const FigureKey& key : figures_of(study, results)) {
        ++number;
        if (auto lines = lines_of(study, results, fields, key)) {
            pictures.push_back({file_name(number, key), picture_of(key, lines->along, *lines)});
        } else {
            for (const Field& field : fields)
                if (auto plane = samples_of(study, results, field, key))
                    pictures.push_back({file_name(number, key, "by-" + field.name),
                                        picture_of(key, field.name, *std::move(plane))});
        }
        if (fields.size() == 2 && fields[1].levels.size() > 2 &&
            fields[0].levels.size() * fields[1].levels.size() == study.points.size())
            pictures.push_back({file_name(number, key, "map"),
                                picture_of(key, fields[0].name + " and " + fields[1].name,
                                           heat_of(study, results, fields, key),
                                           90 + 28 * static_cast<double>(fields[1].levels.size()))});
    }
    return pictures;
}

std::vector<NamedPicture> sensitivity_pictures(const std::vector<sim::Sensitivity>& analyses) {
    std::vector<NamedPicture> pictures;
    std::size_t number = 0;
    for (const sim::Sensitivity& analysis : analyses)
        for (const sim::FigureSensitivity& figure : analysis.figures) {
            ++number;
            if (!figure.moved()) continue;
            Drawing drawing = drawing_of(analysis, figure);
            const double height = height_of(drawing);
            Picture picture = picture_of(figure.figure, "its inputs", std::move(drawing), height);
            if (!analysis.of.empty()) picture.title += ", " + clean(analysis.of);
            pictures.push_back({file_name(number, figure.figure, analysis.of), std::move(picture)});
        }
    return pictures;
}

}  // namespace headroom::report
