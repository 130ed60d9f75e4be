// Figures by workload and by component, with their charts.

#include "app/report/content/build.h"
#include "app/report/content/topology.h"
#include "app/report/content/wording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace headroom::report {

namespace {

std::string closed_form(const model::Figure& figure, const std::string& noun = {}) {
    if (std::isnan(figure.analytic)) return "–";
    return (figure.analytic_exact ? "= " : "≈ ") + figure_text(figure.key, figure.analytic, noun);
}

constexpr const char* closed_form_note =
    "Closed forms: = where the formula is exact for this system, ≈ where it approximates.";

std::string half_width_note(const Input& input) {
    return "± is the half-width of the " + percent(input.result.confidence, 3) +
           " confidence interval; without one, it is below 0.1 % of the value. ";
}

/// Components in the order of the scenario, each followed by its stations, then what is left.
std::vector<std::string> subjects_of(const Input& input) {
    std::set<std::string> met;
    for (const model::Figure& figure : input.result.figures)
        if (!figure.key.subject.empty()) met.insert(figure.key.subject);
    std::vector<std::string> ordered;
    for (const model::Component& component : input.scenario.components) {
        if (met.erase(component.id) > 0) ordered.push_back(component.id);
        const std::string prefix = component.id + ".";
        for (auto it = met.lower_bound(prefix); it != met.end() && it->starts_with(prefix);
             it = met.erase(it))
            ordered.push_back(*it);
    }
    ordered.insert(ordered.end(), met.begin(), met.end());
    return ordered;
}

/// "append" of "brokers.append"; empty for components.
std::string station_of(const Input& input, const std::string& subject) {
    for (const model::Component& component : input.scenario.components)
        if (subject.starts_with(component.id + ".")) return subject.substr(component.id.size() + 1);
    return {};
}

/// Whether the stations of a component are worth rows of their own: more than one of them has something to
/// say.
bool tells_more(const Input& input, const std::string& subject, const char* metric, const std::string& of) {
    const std::string prefix = subject.substr(0, subject.size() - station_of(input, subject).size());
    const auto speaks = [&](const model::Figure& figure) {
        return figure.key.metric == metric && figure.key.of == of && figure.key.subject.starts_with(prefix) &&
               figure.simulated.value > 1e-9;
    };
    const model::Figure* own = input.result.find({metric, subject, of});
    return own && speaks(*own) &&
           std::count_if(input.result.figures.begin(), input.result.figures.end(), speaks) > 1;
}

Cell name_cell(const Input& input, const std::string& subject) {
    const std::string station = station_of(input, subject);
    if (station.empty()) return {clean(subject), "", Tone::strong};
    return {"› " + clean(station), "", Tone::muted};
}

Cell cell_of(const Input& input, const char* metric, const std::string& subject, const std::string& of = {}) {
    const model::Figure* figure = input.result.find({metric, subject, of});
    if (!figure) return {"–", "", Tone::muted};
    const std::string noun = of.empty() ? "" : noun_of(input.scenario, of);
    return {figure_text(figure->key, figure->simulated.value, noun),
            half_width_text(figure->key, figure->simulated, noun)};
}

bool any(const Table& table, std::size_t column) {
    return std::any_of(table.rows.begin(), table.rows.end(),
                       [&](const auto& row) { return row[column].text != "–"; });
}

void drop_empty_columns(Table& table) {
    for (std::size_t column = table.columns.size(); column-- > 1;) {
        if (any(table, column)) continue;
        table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(column));
        for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
    }
}

}  // namespace

void add_topology(Document& document, const Input& input) {
    if (input.scenario.components.empty() && input.scenario.workloads.empty()) return;
    document.add(Heading{1, "Topology", "topology"});
    Picture picture;
    picture.drawing = TopologyOf{&input.scenario, &input.catalog, &input.result};
    picture.text = topology_text(input.scenario);
    picture.caption =
        "Bars show mean utilisation: plain below 60 %, hatched to 85 %, cross-hatched above; the mark on a "
        "bar is the busiest interval.";
    document.add(std::move(picture));
}

namespace {

Table throughput_table(const Input& input) {
    Table table;
    table.columns = {{"Workload"},
                     {"Throughput", true},
                     {percent(input.result.confidence, 3) + " interval", true},
                     {"Closed form", true},
                     {"Lost or rejected", true}};
    for (const model::Workload& workload : input.scenario.workloads) {
        const std::string noun = noun_of(input.scenario, workload.id);
        const model::Figure* figure = input.result.find({"throughput", "", workload.id});
        if (!figure) continue;
        table.rows.push_back({{clean(workload.id), "", Tone::strong},
                              {figure_text(figure->key, figure->simulated.value, noun)},
                              {interval_text(figure->key, figure->simulated, noun), "", Tone::muted},
                              {closed_form(*figure, noun), "", Tone::muted},
                              cell_of(input, "lost", "", workload.id)});
    }
    drop_empty_columns(table);
    return table;
}

/// A row for each workload's response time, and for its freshness wherever it can be read.
Table times_table(const Input& input) {
    constexpr std::array statistics{"mean", "p50", "p90", "p95", "p99", "p99.9"};
    Table table;
    table.columns = {{"Workload"}, {"Time"}};
    for (const char* statistic : statistics)
        table.columns.push_back({statistic == std::string("p50") ? "median" : statistic, true});
    table.columns.push_back({"Closed form, mean", true});
    const auto add_row = [&](const std::string& workload, const char* family, const std::string& subject,
                             const char* title, bool first) {
        const std::string metric = family;
        const model::Figure* mean = input.result.find({metric + ".mean", subject, workload});
        std::vector<Cell> row{{first ? clean(workload) : "", "", Tone::strong}, {title, clean(subject)}};
        for (const char* statistic : statistics)
            row.push_back(cell_of(input, (metric + "." + statistic).c_str(), subject, workload));
        row.push_back({mean ? closed_form(*mean) : "–", "", Tone::muted});
        if (std::all_of(row.begin() + 2, row.end(), [](const Cell& cell) { return cell.text == "–"; }))
            return false;
        table.rows.push_back(std::move(row));
        return true;
    };
    for (const model::Workload& workload : input.scenario.workloads) {
        bool first = !add_row(workload.id, "response", "", "Response time", true);
        for (const std::string& subject : subjects_of(input))
            if (add_row(workload.id, "freshness", subject, "Freshness in", first)) first = false;
    }
    drop_empty_columns(table);
    return table;
}

}  // namespace

