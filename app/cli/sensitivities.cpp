#include "app/cli/sensitivities.h"

#include "app/cli/results.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;
using model::Estimate;
using sim::FigureSensitivity;
using sim::InputEffect;
using sim::Sensitivity;
using Kind = sim::Design::Kind;

constexpr std::size_t most_inputs = 12;  ///< of a table for people
constexpr double hardly = 1e-3;          ///< inputs that matter less are counted, not listed

/// A measure as CSV and JSON call it.
struct Measure {
    const char* name;
    Estimate InputEffect::*value;
};

const std::vector<Measure>& measures_of(Kind kind) {
    static const std::vector<Measure> ends{
        {"low", &InputEffect::low}, {"high", &InputEffect::high}, {"change", &InputEffect::change}},
        effects{
            {"mu_star", &InputEffect::size}, {"mu", &InputEffect::mean}, {"sigma", &InputEffect::deviation}},
        shares{{"first", &InputEffect::first}, {"total", &InputEffect::total}};
    return kind == Kind::one_at_a_time ? ends : kind == Kind::morris ? effects : shares;
}

std::string figure_name(const model::FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    const std::string title = metric ? metric->title : key.metric;
    return key.subject.empty() && key.of.empty() ? title : title + " of " + subject_text(key);
}

/// "components.warehouse.slots" is as clear without the section that holds nearly all inputs.
std::string input_name(const std::string& path) {
    const std::size_t dot = path.find('.');
    const std::string section = path.substr(0, dot);
    return section == "components" || section == "workloads" ? path.substr(dot + 1) : path;
}

std::string shown(const model::FigureKey& key, const Estimate& estimate, double least = 0) {
    if (std::isnan(estimate.value)) return "";
    const model::Metric* metric = model::find_metric(key.metric);
    return metric ? model::print_estimate(*metric, estimate, least) : plain_number(estimate.value);
}

/// With its sign: what is added.
std::string signed_text(const model::FigureKey& key, const Estimate& estimate, double least) {
    const std::string text = shown(key, estimate, least);
    return text.empty() || estimate.value <= 0 ? text : "+" + text;
}

/// A share of the variance; what chance makes of one that is nothing can lie below zero.
std::string share_text(const Estimate& estimate) {
    if (std::isnan(estimate.value)) return "";
    return model::print_estimate(*model::find_metric("utilisation"), estimate, 0.01);
}

std::string range_of(const Sensitivity::Input& input) {
    return input.low + " .. " + input.high +
           (input.levels > 2 ? " (" + std::to_string(input.levels) + " levels)" : "");
}

std::string breaks_text(const InputEffect& effect) {
    if (effect.breaks_low && effect.breaks_high) return "breaks at both";
    return effect.breaks_low ? "breaks at low" : effect.breaks_high ? "breaks at high" : "";
}

std::vector<Cell> row_of(const Sensitivity& analysis, const FigureSensitivity& figure,
                         const InputEffect& effect) {
    const Sensitivity::Input& input = analysis.inputs[effect.input];
    std::vector<Cell> row{input_name(input.path), range_of(input)};
    const double least = std::abs(figure.middle.value) / 1000;
    switch (analysis.design.kind) {
        case Kind::one_at_a_time:
            row.emplace_back(shown(figure.figure, effect.low));
            row.emplace_back(shown(figure.figure, effect.high));
            row.emplace_back(signed_text(figure.figure, effect.change, least));
            row.emplace_back(breaks_text(effect), Tone::bad);
            break;
        case Kind::morris:
            row.emplace_back(shown(figure.figure, effect.size, least));
            row.emplace_back(signed_text(figure.figure, effect.mean, least));
            row.emplace_back(shown(figure.figure, effect.deviation, least));
            break;
        default:
            row.emplace_back(share_text(effect.first));
            row.emplace_back(share_text(effect.total));
    }
    return row;
}

Table table_of(const Sensitivity& analysis, const FigureSensitivity& figure, std::size_t most) {
    Table table{{{"input"}, {"range"}}, {}};
    std::vector<Column> measures;
    if (analysis.design.kind == Kind::one_at_a_time)
        measures = {{"at low", true}, {"at high", true}, {"low to high", true}, {""}};
    else if (analysis.design.kind == Kind::morris)
        measures = {{"mu*", true}, {"mu", true}, {"sigma", true}};
    else
        measures = {{"first order", true}, {"total", true}};
    table.columns.insert(table.columns.end(), measures.begin(), measures.end());
    for (const InputEffect& effect : figure.effects)
        if (table.rows.size() < most && (effect.weight > hardly || most > figure.effects.size()))
            table.rows.push_back(row_of(analysis, figure, effect));
    return table;
}

