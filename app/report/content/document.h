#pragma once
// A report before it has a format: plain blocks in reading order. Every writer (HTML, PDF, ...) goes through
// them once. Texts are clean: no control characters, no direction overrides.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace headroom::report {

enum class Tone { plain, muted, strong, good, bad, unsure };

struct Heading {
    int level = 1;  ///< 1 for sections, 2 below
    std::string text;
    std::string id = {};  ///< of sections
};

struct Paragraph {
    enum class Role { body, lead, note };
    std::string text;
    Role role = Role::body;
};

struct Bullets {
    std::vector<std::string> items;
};

/// A few figures that a reader should see first.
struct Tiles {
    struct Tile {
        std::string label, value, note;
        Tone tone = Tone::plain;
    };
    std::vector<Tile> tiles;
};

struct Cell {
    std::string text;
    std::string note;  ///< smaller, on a line of its own
    Tone tone = Tone::plain;
};

struct Column {
    std::string title;
    bool number = false;  ///< right-aligned, kept on one line
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
    int totals = 0;  ///< so many of the last rows are sums
    std::string note;
};

/// A run among others, with its name in the legend (empty where it is alone).
struct NamedRun {
    std::string name;
    const model::RunResult* result = nullptr;
};

// What a picture shows, as data: who writes the document draws it if he can.

struct TopologyOf {
    const model::Scenario* scenario = nullptr;
    const model::Catalog* catalog = nullptr;
    const model::RunResult* result = nullptr;
};

/// Time by percentile of a metric's curves ("response", "freshness").
struct Distributions {
    std::vector<NamedRun> runs;
    std::string metric;
};

/// A metric over time ("utilisation").
struct OverTime {
    std::vector<NamedRun> runs;
    std::string metric;
};

/// The bill: of one run by component and dimension, of several by component.
struct Costs {
    std::vector<NamedRun> runs;
};

struct Waterfall {
    NamedRun from, to;
};

/// Cost against a figure of which less is better.
struct CostAgainst {
    std::vector<NamedRun> runs;
    model::FigureKey figure;
};

/// Ranges around a middle, the widest first: what a figure becomes when an input is lower or higher.
struct Tornado {
    struct Bar {
        std::string label;
        double low = 0, high = 0;  ///< the figure at the input's lower and upper value
    };
    std::string axis;
    double middle = 0;
    std::vector<Bar> bars;
    model::FigureKey figure;
};

/// Steps side by side: one column for each, stacked by part.
struct Columns {
    std::string axis;
    std::vector<std::string> labels, parts;
    std::vector<std::vector<double>> values;  ///< [part][label]
    bool logarithmic = false;                 ///< of one part only: a line of points instead of columns
    model::FigureKey figure;                  ///< the unit of the values; none: dollars
};

/// A figure along the values of a field, a line for each value of another.
struct Lines {
    std::string along;                                 ///< the field
    std::vector<std::string> labels;                   ///< its values, side by side
    std::vector<std::string> names;                    ///< of the lines; one empty name: there is only one
    std::vector<std::vector<model::Estimate>> values;  ///< [line][label]; NaN: none
    double bound = std::numeric_limits<double>::quiet_NaN();  ///< of an objective about the figure
    model::FigureKey figure;
};

/// A figure over the values of two fields.
struct Heat {
    std::string across, down;
    std::vector<std::string> columns, rows;
    std::vector<std::vector<double>> values;  ///< [row][column]; NaN: none
    std::vector<std::vector<bool>> broken;    ///< an objective about the figure
    model::FigureKey figure;
};

/// Estimates with their intervals, by name, the most important first: shares of a variance.
struct Whiskers {
    struct Row {
        std::string label;
        std::vector<model::Estimate> values;  ///< by part
    };
    std::string axis;
    std::vector<std::string> parts;
    std::vector<Row> rows;
    model::FigureKey figure;  ///< the unit of the values
};

/// Points in a plane, with names where they have them: elementary effects, samples of a study.
struct Plane {
    struct Point {
        std::string label;
        double x = 0, y = 0;
        bool broken = false;  ///< an objective about the figure
    };
    std::string across, down;
    std::vector<Point> points;
    model::FigureKey figure_across, figure_down;  ///< their units
};

using Drawing = std::variant<TopologyOf, Distributions, OverTime, Costs, Waterfall, CostAgainst, Tornado,
                             Columns, Lines, Heat, Whiskers, Plane>;

/// A chart or a drawing: vectors, in the colours of print.
struct Picture {
    std::string title, caption;
    std::string text;  ///< what it shows, for those who cannot see it
    Drawing drawing;
    double width = 720, height = 300;
};

using Block = std::variant<Heading, Paragraph, Bullets, Tiles, Table, Picture>;

struct Document {
    std::string title, question;
    std::string line;                                ///< below the title: what was run
    std::string author = "Headroom", cover, footer;  ///< of a template: above the title, on every page
    std::string logo, logo_type;                     ///< bytes of an "svg" or "png"
    std::vector<Block> blocks;

    void add(Block block) { blocks.push_back(std::move(block)); }
};

}  // namespace headroom::report
