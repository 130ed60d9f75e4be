#include "model/kinds/specs.h"

#include <utility>

namespace headroom::model::spec {

namespace {

ParameterSpec of(ParameterType type, Dimension dimension, std::string name, std::string default_text,
                 std::string help, std::string example) {
    ParameterSpec spec{.name = std::move(name), .type = type, .dimension = dimension};
    spec.example = example.empty() ? default_text : std::move(example);
    spec.default_text = std::move(default_text);
    spec.help = std::move(help);
    return spec;
}

ParameterSpec bounded(ParameterSpec spec, double min, double max) {
    spec.min = min;
    spec.max = max;
    return spec;
}

}  // namespace

ParameterSpec count(std::string name, std::string noun, std::string default_text, double min, double max,
                    std::string help, std::string example) {
    ParameterSpec spec = bounded(of(ParameterType::count, {}, std::move(name), std::move(default_text),
                                    std::move(help), std::move(example)),
                                 min, max);
    spec.noun = std::move(noun);
    return spec;
}

ParameterSpec time(std::string name, std::string default_text, std::string help, std::string example) {
    return of(ParameterType::distribution, dimensions::time, std::move(name), std::move(default_text),
              std::move(help), std::move(example));
}

ParameterSpec duration(std::string name, std::string default_text, double min, double max, std::string help,
                       std::string example) {
    return bounded(of(ParameterType::quantity, dimensions::time, std::move(name), std::move(default_text),
                      std::move(help), std::move(example)),
                   min, max);
}

ParameterSpec ratio(std::string name, std::string default_text, double min, double max, std::string help,
                    std::string example) {
    return bounded(of(ParameterType::quantity, dimensions::none, std::move(name), std::move(default_text),
                      std::move(help), std::move(example)),
                   min, max);
}

ParameterSpec share(std::string name, std::string default_text, std::string help, std::string example) {
    return ratio(std::move(name), std::move(default_text), 0, 1, std::move(help), std::move(example));
}

ParameterSpec size(std::string name, std::string default_text, double min, double max, std::string help,
                   std::string example) {
    return bounded(of(ParameterType::quantity, dimensions::data, std::move(name), std::move(default_text),
                      std::move(help), std::move(example)),
                   min, max);
}

ParameterSpec data_rate(std::string name, std::string default_text, std::string help, std::string example) {
    return bounded(of(ParameterType::quantity, dimensions::data_rate, std::move(name),
                      std::move(default_text), std::move(help), std::move(example)),
                   1, 1e18);
}

ParameterSpec item_rate(std::string name, std::string noun, std::string default_text, double min, double max,
                        std::string help, std::string example) {
    ParameterSpec spec = bounded(of(ParameterType::quantity, dimensions::item_rate, std::move(name),
                                    std::move(default_text), std::move(help), std::move(example)),
                                 min, max);
    spec.noun = std::move(noun);
    return spec;
}

ParameterSpec choice(std::string name, std::vector<std::string> choices, std::string help) {
    ParameterSpec spec =
        of(ParameterType::choice, {}, std::move(name), choices.front(), std::move(help), choices.back());
    spec.choices = std::move(choices);
    return spec;
}

ParameterSpec nodes(std::string help, std::string example) {
    return of(ParameterType::nodes, {}, "nodes", {}, std::move(help), std::move(example));
}

ParameterSpec required(ParameterSpec spec) {
    spec.required = true;
    return spec;
}

ParameterSpec measured(ParameterSpec spec) {
    spec.nature = Nature::measured;
    return spec;
}

ParameterSpec chosen(ParameterSpec spec) {
    spec.nature = Nature::chosen;
    return spec;
}

}  // namespace headroom::model::spec