/// The measure by which inputs are ordered, where chance has a part in it.
const Estimate& ordering(const Sensitivity& analysis, const InputEffect& effect) {
    return analysis.design.kind == Kind::morris ? effect.size : effect.total;
}

/// The input that matters most, with those that chance does not tell from it.
std::string strongest(const Sensitivity& analysis, const FigureSensitivity& figure) {
    const InputEffect& first = figure.effects.front();
    std::string names = input_name(analysis.inputs[first.input].path);
    if (analysis.design.kind == Kind::one_at_a_time) return names;
    const std::size_t likely = static_cast<std::size_t>(
        std::count_if(figure.effects.begin() + 1, figure.effects.end(), [&](const InputEffect& effect) {
            return effect.weight > hardly &&
                   ordering(analysis, effect).high() >= ordering(analysis, first).low();
        }));
    if (likely == 1) names += " or " + input_name(analysis.inputs[figure.effects[1].input].path);
    if (likely > 1) names += " or one of the " + std::to_string(likely) + " after it";
    return names;
}

/// What decides the figure, in a sentence.
std::string verdict_of(const Sensitivity& analysis, const FigureSensitivity& figure) {
    if (!figure.moved()) return "No input moves it.";
    const InputEffect& first = figure.effects.front();
    const std::string name = strongest(analysis, figure);
    std::string text;
    switch (analysis.design.kind) {
        case Kind::one_at_a_time:
            text = shown(figure.figure, figure.middle) + " as it is; most hangs on " + name + ".";
            break;
        case Kind::morris:
            text = "Most hangs on " + name + ": crossing the range of the first changes it by " +
                   shown(figure.figure, first.size) + ".";
            break;
        default:
            text = shown(figure.figure, figure.middle) + " on average, with a standard deviation of " +
                   shown(figure.figure, {figure.deviation, std::nan("")}) + "; most hangs on " + name +
                   ": in all " + share_text(first.total) + " of the variance" +
                   (figure.logarithmic ? " of its logarithm, as its values lie far apart." : ".");
    }
    if (figure.missing > 0)
        text += " At " + std::to_string(figure.missing) + " of " + std::to_string(analysis.finished) +
                " points it has no finite value (something is overloaded); what rests on them is left out.";
    return text;
}

std::string left_out(const FigureSensitivity& figure, const Table& table) {
    const std::size_t left = figure.effects.size() - table.rows.size();
    if (left == 0 || !figure.moved()) return "";
    return std::to_string(left) + (left == 1 ? " further input matters" : " further inputs matter") +
           " less.";
}

std::string method_of(const Sensitivity& analysis) {
    const std::string drawn = std::to_string(analysis.design.samples);
    char level[16];
    std::snprintf(level, sizeof level, "%g %%", analysis.confidence * 100);
    switch (analysis.design.kind) {
        case Kind::one_at_a_time:
            return "Each input alone at either end of its range, the others as the scenario has them.";
        case Kind::morris:
            return drawn +
                   " trajectories (Morris). mu* is the mean size of what crossing an input's whole range "
                   "changes, mu "
                   "the mean with its sign; a sigma beside mu* that is not small says that it hangs on the "
                   "other "
                   "inputs, or is no straight line. Intervals: " +
                   level + ", over trajectories.";
        default:
            return drawn +
                   " pairs of points (Saltelli, Jansen), every value of a range as likely as any other. "
                   "First order: the "
                   "input's share of the variance by itself; total: with all that it does together with "
                   "others. "
                   "Intervals: " +
                   level + ", over pairs.";
    }
}

std::string finished_text(const Sensitivity& analysis) {
    return std::to_string(analysis.finished) + " of " + std::to_string(analysis.points) +
           " points finished; " +
           (analysis.broken == 0
                ? "no objective is broken"
                : "an objective is broken at " + std::to_string(analysis.broken) + " of them");
}

}  // namespace

model::Expected<std::vector<Sensitivity>> sensitivities_of(const model::Study& study,
                                                           const model::ResultsStore& store) {
    using Result = model::Expected<std::optional<model::RunResult>>;
    return sim::analyse(study, [&](std::size_t point) -> Result {
        if (!study.points[point].run) return std::optional<model::RunResult>();
        auto result = store.run(*study.points[point].run);
        if (!result) return tl::unexpected(result.error());
        return *std::move(result);
    });
}

