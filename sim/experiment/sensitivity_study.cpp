#include "sim/experiment/sensitivity_study.h"

#include "model/scenario/document.h"

namespace headroom::sim {

namespace {

/// A value as it stands in a mapping; flow-style trees as they are.
std::string written(const std::string& value) {
    return value.starts_with('{') || value.starts_with('[') ? value : model::quote_scalar(value);
}

}  // namespace

std::string study_text(const SensitivityQuestion& question) {
    std::string text = "headroom-study: 1\nname: " + model::quote_scalar(question.name) +
                       "\nscenario: " + model::quote_scalar(question.scenario.generic_string()) + "\n";
    if (!question.set.empty()) {
        text += "variants:\n  as set:\n";
        for (const auto& [path, value] : question.set)
            text += "    " + model::quote_scalar(path) + ": " + written(value) + "\n";
    }
    text += "factors:\n";
    for (const Factor& input : question.inputs) {
        text += "  " + model::quote_scalar(input.path) + ": ";
        if (input.range) {
            text += "{from: " + written(input.levels.front()) + ", to: " + written(input.levels.back()) +
                    (input.range->logarithmic ? ", scale: log}" : "}");
        } else {
            std::string levels;
            for (const std::string& level : input.levels)
                levels += (levels.empty() ? "" : ", ") + written(level);
            text += "[" + levels + "]";
        }
        text += "\n";
    }
    text += "design: ";
    if (question.design.kind == Design::Kind::one_at_a_time)
        text += word_for(question.design.kind);
    else
        text += std::string("{") + word_for(question.design.kind) + ": " +
                std::to_string(question.design.samples) + "}";
    text += "\n";
    for (const auto& [option, value] : question.options) text += option + ": " + written(value) + "\n";
    if (question.figures.empty()) return text;
    text += "metrics:\n";
    for (const model::FigureKey& key : question.figures)
        text += "  - {metric: " + model::quote_scalar(key.metric) +
                (key.subject.empty() ? "" : ", subject: " + model::quote_scalar(key.subject)) +
                (key.of.empty() ? "" : ", of: " + model::quote_scalar(key.of)) + "}\n";
    return text;
}

}  // namespace headroom::sim
