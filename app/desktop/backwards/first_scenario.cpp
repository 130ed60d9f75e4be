#include "app/desktop/backwards/first_scenario.h"

#include "model/scenario/read.h"
#include "model/scenario/sections.h"
#include "model/units/unit.h"
#include "sim/experiment/sketch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace headroom::desktop {

namespace {

constexpr double most_used = 0.6;  ///< at the peak: room for a node less and for growth
constexpr double most_of_a_part = 1e5;

/// A number in the scenario that makes a component larger.
struct Size {
    std::string component, field, unit;  ///< "warehouse", "nodes", " x ra3.xlplus"
    double count = 1;
    double used = 0;  ///< at the mean, by the last closed forms

    std::string beside = {};  ///< a number that grows along: partitions, so that every node leads some
    double tasks = 0;         ///< a part's, of which each reads a partition of its own

    std::string text() const { return std::to_string(std::lround(count)) + unit; }
};

struct Draft {
    std::string components, links, objectives;
    std::vector<Size> sizes;
};

std::string print(auto quantity, const char* noun = "") {
    return model::quote_scalar(model::format(quantity, {.digits = 6, .noun = noun}));
}

/// Files and loads take a third of the time that is allowed each: the rest is for what comes between.
std::string third_of(model::Duration freshness) {
    return print(model::seconds(std::max(1.0, std::floor(freshness.value() / 3))));
}

/// Units a second that a table is to take; items are of one unit. It is billed by what is asked of it, so
/// that its limits can be wide: its partitions are what is counted.
std::string table_of(const Answers& answers) {
    const auto units = [](double rate) {
        return std::to_string(std::lround(std::max(100.0, std::ceil(rate / (0.5 * most_used))))) + " /s";
    };
    // Everything is sized for the peak of the events, where there are any.
    const double peak = answers.shape == Shape::service ? 1 : answers.peak;
    const double asked = answers.users / std::max(1e-3, answers.think_time.value()) * peak;
    const double written = answers.shape == Shape::service ? 0 : answers.events.value() * peak;
    return "  table: {technology: dynamodb, partitions: 4, item-size: 1 KB, read-capacity: " + units(asked) +
           ", write-capacity: " + units(written) + "}\n";
}

Draft draft_of(const Answers& answers) {
    const std::string fresh = print(answers.freshness), fast = print(answers.response);
    switch (answers.shape) {
        case Shape::dashboards:
            return {
                "  brokers: {technology: kafka, nodes: 3 x m5.large, partitions: 12, replication: 3, "
                "retention: 3 d}\n"
                "  processing: {technology: flink, nodes: 2 x m5.large, service: {exponential: 100 us}}\n"
                "  lake: {technology: s3, format: parquet+snappy, roll-every: " +
                    third_of(answers.freshness) +
                    ", roll-size: 128 MB}\n"
                    "  warehouse: {technology: redshift, nodes: 2 x ra3.xlplus, slots: 5, load-every: " +
                    third_of(answers.freshness) + ", retention: 1 y}\n",
                "  - events -> brokers -> processing -> lake -> warehouse\n  - people -> warehouse\n",
                "  - freshness of events in warehouse: p99 <= " + fresh +
                    "\n  - response time of people: p95 <= " + fast + "\n",
                {{.component = "brokers",
                  .field = "nodes",
                  .unit = " x m5.large",
                  .count = 3,
                  .beside = "partitions"},
                 {.component = "processing", .field = "nodes", .unit = " x m5.large", .count = 2, .tasks = 2},
                 {"warehouse", "nodes", " x ra3.xlplus", 2}}};
        case Shape::lookups:
            return {
                "  stream: {technology: kinesis-data-streams, shards: 2}\n"
                "  processing: {technology: managed-flink, nodes: 2 x kpu, service: {exponential: 100 us}}\n"
                "  gateway: {technology: load-balancer}\n" +
                    table_of(answers),
                "  - events -> stream -> processing -> table\n  - people -> gateway -> table\n",
                "  - freshness of events in table: p99 <= " + fresh +
                    "\n  - response time of people: p95 <= " + fast + "\n",
                {{"stream", "shards", "", 2},
                 {"processing", "nodes", " x kpu", 2},
                 {"table", "partitions", "", 4}}};
        case Shape::service:
            return {
                "  gateway: {technology: load-balancer}\n"
                "  service: {technology: lambda, duration: {lognormal: {mean: 40 ms, cv: 0.5}}}\n" +
                    table_of(answers),
                "  - people -> gateway -> service -> table\n",
                "  - response time of people: p95 <= " + fast + "\n",
                {{"table", "partitions", "", 4}}};
    }
    return {};
}

/// The five answers, where the file has a place for what readers are told; else as a comment.
std::string told(const Answers& answers) {
    const std::pair<const char*, const std::string&> all[] = {{"customer", answers.customer},
                                                              {"problem", answers.problem},
                                                              {"benefit", answers.benefit},
                                                              {"evidence", answers.evidence},
                                                              {"experience", answers.experience}};
    const std::vector<std::string> sections = model::file_section().names();
    const bool has_place = std::find(sections.begin(), sections.end(), "report") != sections.end();
    std::string text;
    for (const auto& [name, answer] : all) {
        if (answer.empty()) continue;
        std::string line = answer;
        std::replace(line.begin(), line.end(), '\n', ' ');
        text += (has_place ? "  " : "# ") + std::string(name) + ": " +
                (has_place ? model::quote_scalar(line) : line) + "\n";
    }
    return has_place && !text.empty() ? "report:\n" + text : text;
}

std::string text_of(const Answers& answers) {
    const Draft draft = draft_of(answers);
    char peak[32], cost[32];
    std::snprintf(peak, sizeof peak, "%gx", answers.peak);
    std::snprintf(cost, sizeof cost, "%.0f", answers.cost);
    std::string text = "headroom: 1\nname: " + model::quote_scalar(answers.name) + "\n";
    if (!answers.problem.empty()) text += "question: " + model::quote_scalar(answers.problem) + "\n";
    text += told(answers) + "catalog: aws-us-east-1-2026\nhorizon: 1 d\nworkloads:\n";
    if (answers.shape != Shape::service) {
        text += "  events:\n    stream: {rate: " + print(answers.events, "events");
        if (answers.peak > 1) text += std::string(", daily: {peak: ") + peak + ", at: \"20:00\"}";
        text += "}\n    record: {size: " + print(answers.event_size) + ", format: json}\n";
    }
    text += "  people:\n    requests: {users: " + std::to_string(answers.users) +
            ", think-time: {exponential: " + print(answers.think_time) + "}}\n";
    if (answers.shape == Shape::dashboards)
        text += "    reads: {scan: {lognormal: {mean: " + print(answers.scan) + ", cv: 1}}}\n";
    return text + "components:\n" + draft.components + "links:\n" + draft.links + "objectives:\n" +
           draft.objectives + "  - lost records: 0\n  - cost: <= $" + cost + "/month\n";
}

model::Expected<model::Scenario> read(const model::Document& document, const model::Catalog& catalog) {
    model::Reading reading = model::read_scenario(document, catalog);
    if (!reading.scenario) return tl::unexpected(reading.problems);
    return *std::move(reading.scenario);
}

/// Makes larger what is used too much; false where nothing was.
bool grow(std::vector<Size>& sizes, const model::RunResult& forms, double peak) {
    bool grown = false;
    for (Size& size : sizes) {
        const model::Figure* used = forms.find({"utilisation", size.component, ""});
        const model::Figure* growth = forms.find({"growth", size.component, ""});
        size.used = used != nullptr ? used->simulated.value : 0;
        const bool overloaded =
            (growth != nullptr && growth->simulated.value > 0) || !std::isfinite(size.used);
        const double wanted =
            overloaded ? 2 * size.count : std::ceil(size.count * size.used * peak / most_used - 1e-9);
        if (wanted <= size.count) continue;
        size.count = wanted;
        grown = true;
    }
    return grown;
}

}  // namespace