std::string sensitivities_text(const std::vector<Sensitivity>& analyses, bool all, bool colours) {
    std::string text;
    for (const Sensitivity& analysis : analyses) {
        if (!analysis.of.empty()) text += "\n" + coloured(analysis.of, Tone::strong, colours) + "\n";
        text += finished_text(analysis) + "\n";
        for (const FigureSensitivity& figure : analysis.figures) {
            text += heading(figure_name(figure.figure), colours) + "  " +
                    wrap(verdict_of(analysis, figure), 110, "  ") + "\n";
            if (!figure.moved()) continue;
            const Table table = table_of(analysis, figure, all ? SIZE_MAX : most_inputs);
            text += print(table, colours);
            if (const std::string rest = left_out(figure, table); !rest.empty()) text += "  " + rest + "\n";
        }
        text += "\n" + wrap(method_of(analysis), 110, "") + "\n";
    }
    return text;
}

std::string sensitivities_markdown(const std::vector<Sensitivity>& analyses) {
    std::string text;
    for (const Sensitivity& analysis : analyses) {
        if (!analysis.of.empty()) text += "### " + analysis.of + "\n\n";
        text += finished_text(analysis) + ". " + method_of(analysis) + "\n";
        for (const FigureSensitivity& figure : analysis.figures) {
            text += "\n#### " + figure_name(figure.figure) + "\n\n" + verdict_of(analysis, figure) + "\n";
            if (!figure.moved()) continue;
            const Table table = table_of(analysis, figure, most_inputs);
            text += "\n" + to_markdown(table);
            if (const std::string rest = left_out(figure, table); !rest.empty()) text += "\n" + rest + "\n";
        }
        text += "\n";
    }
    return text;
}

std::string sensitivities_csv(const std::vector<Sensitivity>& analyses) {
    Table table{
        {{"of"}, {"metric"}, {"subject"}, {"workload"}, {"middle"}, {"rank"}, {"input"}, {"from"}, {"to"}},
        {}};
    if (!analyses.empty())
        for (const Measure& measure : measures_of(analyses.front().design.kind)) {
            table.columns.push_back({measure.name});
            table.columns.push_back({std::string(measure.name) + "_half_width"});
        }
    for (const Sensitivity& analysis : analyses)
        for (const FigureSensitivity& figure : analysis.figures)
            for (std::size_t rank = 0; rank < figure.effects.size(); ++rank) {
                const InputEffect& effect = figure.effects[rank];
                const Sensitivity::Input& input = analysis.inputs[effect.input];
                std::vector<Cell> row;
                for (const std::string& cell : {analysis.of, figure.figure.metric, figure.figure.subject,
                                                figure.figure.of, plain_number(figure.middle.value),
                                                std::to_string(rank + 1), input.path, input.low, input.high})
                    row.emplace_back(cell);
                for (const Measure& measure : measures_of(analysis.design.kind)) {
                    row.emplace_back(plain_number((effect.*measure.value).value));
                    row.emplace_back(plain_number((effect.*measure.value).half_width));
                }
                table.rows.push_back(std::move(row));
            }
    return to_csv(table);
}

Json sensitivities_json(const std::vector<Sensitivity>& analyses) {
    // What is not finite is null in JSON: a value that is not there, an exact figure's half-width.
    Json list = Json::array();
    for (const Sensitivity& analysis : analyses) {
        Json object{{"of", analysis.of},
                    {"method", sim::word_for(analysis.design.kind)},
                    {"samples", analysis.design.samples},
                    {"points", analysis.points},
                    {"finished", analysis.finished},
                    {"broken", analysis.broken},
                    {"confidence", analysis.confidence},
                    {"figures", Json::array()}};
        for (const FigureSensitivity& figure : analysis.figures) {
            Json found{{"metric", figure.figure.metric}, {"subject", figure.figure.subject},
                       {"workload", figure.figure.of},   {"middle", figure.middle.value},
                       {"deviation", figure.deviation},  {"points_without_value", figure.missing},
                       {"inputs", Json::array()}};
            for (const InputEffect& effect : figure.effects) {
                const Sensitivity::Input& input = analysis.inputs[effect.input];
                Json one{{"path", input.path}, {"from", input.low}, {"to", input.high}};
                for (const Measure& measure : measures_of(analysis.design.kind)) {
                    one[measure.name] = (effect.*measure.value).value;
                    one[std::string(measure.name) + "_half_width"] = (effect.*measure.value).half_width;
                }
                if (analysis.design.kind == Kind::one_at_a_time) {
                    one["breaks_low"] = effect.breaks_low;
                    one["breaks_high"] = effect.breaks_high;
                }
                found["inputs"].push_back(std::move(one));
            }
            object["figures"].push_back(std::move(found));
        }
        list.push_back(std::move(object));
    }
    return list;
}

}  // namespace headroom::cli
