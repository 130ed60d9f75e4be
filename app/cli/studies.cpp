#include "app/cli/studies.h"

#include "app/cli/parquet.h"
#include "app/cli/results.h"
#include "app/cli/sensitivities.h"
#include "app/cli/session.h"
#include "model/scenario/write_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_rows = 20;  ///< of a summary; those with a broken objective come first

std::size_t finished(const model::Study& study) {
    return static_cast<std::size_t>(std::count_if(study.points.begin(), study.points.end(),
                                                  [](const auto& p) { return p.run.has_value(); }));
}

Json settings_of(const model::StudyPoint& point) {
    Json settings = Json::object();
    for (const auto& [path, value] : point.settings) settings[path] = value;
    return settings;
}

/// The last part of a path names a column well enough where the parts differ.
std::string column_of(const model::Study& study, std::size_t setting) {
    const auto& settings = study.points.front().settings;
    const auto last = [&](std::size_t i) {
        return settings[i].first.substr(settings[i].first.rfind('.') + 1);
    };
    for (std::size_t i = 0; i < settings.size(); ++i)
        if (i != setting && last(i) == last(setting)) return settings[setting].first;
    return last(setting);
}

const model::RunResult* first_result(const std::vector<Point>& points) {
    for (const Point& point : points)
        if (point.result) return &*point.result;
    return nullptr;
}

Cell objective_cell(const model::RunResult& result, std::size_t index, Tone& tone) {
    if (index >= result.objectives.size()) return {};
    const model::ObjectiveResult& o = result.objectives[index];
    tone = verdict_cell(o.verdict).tone;
    return figure_text(o.key, o.figure);
}

/// What a metric that the study wants to see is called: "response.p95 of dashboards".
std::string title_of(const model::FigureKey& key) {
    const std::string about = key.subject.empty() && key.of.empty() ? "" : " of " + subject_text(key);
    return key.metric + about;
}

Table legend_of(const model::RunResult& result) {
    Table legend{{{""}, {""}}, {}};
    for (std::size_t i = 0; i < result.objectives.size(); ++i)
        legend.rows.push_back({"[" + std::to_string(i + 1) + "]", result.objectives[i].text});
    return legend;
}

