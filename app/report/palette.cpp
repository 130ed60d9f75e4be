#include "app/report/palette.h"

namespace headroom::report {

namespace {

// Every role has a colour of its own in the print palette: the HTML writer tells roles apart by it.
const Palette& print_palette() {
    static const Palette colours{
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
        .series = {"#0068a8", "#d55e00", "#008a66", "#b2558d", "#b07800", "#2f95c9", "#6b4fa3", "#3d464f"}};
    return colours;
}

const Palette& light_palette() {
    static const Palette colours = [] {
        Palette light = print_palette();
        light.page = QColor("#fcfcfd");
        return light;
    }();
    return colours;
}

const Palette& dark_palette() {
    static const Palette colours{
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
        .series = {"#5db4f0", "#ff8f45", "#38c79b", "#e292c3", "#e8b64c", "#8fd0f5", "#b39ae6", "#c3cbd3"}};
    return colours;
}

}  // namespace

const Palette& palette(Theme theme) {
    switch (theme) {
        case Theme::dark:
            return dark_palette();
        case Theme::light:
            return light_palette();
        case Theme::print:
            break;
    }
    return print_palette();
}

}  // namespace headroom::report
