#include "app/report/content/build.h"

#include "app/report/content/template.h"
#include "app/report/content/wording.h"

#include <array>
#include <cmath>

namespace headroom::report {

namespace {

constexpr const char *everyone = "everyone", *executives = "executives", *engineers = "engineers",
                     *finance = "finance";

constexpr std::array table{
    SectionSpec{"summary", "Summary", executives, "Verdicts, load, bottleneck and cost in a few sentences.",
                add_summary},
    SectionSpec{"objectives", "Objectives", executives, "The verdict on each objective with its confidence.",
                add_objectives},
    SectionSpec{"working-backwards", "Working backwards", executives,
                "Press release, five customer questions, questions and answers.", add_working_backwards},
    SectionSpec{"decision", "The decision and its doors", executives,
                "What changes against the baseline, what is hard to take back, and the way back.",
                add_decision},
    SectionSpec{"topology", "Topology", engineers, "The platform as a drawing.", add_topology},
    SectionSpec{"growth", "Workload and growth", everyone, "What arrives, and what more of it does.",
                add_growth},
    SectionSpec{"data", "Data and formats", engineers, "Records, formats, what is kept for how long.",
                add_data},
    SectionSpec{"sizing", "Sizing", engineers, "How large each part is, and why.", add_sizing},
    SectionSpec{"times", "Response time and freshness", engineers, "Percentiles of every workload.",
                add_times},
    SectionSpec{"components", "Bottlenecks", engineers, "Utilisation and times of every component.",
                add_components},
    SectionSpec{"whys", "Five whys", engineers, "From each broken objective to its causes and remedies.",
                add_whys},
    SectionSpec{"failure", "Failure and recovery", engineers,
                "What fails, what gathers, how long to catch up.", add_failure},
    SectionSpec{"security", "Data paths, security and governance", engineers,
                "Every way that data takes, its gates and resting places.", add_security},
    SectionSpec{"operations", "Operations and people", finance, "Who runs it, and how many teams.",
                add_operations},
    SectionSpec{"cost", "Cost", finance, "Bill, cost of a unit, years to come, against the baseline.",
                add_cost},
    SectionSpec{"alternatives", "Alternatives", executives, "Other plans, and what decided.",
                add_alternatives},
    SectionSpec{"sensitivity", "Sensitivity", engineers, "Which inputs decide.", add_sensitivity},
    SectionSpec{"risks", "Risks", everyone, "What may go wrong, with its evidence.", add_risks},
    SectionSpec{"roll-out", "Roll-out plan", everyone, "What goes live when, and what can be shown then.",
                add_roll_out},
    SectionSpec{"experiments", "Experiments to run next", engineers, "What to measure before building.",
                add_experiments},
    SectionSpec{"transforms", "Measured transforms", engineers, "What was measured on sample data.",
                add_transforms},
    SectionSpec{"method", "Method and checks", engineers, "How the figures were made.", add_method},
    SectionSpec{"inputs", "Inputs", engineers, "Every parameter with its origin.", add_inputs},
    SectionSpec{"sources", "Sources", finance, "Where every figure comes from.", add_sources},
};

}  // namespace

std::span<const SectionSpec> sections() { return table; }

const SectionSpec* find_section(std::string_view id) {
    for (const SectionSpec& section : table)
        if (id == section.id) return &section;
    return nullptr;
}

std::string line_of(const model::RunResult& result) {
    std::string line;
    if (result.replications == 0)
        line = "Closed forms alone, nothing was simulated";
    else
        line = count_of(result.replications, "replication", "replications") + " of " +
               duration(result.horizon.value()) + " at " + model::word_for(result.level) + " level, seed " +
               std::to_string(result.seed);
    if (!result.scenario_hash.empty()) line += ", content " + result.scenario_hash.substr(0, 12);
    return line;
}

const model::Figure* bottleneck_of(const model::RunResult& result) {
    const model::Figure* most = nullptr;
    for (const model::Figure& figure : result.figures) {
        if (figure.key.metric != "utilisation" || !(figure.simulated.value > 0)) continue;
        if (!most || figure.simulated.value > most->simulated.value) most = &figure;
    }
    return most;
}

Document build_report(const Input& input, const std::vector<std::string>& chosen, const Template* look) {
    Document document;
    document.title = clean(input.scenario.name);
    if (document.title.empty()) document.title = "Untitled scenario";
    document.question = clean(input.scenario.question);
    document.line = line_of(input.result);
    if (input.narrative != nullptr && !input.narrative->author.empty())
        document.author = clean(input.narrative->author);
    if (look != nullptr) dress(document, *look);
    std::vector<std::string> ids = chosen;
    if (ids.empty() && look != nullptr) ids = look->sections;
    if (ids.empty()) {
        for (const SectionSpec& section : table) ids.emplace_back(section.id);
        if (look != nullptr)
            for (const auto& [id, own] : look->own) ids.push_back(id);
    }
    for (const std::string& id : ids) {
        if (const SectionSpec* section = find_section(id)) {
            section->add(document, input);
        } else if (look != nullptr && look->own.contains(id)) {
            const Template::Own& own = look->own.find(id)->second;
            document.add(Heading{1, own.title, id});
            for (const Block& block : own.blocks) document.add(block);
        }
    }
    return document;
}

void dress(Document& document, const Template& look) {
    document.cover = look.cover;
    document.footer = look.footer;
    document.logo = look.logo;
    document.logo_type = look.logo_type;
}

}  // namespace headroom::report
