#include "app/cli/options.h"

#include <algorithm>
#include <cstdlib>

namespace headroom::cli {

const std::vector<Option>& options() {
    static const std::vector<Option> table{
        {"--level",
         "",
         "LEVEL",
         "How to simulate: 'record' follows every record, 'flow' follows rates and costs the same for any "
         "rate, "
         "'auto' chooses by the number of records.",
         Offers::words,
         {"record", "flow", "auto"}},
        {"--horizon", "", "TIME", "Simulated time instead of the scenario's, with its unit: \"10 min\"."},
        {"--seed", "", "NUMBER", "Seed of the random streams instead of the scenario's."},
        {"--replications", "", "NUMBER",
         "Exactly so many independent replications, instead of as many as the asked precision needs."},
        {"--threads", "", "NUMBER",
         "Threads to use; 0 takes all of the machine. It never changes the result."},
        {"--store", "", "FILE", "Results store (SQLite) that keeps the result.", Offers::files},
        {"--run", "", "NUMBER", "A run that the store already holds, instead of a fresh one."},
        {"--set",
         "",
         "PATH=VALUE",
         "Sets a field of the scenario before it is read, as the file would write it: "
         "components.warehouse.slots=8. May be given several times.",
         Offers::nothing,
         {},
         true},
        {"--vary",
         "",
         "PATH=VALUES",
         "The field to sweep with its values, PATH=3,5,8, or a range, PATH=from..to:step. Given several "
         "times, "
         "all combinations are run.",
         Offers::nothing,
         {},
         true},
        {"--output", "-o", "FILE",
         "File to write; its ending chooses the format: a report's .pdf, .html, .md or .xlsx, a study's "
         ".csv, "
         ".parquet, .json or .md. Of sensitivity: the study file.",
         Offers::files},
        {"--format",
         "",
         "FORMAT",
         "Format of the report, whatever the file's ending.",
         Offers::words,
         {"pdf", "html", "markdown", "xlsx"}},
        {"--baseline", "", "FILE",
         "Scenario that the plan is held against; the one that it extends, if left out.", Offers::files},
        {"--charts", "", "FOLDER",
         "Folder for charts as SVG, one for each figure: sweeps as lines, maps or samples, inputs as "
         "tornado, "
         "Morris's plane or shares of the variance.",
         Offers::files},
        {"--sections", "", "IDS",
         "Sections of the report and their order, separated by commas: summary,cost,risks. All of them, if "
         "left "
         "out."},
        {"--template", "", "FOLDER",
         "Folder with template.yaml: a team's own cover, footer, logo, sections and their order.",
         Offers::files},
        {"--claims", "", "FILE", "Claims that an evolution report holds against its plans, as for audit.",
         Offers::files},
        {"--sample", "", "FILE",
         "Sample rows on which FILE, then a transform (.sql or .yaml), is measured by itself: JSON lines, "
         "CSV or "
         "Parquet, also .gz and .zst, a folder or a pattern. Nothing is kept.",
         Offers::files},
        {"--key", "", "FIELD", "Field of the sample whose skew is measured, with --sample."},
        {"--time-limit", "", "TIME",
         "Longest time that one measuring process may take: \"5 min\"; 2 min, if left out."},
        {"--memory-limit", "", "SIZE",
         "Memory that one measuring process may use: \"2 GB\"; a quarter of the machine's, at most 4 GB, if "
         "left out."},
        {"--hold-back", "", "SHARE",
         "Share of the sample that is not fitted but foretold, so that the error shows: \"90 %\"; 20 %, if "
         "left out."},
        {"--scenario", "", "FILE",
         "Scenario whose stored records would be rewritten, so that the cost shows.", Offers::files},
        {"--nodes", "", "TYPE",
         "Instance type on which stored records are rewritten, with --scenario; m5.large, if left out."},
        {"--cases", "", "FOLDER", "Folder of textbook cases instead of those that come with the program.",
         Offers::files},
        {"--measured", "", "",
         "Holds the simulation against published measurements of real systems instead."},
        {"--all", "", "", "Shows every figure, not only the most important ones."},
        {"--json", "", "", "Writes JSON for programs on standard output."},
        {"--csv", "", "", "Writes the table as comma-separated values, in base units, on standard output."},
        {"--markdown", "", "",
         "Writes a short summary in Markdown, fit for a pull request, on standard output."},
        {"--outage", "", "TIME",
         "How long capacity is gone in each incident, and a replay lasts: \"1 h\"; 30 min, if left out."},
        {"--uncertain",
         "",
         "PATH=LOW..HIGH",
         "An input that nobody knows exactly, with its interval. May be given several times. For sensitivity "
         "PATH "
         "alone is enough.",
         Offers::nothing,
         {},
         true},
        {"--method",
         "",
         "METHOD",
         "How inputs are moved: 'one-at-a-time' to either end of their ranges; 'morris', one after the other "
         "from many places (elementary effects); 'sobol-indices', all together (shares of the variance).",
         Offers::words,
         {"one-at-a-time", "morris", "sobol-indices"}},
        {"--samples", "", "NUMBER",
         "Trajectories of Morris (10, if left out) or pairs of points of Sobol's indices (64)."},
        {"--spread", "", "SHARE",
         "How far inputs without an interval of their own go to either side: \"30 %\"; 20 %, if left out."},
        {"--metric",
         "",
         "FIGURE",
         "A figure to ask about: \"response.p99 of payments\", \"utilisation of warehouse\", cost. May be "
         "given "
         "several times; those of the objectives and the cost, if left out.",
         Offers::nothing,
         {},
         true},
        {"--growth",
         "",
         "[WORKLOAD=]RATE",
         "Growth of the load instead of what the scenario states: \"40 %/year\", or with the interval that "
         "it "
         "lies in, \"30..50 %/year\". May be given several times.",
         Offers::nothing,
         {},
         true},
        {"--ahead", "", "TIME",
         "How far to look ahead: \"5 y\"; 3 years for growth, 1 year for a forecast, if left out."},
        {"--column", "", "NAME", "Column of the values; the second, if left out. The first holds the times."},
        {"--unit", "", "UNIT",
         "Unit of the values: \"requests/min\"; what the column's name ends with in brackets, or counts of a "
         "step, if left out."},
        {"--events", "", "FILE",
         "CSV file with the columns name, from and to: sales, holidays; those of the past are fitted, those "
         "to "
         "come are part of the profile.",
         Offers::files},
        {"--workload", "", "NAME", "Workload that the profile is for."},
        {"--onto", "", "FILE", "Scenario of which the profile makes a variant.", Offers::files},
        {"--buy-for", "", "TIME", "How long what is bought must do: \"1 y\"; 6 months, if left out."},
        {"--penalty", "", "MONEY",
         "What a month costs in which an objective is broken: \"$20000\"; the bill of the chosen "
         "configuration, if left out."},
        {"--most-utilisation", "", "SHARE",
         "How full a component may be at the highest rates, by closed form: \"70 %\"; 85 %, if left out."},
        {"--confidence", "", "SHARE", "Asked probability of correct choice: \"99 %\"; 95 %, if left out."},
        {"--shard", "", "K/N",
         "Only the K-th of N parts of the study, into a store of its own; 'study merge' takes them "
         "together."},
        {"--help", "-h", "", "Shows this help."},
        {"--version", "", "", "Shows the version."},
    };
    return table;
}

const Option& option(std::string_view name) {
    const auto found =
        std::find_if(options().begin(), options().end(), [&](const Option& o) { return o.name == name; });
    if (found == options().end()) std::abort();  // a command names an option that is not in the table
    return *found;
}

bool Arguments::has(std::string_view option) const { return values.find(option) != values.end(); }

std::string Arguments::text(std::string_view option) const {
    const auto found = values.find(option);
    return found == values.end() || found->second.empty() ? std::string() : found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view option) const {
    const auto found = values.find(option);
    return found == values.end() ? std::vector<std::string>() : found->second;
}

}  // namespace headroom::cli