model::Expected<FirstScenario> first_scenario(const Answers& answers, const model::Catalog& catalog) {
    std::vector<Size> sizes = draft_of(answers).sizes;
    model::Document document(text_of(answers));
    for (bool grown = true; grown;) {
        double tasks = 0;
        for (const Size& size : sizes) tasks = std::max(tasks, size.count * size.tasks);
        for (const Size& size : sizes) {
            if (size.count > most_of_a_part)
                return model::fail({}, "",
                                   "no platform of this shape is large enough: " + size.component +
                                       " would need more than a hundred thousand " + size.field);
            auto sized = document.with({"components", size.component, size.field}, size.text());
            if (!sized) return tl::unexpected(sized.error());
            document = *std::move(sized);
            if (size.beside.empty()) continue;
            sized = document.with({"components", size.component, size.beside},
                                  std::to_string(std::lround(std::max(4 * size.count, tasks))));
            if (!sized) return tl::unexpected(sized.error());
            document = *std::move(sized);
        }
        const auto scenario = read(document, catalog);
        if (!scenario) return tl::unexpected(scenario.error());
        const auto forms = sim::closed_forms(*scenario, catalog, {});
        if (!forms) return tl::unexpected(forms.error());
        grown = grow(sizes, *forms, answers.shape == Shape::service ? 1 : answers.peak);
    }
    FirstScenario first{document.text(), {}};
    for (const Size& size : sizes) {
        char used[32];
        std::snprintf(used, sizeof used, "%.0f %%", 100 * size.used);
        first.sizes.push_back(size.component + ": " + size.text() +
                              (size.unit.empty() ? " " + size.field : "") + ", used to " + used);
    }
    return first;
}

}  // namespace headroom::desktop