Table points_table(const model::Study& study, const std::vector<Point>& points,
                   const model::RunResult& first) {
    Table table;
    for (std::size_t i = 0; i < study.points.front().settings.size(); ++i)
        table.columns.push_back({column_of(study, i), true});
    for (std::size_t i = 0; i < first.objectives.size(); ++i) {
        table.columns.push_back({"[" + std::to_string(i + 1) + "]", true});
        table.columns.push_back({""});
    }
    std::vector<model::FigureKey> metrics = study.metrics;
    if (metrics.empty()) metrics.push_back({"cost", "", ""});
    for (const model::FigureKey& key : metrics) table.columns.push_back({title_of(key), true});
    for (const Point& point : points) {
        std::vector<Cell> row;
        for (const auto& setting : point.point.settings) row.emplace_back(setting.second);
        if (!point.result) {
            row.emplace_back("not finished");
            row.resize(table.columns.size());
        } else {
            for (std::size_t i = 0; i < first.objectives.size(); ++i) {
                Tone tone = Tone::plain;
                const Cell cell = objective_cell(*point.result, i, tone);
                row.push_back(cell);
                row.emplace_back(cell.text.empty() ? "" : word_for(point.result->objectives[i].verdict),
                                 tone);
            }
            for (const model::FigureKey& key : metrics) {
                const model::Figure* figure = point.result->find(key);
                row.emplace_back(figure ? figure_text(figure->key, figure->simulated) : "");
            }
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

model::Expected<std::vector<Point>> points_of(const model::Study& study, const model::ResultsStore& store) {
    std::vector<Point> points;
    for (const model::StudyPoint& point : study.points) {
        points.push_back({point, {}});
        if (!point.run) continue;
        auto result = store.run(*point.run);
        if (!result) return tl::unexpected(result.error());
        points.back().result = std::move(*result);
    }
    return points;
}

std::string study_text(const model::Study& study, const std::vector<Point>& points, bool colours) {
    std::string text = coloured(study.name, Tone::strong, colours) + "\n" + std::to_string(finished(study)) +
                       " of " + std::to_string(study.points.size()) + " points finished\n";
    const model::RunResult* first = first_result(points);
    if (!first) return text;
    const Table legend = legend_of(*first);
    if (!legend.rows.empty()) text += heading("Objectives", colours) + print(legend, colours);
    return text + heading("Points", colours) + print(points_table(study, points, *first), colours);
}

std::string study_markdown(const model::Study& study, const std::vector<Point>& points,
                           const Analyses& analyses) {
    std::string text = "## " + study.name + "\n\n";
    if (!analyses.empty()) return text + sensitivities_markdown(analyses);
    const model::RunResult* first = first_result(points);
    if (!first) return text + "No point is finished.\n";
    std::size_t broken = 0;
    for (const Point& point : points) broken += point.result && point.result->any_broken();
    text += std::to_string(finished(study)) + " of " + std::to_string(study.points.size()) +
            " points finished; " +
            (broken == 0 ? "no objective is broken.\n\n"
                         : "**an objective is broken at " + std::to_string(broken) + " of them.**\n\n");
    for (std::size_t i = 0; i < first->objectives.size(); ++i)
        text += std::to_string(i + 1) + ". " + first->objectives[i].text + "\n";
    std::vector<Point> shown;
    for (const bool wanted : {true, false})
        for (const Point& point : points)
            if (shown.size() < most_rows && point.result && point.result->any_broken() == wanted)
                shown.push_back(point);
    text += "\n" + to_markdown(points_table(study, shown, *first));
    if (shown.size() < points.size())
        text += "\n" + std::to_string(points.size() - shown.size()) +
                " further points are in the results store.\n";
    return text;
}

std::string study_csv(const model::Study& study, const std::vector<Point>& points) {
    Table table{{{"point"}}, {}};
    if (!study.points.empty())
        for (const auto& setting : study.points.front().settings) table.columns.push_back({setting.first});
    for (const char* title : {"metric", "subject", "workload", "value", "half_width"})
        table.columns.push_back({title});
    for (const Point& point : points) {
        if (!point.result) continue;
        for (const model::Figure& f : point.result->figures) {
            std::vector<Cell> row{std::to_string(point.point.index)};
            for (const auto& setting : point.point.settings) row.emplace_back(setting.second);
            for (const std::string& cell :
                 {f.key.metric, f.key.subject, f.key.of, plain_number(f.simulated.value),
                  plain_number(f.simulated.half_width)})
                row.emplace_back(cell);
            table.rows.push_back(std::move(row));
        }
    }
    return to_csv(table);
}

model::Expected<void> write_points(const model::Study& study, const std::vector<Point>& points,
                                   const Analyses& analyses, const std::filesystem::path& file) {
    const std::string ending = file.extension().string();
    if (ending == ".csv") return model::write_file(file, study_csv(study, points));
    if (ending == ".parquet") return write_parquet(file, study_csv(study, points));
    if (ending == ".json") return model::write_file(file, study_json(study, points, analyses));
    if (ending == ".md") return model::write_file(file, study_markdown(study, points, analyses));
    return tl::unexpected(problem("--output", "'" + file.string() +
                                                  "' has an ending that is not known; .csv, .parquet, .json "
                                                  "or .md expected"));
}

std::string study_json(const model::Study& study, const std::vector<Point>& points,
                       const Analyses& analyses) {
    Json json{{"format", "headroom-study-1"}, {"id", study.id}, {"name", study.name}};
    json["points"] = Json::array();
    for (const Point& point : points) {
        Json object{{"point", point.point.index}, {"settings", settings_of(point.point)}};
        object["run"] = point.point.run ? Json(*point.point.run) : Json();
        object["result"] = point.result ? Json::parse(model::to_json(*point.result)) : Json();
        json["points"].push_back(std::move(object));
    }
    if (!analyses.empty()) json["sensitivity"] = sensitivities_json(analyses);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void show_points(const sim::StudyProgress& progress, Session& session) {
    session.show_progress(
        std::to_string(progress.finished) + " of " + std::to_string(progress.points) + " points",
        progress.fraction, progress.seconds_left > 0 ? time_left(progress.seconds_left) : "");
}

Table studies_table(const std::vector<model::Study>& studies) {
    Table table{{{"study", true}, {"sweeps"}, {"points", true}, {"finished", true}}, {}};
    for (std::size_t i = 0; i < studies.size(); ++i)
        table.rows.push_back({std::to_string(i + 1), studies[i].name,
                              std::to_string(studies[i].points.size()),
                              std::to_string(finished(studies[i]))});
    return table;
}

std::string studies_json(const std::vector<model::Study>& studies) {
    Json list = Json::array();
    for (const model::Study& study : studies)
        list.push_back({{"id", study.id},
                        {"name", study.name},
                        {"points", study.points.size()},
                        {"finished", finished(study)}});
    return Json{{"studies", list}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace headroom::cli
