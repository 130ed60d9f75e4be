#include "app/report/content/colours.h"

namespace headroom::report {

namespace {

// Every role has a colour of its own in the print palette: the HTML writer tells roles apart by it.
const Colours& print_colours() {
    static const Colours chosen{
        .page = "#ffffff",
        .panel = "#f4f6f8",
        .text = "#1b2127",
        .muted = "#59636e",
        .grid = "#d5dbe1",
        .good = "#00705a",
        .bad = "#b54300",
        .unsure = "#7d5a00",
        .calm = "#5aa7d9",
        .busy = "#d98e00",
        .strained = "#c84f00",
        .series = {"#0068a8", "#d55e00", "#008a66", "#b2558d", "#b07800", "#2f95c9", "#6b4fa3", "#3d464f"},
        .parts = {"#440154", "#472f7d", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30"}};
    return chosen;
}

const Colours& light_colours() {
    static const Colours chosen = [] {
        Colours light = print_colours();
        light.page = "#fcfcfd";
        return light;
    }();
    return chosen;
}

const Colours& dark_colours() {
    static const Colours chosen{
        .page = "#15191e",
        .panel = "#1f252c",
        .text = "#e6eaee",
        .muted = "#9aa5b1",
        .grid = "#38414b",
        .good = "#4cc9a4",
        .bad = "#ff9a5c",
        .unsure = "#e6c15a",
        .calm = "#3f86b8",
        .busy = "#c98a1a",
        .strained = "#e06a20",
        .series = {"#5db4f0", "#ff8f45", "#38c79b", "#e292c3", "#e8b64c", "#8fd0f5", "#b39ae6", "#c3cbd3"},
        .parts = {"#fde725", "#addc30", "#5ec962", "#28ae80", "#21918c", "#2c728e", "#3b528b", "#46337f"}};
    return chosen;
}

}  // namespace

const Colours& colours(Theme theme) {
    switch (theme) {
        case Theme::dark:
            return dark_colours();
        case Theme::light:
            return light_colours();
        case Theme::print:
            break;
    }
    return print_colours();
}

std::vector<std::pair<std::string, std::string>> roles(Theme theme) {
    const Colours& c = colours(theme);
    std::vector<std::pair<std::string, std::string>> all{
        {"page", c.page}, {"panel", c.panel}, {"text", c.text},        {"muted", c.muted},
        {"grid", c.grid}, {"good", c.good},   {"bad", c.bad},          {"unsure", c.unsure},
        {"calm", c.calm}, {"busy", c.busy},   {"strained", c.strained}};
    for (std::size_t i = 0; i < c.series.size(); ++i)
        all.emplace_back("series-" + std::to_string(i + 1), c.series[i]);
    for (std::size_t i = 0; i < c.parts.size(); ++i)
        all.emplace_back("part-" + std::to_string(i + 1), c.parts[i]);
    return all;
}

std::string css_colours(Theme theme) {
    std::string css;
    for (const auto& [name, colour] : roles(theme)) css += "--" + name + ": " + colour + "; ";
    return css;
}

}  // namespace headroom::report