void add_times(Document& document, const Input& input) {
    Table throughput = throughput_table(input), times = times_table(input);
    if (throughput.rows.empty() && times.rows.empty()) return;
    document.add(Heading{1, "Response time and freshness", "times"});
    if (!throughput.rows.empty()) document.add(std::move(throughput));
    if (!times.rows.empty()) {
        times.note = half_width_note(input) + closed_form_note;
        document.add(std::move(times));
    }
    struct Chart {
        const char *metric, *title, *caption;
    };
    for (const auto& [metric, title, caption] : {Chart{"freshness", "Freshness by percentile",
                                                       "Age of a record when it can first be read. A level "
                                                       "line ends at the percentile that an objective is "
                                                       "about: the curve must pass below its end."},
                                                 Chart{"response", "Response time by percentile",
                                                       "From entering to leaving the platform. A level line "
                                                       "ends at the percentile that an objective is "
                                                       "about: the curve must pass below its end."}}) {
        document.add(Picture{title, caption, std::string(title) + ", both axes logarithmic",
                             Distributions{{{"", &input.result}}, metric}, 720, 236});
    }
}

void add_components(Document& document, const Input& input) {
    Table use, times;
    use.columns = {{"Component"},
                   {"Utilisation, mean", true},
                   {"busiest interval", true},
                   {"hottest server", true},
                   {"Items present, mean", true},
                   {"most", true},
                   {"Backlog grows", true},
                   {"Utilisation, closed form", true}};
    times.columns = {{"Component"},
                     {"Workload"},
                     {"Throughput", true},
                     {"Waiting, mean", true},
                     {"p95", true},
                     {"p99", true},
                     {"Response, mean", true},
                     {"p99", true},
                     {"Closed form, mean", true}};
    const model::Figure* bottleneck = bottleneck_of(input.result);
    for (const std::string& subject : subjects_of(input)) {
        const model::Figure* utilisation = input.result.find({"utilisation", subject, ""});
        const bool station = !station_of(input, subject).empty();
        Cell name = name_cell(input, subject);
        if (bottleneck && bottleneck->key.subject == subject) name.note = "bottleneck";
        std::vector<Cell> row{name,
                              cell_of(input, "utilisation", subject),
                              cell_of(input, "utilisation.peak", subject),
                              cell_of(input, "utilisation.hottest", subject),
                              cell_of(input, "queue", subject),
                              cell_of(input, "queue.max", subject),
                              cell_of(input, "growth", subject),
                              {"–", "", Tone::muted}};
        if (utilisation && !std::isnan(utilisation->analytic))
            row.back() = {closed_form(*utilisation), "", Tone::muted};
        const model::Figure* hottest = input.result.find({"utilisation.hottest", subject, ""});
        if (hottest && utilisation && hottest->simulated.value < 1.02 * utilisation->simulated.value)
            row[3] = {"–", "", Tone::muted};  // its servers are used alike
        if (const auto* growth = input.result.find({"growth", subject, ""});
            !growth || !(growth->simulated.value > 0))
            row[6] = {"–", "", Tone::muted};
        if ((!station || tells_more(input, subject, "utilisation", "")) &&
            std::any_of(row.begin() + 1, row.end(), [](const Cell& cell) { return cell.text != "–"; }))
            use.rows.push_back(std::move(row));
        bool first = true;
        for (const model::Workload& workload : input.scenario.workloads) {
            const model::Figure* mean = input.result.find({"response.mean", subject, workload.id});
            std::vector<Cell> visit{first ? name_cell(input, subject) : Cell{},
                                    {clean(workload.id)},
                                    cell_of(input, "throughput", subject, workload.id),
                                    cell_of(input, "waiting.mean", subject, workload.id),
                                    cell_of(input, "waiting.p95", subject, workload.id),
                                    cell_of(input, "waiting.p99", subject, workload.id),
                                    cell_of(input, "response.mean", subject, workload.id),
                                    cell_of(input, "response.p99", subject, workload.id),
                                    {mean ? closed_form(*mean) : "–", "", Tone::muted}};
            if (station && !tells_more(input, subject, "response.mean", workload.id)) continue;
            if (std::all_of(visit.begin() + 2, visit.end(),
                            [](const Cell& cell) { return cell.text == "–"; }))
                continue;
            first = false;
            times.rows.push_back(std::move(visit));
        }
    }
    if (use.rows.empty() && times.rows.empty()) return;
    document.add(Heading{1, "Bottlenecks", "components"});
    if (!use.rows.empty()) {
        drop_empty_columns(use);
        use.note = half_width_note(input) + closed_form_note;
        document.add(std::move(use));
    }
    document.add(Picture{"Utilisation over time",
                         "The busiest components; mean over replications in each interval.",
                         "Utilisation of the busiest components over the horizon",
                         OverTime{{{"", &input.result}}, "utilisation"}, 720, 270});
    if (!times.rows.empty()) {
        document.add(Heading{2, "Time spent at each component"});
        drop_empty_columns(times);
        document.add(std::move(times));
    }
}

}  // namespace headroom::report
