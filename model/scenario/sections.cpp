#include "model/scenario/section_fields.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace headroom::model {

Field text(Words words) {
    return {{.name = words.name, .type = ParameterType::text, .help = words.help, .example = words.example}};
}
Field number(Words words, ParameterType type, Dimension dimension, double min, double max,
             const char* standard, const char* noun) {
    return {{.name = words.name,
             .type = type,
             .dimension = dimension,
             .noun = noun,
             .default_text = standard,
             .min = min,
             .max = max,
             .help = words.help,
             .example = words.example}};
}
Field needed(Field field) {
    field.spec.required = true;
    return field;
}
Field shaped(Words words, Shape shape, const Section* section) {
    return {{.name = words.name, .type = ParameterType::text, .help = words.help, .example = words.example},
            shape,
            section};
}

namespace {

using namespace dimensions;
using Type = ParameterType;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double hour = 3600, day = 24 * hour, year = 8760 * hour;

const Section& replications() {
    static const Section section{
        "replications",
        "How many independent replications are run.",
        {number({"min", "Fewest replications.", "5"}, Type::count, item, 2, 10'000, "5"),
         number({"max", "Most replications, should the precision not be met before.", "64"}, Type::count,
                item, 2, 10'000, "64")}};
    return section;
}

const Section& precision() {
    static const Section section{
        "precision",
        "When a figure is exact enough.",
        {number({"half-width", "Half-width of the confidence interval relative to the mean.", "5 %"},
                Type::quantity, none, 0.0001, 1, "5 %"),
         number({"confidence", "Confidence of the intervals.", "95 %"}, Type::quantity, none, 0.5, 0.9999,
                "95 %"),
         shaped({"replications", "How many independent replications are run.", "{min: 5, max: 64}"},
                Shape::section, &replications())}};
    return section;
}

const Section& failure() {
    static const Section section{
        "failure",
        "Something that takes capacity away for a time: a lost node, a zone, a deployment.",
        {needed(shaped(
             {"of", "The component that it hits, or a list of components hit at the same time.", "brokers"},
             Shape::ids)),
         text({"takes",
               "What is gone: 'node', where each node of the component fails on its own; 'all'; or a share "
               "of the capacity, such as 33 % for one zone of three. 'node' where all components have nodes, "
               "else 'all'.",
               "33 %"}),
         number(
             {"every", "Time from a repair to the next failure; exponential unless a distribution is given.",
              "90 d"},
             Type::distribution, time, 1e-3, 1e5 * year),
         number({"repair", "How long the capacity is gone.", "{lognormal: {mean: 20 min, cv: 1}}"},
                Type::distribution, time, 0, 100 * year),
         number({"at", "Happens once, at this moment of the horizon, instead of 'every' so often.", "12 h"},
                Type::quantity, time, 0, 100 * year),
         {{.name = "work",
           .type = Type::choice,
           .default_text = "restart",
           .choices = {"resume", "restart", "lose"},
           .help = "What becomes of work that is interrupted: it goes on where it was, begins anew, or is "
                   "lost.",
           .example = "restart"}}}};
    return section;
}

const Section& recovery() {
    static const Section section{
        "recovery",
        "How data come back after a loss. What is safe then is the recovery point, and how long it takes "
        "until "
        "all is as usual again is the recovery time.",
        {needed(shaped({"of", "The component whose data are gone, or a list of components.", "orders"},
                       Shape::ids)),
         needed({{.name = "loss",
                  .type = Type::choice,
                  .choices = {"node", "disk", "zone", "region"},
                  .help = "What is lost. It names the figures: 'recovery point of <workload> in <component>: "
                          "region <= 1 min'.",
                  .example = "region"}}),
         text({"from",
               "The component that holds the copy one recovers from. Without it, 'snapshot-every' and 'lag', "
               "copies within the component have all that it has acknowledged.",
               "orders-there"}),
         number({"snapshot-every", "How often a copy is taken that one recovers from.", "6 h"},
                Type::quantity, time, 1, 10 * year),
         number(
             {"lag",
              "Time by which copies within the component are behind, where records are acknowledged before "
              "all copies have them.",
              "{exponential: 200 ms}"},
             Type::distribution, time, 0, year),
         number({"detection", "Time until the loss is known.", "1 min"}, Type::quantity, time, 0, year,
                "0 s"),
         number({"failover", "Time from then until what stands in is there.", "20 min"}, Type::quantity, time,
                0, year, "0 s"),
         number({"restore",
                 "Rate at which all that the component holds is read back before it answers; nothing is, if "
                 "left out.",
                 "1 GB/s"},
                Type::quantity, data_rate, 1, 1e15)}};
    return section;
}

const Section& region() {
    static const Section section{
        "region",
        "Components that share a room of limited size: memory, connections, licences.",
        {needed(shaped({"components", "The components in it.", "[parse, store]"}, Shape::ids)),
         needed(number({"capacity", "Most items that can be in these components together.", "100"},
                       Type::count, item, 1, 1e9, "", "items")),
         {{.name = "by-workload",
           .type = Type::numbers_by_class,
           .help = "Limits of workloads within the capacity; those left out have none of their own.",
           .example = "{gold: 60, silver: 40}"}},
         {{.name = "when-full",
           .type = Type::choice,
           .default_text = "drop",
           .choices = {"drop", "block", "retry"},
           .help = "What happens to an item that comes when there is no room: it is rejected (drop); it "
                   "waits outside in order of arrival and occupies nothing meanwhile (block); or it comes "
                   "again later (retry).",
           .example = "block"}},
         number({"retry-after",
                 "Time after which an item that found no room tries again, each on its own, under "
                 "'when-full: retry'.",
                 "{exponential: 1 s}"},
                Type::distribution, time, 0, year),
         {{.name = "attempts",
           .type = Type::count,
           .noun = "attempts",
           .default_text = "unlimited",
           .min = 1,
           .max = 1e6,
           .help = "How often an item tries to enter before it is rejected, the first time included, under "
                   "'when-full: retry'.",
           .example = "5",
           .words = {{"unlimited", inf}}}}}};
    return section;
}

const Section& node_group() {
    static const Section section{
        "node-group",
        "Nodes on which several components run.",
        {needed(number({"nodes", "Number and instance type.", "6 x r5d.4xlarge"}, Type::nodes, none, 0, 0)),
         number({"zones", "Availability zones over which the nodes are spread evenly.", "3"}, Type::count,
                item, 1, 6, "1", "zones"),
         {{.name = "purchase",
           .type = Type::shares,
           .help = "How the nodes are bought: shares by the ways for which the price book has a price; the "
                   "rest is "
                   "on demand.",
           .example = "{reserved-3y: 60 %, spot: 20 %}"}},
         number({"disk", "Block storage of each node, beyond its local disks.", "500 GB"}, Type::quantity,
                data, 0, 1e15, "0 B"),
         {{.name = "disk-type",
           .type = Type::choice,
           .default_text = "gp3",
           .choices = {"gp3", "gp2", "io2", "st1", "sc1"},
           .help = "Kind of block storage.",
           .example = "gp3"}}}};
    return section;
}

/// Planning values without a source: what one engineer operates, and for how long a development serves.
const Section& people() {
    static const Section section{
        "people",
        "Who builds and runs the platform. Their price is the price book's people.operations and "
        "people.development.",
        {number({"nodes-per-engineer", "Nodes that one engineer operates.", "50"}, Type::quantity, none, 0.01,
                1e9, "50"),
         number({"services-per-engineer", "Managed services that one engineer operates.", "10"},
                Type::quantity, none, 0.01, 1e9, "10"),
         number({"operations", "Engineers that operate it, instead of what the two assumptions above give.",
                 "3.5"},
                Type::quantity, none, 0, 1e6),
         number({"development", "Person-months that it takes to build.", "36"}, Type::quantity, none, 0, 1e7,
                "0"),
         number({"life", "Time over which the development is written off.", "3 y"}, Type::quantity, time, day,
                100 * year, "3 y")}};
    return section;
}

const Section& report() {
    static const Section section{
        "report",
        "What readers of the report are told beyond the figures. Nothing of it is simulated.",
        {text({"author", "Who answers for the plan.", "Data platform team"}),
         text({"date", "Date of the plan, or since when the platform is like this: a year, a month or a day.",
               "2026-11-21"}),
         text({"headline", "Headline of the press release.", "Clicks on the dashboard within two minutes"}),
         text({"customer", "Who the customer is.", "200 analysts of the shop"}),
         text({"problem", "The customer's problem.", "Dashboards show yesterday"}),
         text({"benefit", "The most important benefit.", "A broken campaign is seen while it runs"}),
         text({"evidence", "How we know what the customer needs.", "Twelve interviews in March"}),
         text({"experience", "What it is like for the customer.", "The page answers before one looks away"}),
         text({"quote", "What a customer will say.", "I stopped exporting to spreadsheets"}),
         text({"decision", "What is to be decided, in the architect's words.",
               "Two warehouse nodes, not one"}),
         shaped({"faq", "Answers by question.", "{Why not one node?: Reports would take two seconds}"},
                Shape::texts),
         shaped({"risks", "What is done about a risk, by risk.", "{Keys are skewed: measured in May}"},
                Shape::texts),
         shaped({"roll-out", "What is done, by when.", "{Month 1: brokers and lake}"}, Shape::texts),
         shaped({"alternatives", "Scenario files that were considered, by name.",
                 "{Lean: 05-click-analytics-lean.yaml}"},
                Shape::texts)}};
    return section;
}

}  // namespace

const Field& Section::field(std::string_view name) const {
    for (const Field& one : fields)
        if (one.spec.name == name) return one;
    throw std::logic_error("section '" + id + "' has no field '" + std::string(name) + "'");
}

std::vector<std::string> Section::names() const {
    std::vector<std::string> all;
    for (const Field& one : fields) all.push_back(one.spec.name);
    return all;
}

const Section& file_section() {
    static const Section section{
        "scenario",
        "A plan: workloads, components, how they are linked, and the objectives.",
        {needed(number({"headroom", "Version of the file format.", "1"}, Type::count, none, 1, 1e6)),
         text({"name", "Name of the scenario.", "Click analytics"}),
         text({"question", "The question that the scenario answers.", "Does it keep up on sale day?"}),
         text({"extends",
               "Another scenario file; this one then holds only what differs. null removes a field.",
               "03-click-analytics.yaml"}),
         text({"catalog",
               "Price book by which the bill is made: one of the catalogue, or a file of your own, which can "
               "extend "
               "one of them.",
               "aws-us-east-1-2026"}),
         number({"horizon", "Simulated time.", "1 d"}, Type::quantity, time, 1e-3, 100 * year, "1 h"),
         number(
             {"warm-up", "Time at the start that is left out; found automatically if not given.", "10 min"},
             Type::quantity, time, 0, 100 * year),
         shaped({"precision", precision().help.c_str(), "{half-width: 5 %, confidence: 95 %}"},
                Shape::section, &precision()),
         number({"seed", "Start of the random numbers; equal seeds give equal results.", "1"}, Type::count,
                none, 0, 9'007'199'254'740'991.0, "1"),
         needed(shaped({"workloads", "What arrives, by id.", ""}, Shape::workloads, &workload())),
         shaped({"node-groups", "Nodes that components share, by id.", "{workers: {nodes: 6 x r5d.4xlarge}}"},
                Shape::node_groups, &node_group()),
         shaped({"people", people().help.c_str(), "{development: 36}"}, Shape::section, &people()),
         needed(shaped({"components", "What the platform consists of, by id.", ""}, Shape::components)),
         needed(shaped(
             {"links",
              "The ways from workloads through components. A link holds for every workload that comes to its "
              "first component; where workloads part, that component has a 'routing' by workload.",
              "clicks -> brokers -> [lake, warehouse]"},
             Shape::links)),
         shaped({"failures", "What fails, how often and for how long, by id.",
                 "{broker-loss: {of: brokers, every: 90 d, repair: 20 min}}"},
                Shape::failures, &failure()),
         shaped({"recovery", "How data come back after a loss, by id.",
                 "{region-lost: {of: orders, loss: region, from: orders-there, failover: 20 min}}"},
                Shape::recoveries, &recovery()),
         shaped({"regions", "Components that share a room of limited size, by a name of the region.",
                 "{memory: {components: [parse, store], capacity: 100}}"},
                Shape::regions, &region()),
         shaped({"objectives", "What must hold.", "freshness of clicks in warehouse: p99 <= 3 min"},
                Shape::objectives),
         shaped({"layout", "Where the canvas shows things: [x, y] by id.", "[120, 40]"}, Shape::layout),
         shaped(
             {"groups", "Named frames on the canvas: lists of ids by name.", "{Ingest: [brokers, enrich]}"},
             Shape::groups),
         shaped({"report", report().help.c_str(), "{customer: 200 analysts of the shop}"}, Shape::section,
                &report())}};
    return section;
}

}  // namespace headroom::model
