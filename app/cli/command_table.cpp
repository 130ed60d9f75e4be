#include "app/cli/commands.h"
#include "app/cli/options.h"

#include <algorithm>

namespace headroom::cli {

const std::vector<Command>& commands() {
    static const Positional scenario{"FILE", "Scenario file."};
    static const std::vector<Command> table{
        {"check",
         "say what is wrong with scenario files",
         "Reads and checks each file. Every problem is one line with its place; nothing is simulated.",
         {{"FILE", "Scenario files.", 1, 1000}},
         {"--set", "--json"},
         "headroom check scenarios/*.yaml",
         check},
        {"run",
         "simulate a scenario and say whether it meets its objectives",
         "Simulates until the figures are as precise as the scenario asks, and prints the verdict on each "
         "objective, "
         "the figures with their confidence intervals beside the closed forms, the bill of a month, and "
         "notes where "
         "the answer deserves caution.",
         {scenario},
         {"--level", "--horizon", "--seed", "--replications", "--threads", "--set", "--store", "--all",
          "--json", "--csv", "--markdown"},
         "headroom run scenarios/03-click-analytics.yaml --set components.warehouse.slots=8",
         run},
        {"bill",
         "simulate a scenario and show what it costs, line by line",
         "Prints each line of the bill of a month with its usage, its price and the price's source, the cost "
         "for "
         "each unit of what the platform does, and the cost of the years to come under the workloads' "
         "growth, from "
         "an empty start. Prices without a source are marked.",
         {scenario},
         {"--level", "--horizon", "--seed", "--replications", "--threads", "--set", "--json", "--csv"},
         "headroom bill scenarios/03-click-analytics.yaml",
         bill},
        {"compare",
         "simulate two scenarios and show the difference",
         "Runs both scenarios with common random numbers and shows each difference (B minus A) with its "
         "confidence "
         "interval, paired by replication. Options apply to both.",
         {{"A", "Scenario file of the baseline."}, {"B", "Scenario file of the variant."}},
         {"--level", "--horizon", "--seed", "--replications", "--threads", "--set", "--store", "--all",
          "--json", "--csv"},
         "headroom compare baseline.yaml variant.yaml",
         compare},
        {"why",
         "say why objectives are broken, and what would mend them",
         "Simulates the scenario. For each objective that is not met it goes from the symptom to the causes "
         "in up to five steps, and searches the smallest change of a single parameter that mends it: by "
         "closed "
         "form, confirmed by simulation.",
         {scenario},
         {"--level", "--horizon", "--seed", "--replications", "--threads", "--set", "--json"},
         "headroom why scenarios/05-click-analytics-lean.yaml",
         why},
        {"size",
         "find the cheapest configuration that meets the objectives",
         "Sizes every capacity that costs something and relieves its component (nodes, shards, capacities), "
         "or "
         "the fields that --vary names: numbers, pools of nodes (instance types without a number are given "
         "one), "
         "and choices that are no sizes, such as a format, a way of buying or the tiers of a lifecycle. "
         "Closed forms screen hundreds of configurations, corrected by "
         "simulations; "
         "the cheapest, those just below it, roomier ones and the scenario as it is are simulated, and the "
         "cheapest that meets every objective is chosen with a stated probability of being the right one "
         "among "
         "them. Every other one is told why not. With --uncertain, each is weighed over futures drawn from "
         "the "
         "intervals, and the one of least regret is named. --output writes the choice as a variant of FILE. "
         "The "
         "exit code is 1 if none meets the objectives.",
         {scenario},
         {"--vary", "--uncertain", "--penalty", "--most-utilisation", "--confidence", "--output", "--level",
          "--horizon", "--seed", "--threads", "--set", "--json", "--csv", "--markdown"},
         "headroom size scenarios/11-fraud-features.yaml -o sized.yaml",
         size},
        {"growth",
         "say when growth breaks a platform, what to enlarge when, and what it costs",
         "Follows the scenario month by month under the growth of its workloads (their field 'growth', or "
         "--growth), with seasons and events that lie ahead. Each month is its busiest stretch of the "
         "scenario's horizon. Closed forms screen all months; those around which something breaks are "
         "simulated. It says when each component is full and each objective breaks, between which months "
         "where the growth is an interval, what has to be enlarged when so that all hold, whether a year or "
         "three of commitment pay for the nodes, and what the bill of each month becomes as data piles up. "
         "The exit code is 1 if an objective breaks with the platform as it is.",
         {scenario},
         {"--growth", "--ahead", "--buy-for", "--most-utilisation", "--level", "--seed", "--replications",
          "--threads", "--set", "--json", "--csv"},
         "headroom growth scenarios/03-click-analytics.yaml --growth \"30..50 %/year\"",
         growth},
        {"forecast",
         "fit growth, seasons and events to measured history and write a workload profile",
         "Reads a CSV file of a rate or of counts at regular times, as a monitoring system exports it, and "
         "fits "
         "base, growth, seasons of day, week and year where the history is long enough, and events (of a "
         "file, "
         "or found as outliers), by least squares of the logarithm with correlated residuals. What is "
         "missing, "
         "repeated or out of order is counted and shown. The end of the history is held back, foretold and "
         "compared with repeating the latest season. The result is a profile as scenario files have it; with "
         "--onto and --output it is a variant of a scenario.",
         {{"FILE", "CSV file: the first column holds the times."}},
         {"--column", "--unit", "--events", "--workload", "--onto", "--hold-back", "--ahead", "--output",
          "--json", "--csv"},
         "headroom forecast scenarios/data/clicks-history.csv --workload clicks",
         forecast},
        {"whatif",
         "say what failures, replays and backfills do to a scenario",
         "Simulates a day in which nothing happens and, with the same random numbers, days in which "
         "something "
         "does at the busiest moment: every component fails on which a workload depends alone, every zone, a "
         "node of the busiest component, all spot nodes; streams come again at three times their rate, or "
         "half "
         "as much again for a long time beside the live ones. One table says how much waits and where, how "
         "long it takes "
         "to drain, how much data of streams waits to be processed, what is lost and which objectives break. "
         "The exit code is 1 if an incident breaks an objective.",
         {scenario},
         {"--outage", "--level", "--horizon", "--seed", "--replications", "--threads", "--set", "--json",
          "--csv", "--markdown"},
         "headroom whatif scenarios/03-click-analytics.yaml",
         whatif},
        {"sensitivity",
         "say which inputs decide the cost, the response time, the freshness",
         "Moves the inputs that can turn out otherwise than assumed (loads, sizes, and what the parameters "
         "declare as measured: service times, yields, rates of the hardware), or those that --uncertain "
         "names, "
         "and says for each objective's figure and the cost which of them it hangs on. Figures come from "
         "closed "
         "forms, or from simulations where --level is given. --store keeps the points, so that what was "
         "stopped "
         "goes on; --output writes the study file instead of running it, to be changed, shared out and run "
         "by "
         "'study run'. The exit code is 1 if an objective breaks within the ranges.",
         {scenario},
         {"--uncertain", "--spread", "--method", "--samples", "--metric", "--level", "--horizon", "--seed",
          "--replications", "--threads", "--set", "--store", "--output", "--charts", "--all", "--json",
          "--csv", "--markdown"},
         "headroom sensitivity scenarios/11-fraud-features.yaml --method morris",
         sensitivity},
        {"report",
         "write the planning report of a run as PDF, HTML, Markdown or workbook",
         "Simulates the scenario and writes its planning report, or writes that of a run in a results store "
         "(--store and --run, without FILE): verdicts, what is hard to take back, why objectives are broken "
         "and what "
         "mends them, sizing, failures, cost over years, risks and what to measure next. Texts of the "
         "section "
         "'report' of the scenario file go into it. Several files are compared with the first; where each of "
         "them says "
         "its date (report.date), the report tells how one became the next. A workbook's bill is live: "
         "change a price and the totals move. "
         "The same input gives the same bytes.",
         {{"FILE", "Scenario file; several are compared.", 0, 20}},
         {"--output", "--format", "--sections", "--template", "--baseline", "--claims", "--level",
          "--horizon", "--seed", "--replications", "--threads", "--set", "--store", "--run", "--json"},
         "headroom report scenarios/03-click-analytics.yaml -o plan.pdf",
         report},
        {"study",
         "sweep a parameter and keep the results",
         "Runs the scenario once for each value of the swept field and keeps every finished point in a "
         "results "
         "store, FILE with the ending .results.db in the current folder unless --store names one. A study "
         "that was "
         "stopped, even by force, goes on where it was: a finished point is never repeated. The exit code is "
         "1 if an objective is broken at any point.",
         {scenario},
         {"--vary", "--level", "--horizon", "--seed", "--replications", "--threads", "--set", "--store",
          "--shard", "--output", "--json", "--csv", "--markdown"},
         "headroom study scenarios/03-click-analytics.yaml --vary components.warehouse.slots=3,5,8",
         study},
        {"study run",
         "run the study that a file describes",
         "Runs every point of a study file: scenarios, variants and factors (lists, ranges, logarithmic "
         "ranges) combined in full, or drawn as a Latin hypercube or a Sobol sequence, or so that they tell "
         "which factors decide a figure: one at a time, by Morris's trajectories, by Sobol's indices. Points "
         "are run side by "
         "side and kept as soon as they are finished, so that a study which was stopped, even by force, goes "
         "on "
         "where it was; the number of threads never changes a result. Started by mpirun or srun, the ranks "
         "share "
         "the points and rank 0 keeps them; a rank that dies loses only what it was running, which the same "
         "command repeats. The exit code is 1 if an objective is broken at any point.",
         {{"FILE", "Study file."}},
         {"--threads", "--store", "--shard", "--output", "--json", "--csv", "--markdown"},
         "headroom study run scenarios/studies/warehouse.yaml",
         study_run},
        {"study merge",
         "take the parts of a study together",
         "Copies the finished points of the studies of each results store into the one that --store names, "
         "which is created if it is missing. What is finished in both stays as it is.",
         {{"PART", "Results stores.", 1, 100000}},
         {"--store", "--json"},
         "headroom study merge study.*-of-8.results.db --store study.results.db",
         study_merge},
        {"study show",
         "show the studies of a results store",
         "Lists the studies that a results store holds, or shows the points of one of them (or what they say "
         "about its inputs, where its design was made for that), or writes them to "
         "a file (--output): CSV and Parquet have a row for each figure of each point.",
         {{"STUDY", "Number of the study in the list.", 0, 1, Offers::nothing}},
         {"--store", "--output", "--charts", "--json", "--csv", "--markdown"},
         "headroom study show 1 --store 03-click-analytics.results.db",
         study_show},
        {"catalog",
         "show technologies, kinds, instance types and prices with their sources",
         "Without arguments, says what the catalogue holds. With a topic, lists it; with the name of a "
         "technology, "
         "kind, instance type, price book or price, shows everything about it and which of its figures have "
         "no "
         "source.",
         {{"TOPIC",
           "technologies, kinds, instances or prices; or a name.",
           0,
           1,
           Offers::words,
           {"technologies", "kinds", "instances", "prices"}},
          {"ID", "Id within the topic.", 0, 1, Offers::nothing}},
         {"--json", "--csv"},
         "headroom catalog technologies kafka",
         catalog},
        {"schema",
         "print the JSON schema of scenario files",
         "Prints a JSON Schema (2020-12) of scenario files on standard output, for editors and other "
         "programs.",
         {},
         {},
         "headroom schema > scenario.schema.json",
         schema},
        {"calibrate",
         "measure the transforms of a scenario on its sample data",
         "Executes each transform that the scenario names on the sample of the workload that reaches it, at "
         "several sizes and repeatedly, and prints what each step costs, what it lets through, how the keys "
         "are "
         "spread and how the rows compress. Some of the rows are held back, foretold and compared. The "
         "measurements are kept beside the scenario, in the folder calibrations, and later runs use them as "
         "long "
         "as transform and sample stay the same.",
         {{"FILE", "Scenario file; or, with --sample, a transform (.sql or .yaml)."}},
         {"--sample", "--key", "--hold-back", "--time-limit", "--memory-limit", "--set", "--json"},
         "headroom calibrate scenarios/03-click-analytics.yaml",
         calibrate},
        {"evolve",
         "say what changed between two schemas and who can still read whom",
         "Compares two versions of records, each a sample (JSON lines, CSV, Parquet, also compressed) or a "
         "file of "
         "fields (.yaml: {user_id: {type: BIGINT, required: true}}): fields that were added, removed, "
         "retyped, or "
         "may or must now be there. Backward means that new readers can read old records, forward that old "
         "readers can read new records. The exit code is 1 if they can do neither. With --scenario it also "
         "says "
         "what it costs to write every record that the scenario's stores hold anew, measured on OLD.",
         {{"OLD", "Sample or fields before."}, {"NEW", "Sample or fields after."}},
         {"--scenario", "--nodes", "--set", "--time-limit", "--memory-limit", "--json"},
         "headroom evolve clicks-2025.jsonl clicks-2026.jsonl",
         evolve},
        {"audit",
         "put claims about platforms to the test",
         "Reads a file of claims, runs the scenarios that they refer to, and says of each claim what the "
         "model "
         "finds, whether it agrees, what it would take and which assumption decides. Claims that are held "
         "against one another are worked out from the quantities that they state. The exit code is 1 if "
         "any claim does not hold.",
         {{"FILE", "File of claims."}},
         {"--seed", "--replications", "--threads", "--json"},
         "headroom audit scenarios/audit/case-study.yaml",
         audit},
        {"roadmap",
         "follow a platform step by step to another, with what it costs",
         "Reads a file of dated steps, each with a scenario, runs the scenarios, and says of each step "
         "whether its "
         "objectives are met, what it costs a month and in its time, with the step before running beside it "
         "and "
         "what is paid once, what has been paid in all at its end, and whether it can be taken back. The "
         "exit code "
         "is 1 if an objective of any step is broken.",
         {{"FILE", "File of steps."}},
         {"--seed", "--replications", "--threads", "--json"},
         "headroom roadmap scenarios/roadmaps/large-enterprise.yaml",
         roadmap},
        {"validate",
         "hold the simulation against exact results of textbook cases",
         "Simulates queueing systems whose results are known exactly, at record level and with fixed seeds, "
         "and prints each figure with its exact value, its interval and whether it passes. It passes if its "
         "interval holds the exact value and is narrow enough to say something: 5 % of the value at most to "
         "either side, more where the case says so. The intervals of one case hold together with 99.9 % "
         "confidence. With --measured, scenarios that are built from the published rigs of real systems are "
         "run instead, and each figure is printed with what was measured and the error: near (20 % of a "
         "rate, a "
         "mean, a median or a price, 30 % of a quantile from p95 on), off for the reason in its note, or "
         "fitted, "
         "if a parameter was chosen by it. Without a name, all cases are run. The exit code is 1 if any "
         "figure "
         "fails, or is further off than known.",
         {{"CASE", "Names of cases: mm1-0.9.", 0, 1000, Offers::nothing}},
         {"--measured", "--cases", "--seed", "--threads", "--json", "--csv"},
         "headroom validate mm1-0.9 jackson-feedback",
         validate},
        {"man",
         "print the man page",
         "Prints the man page in roff.",
         {},
         {},
         "headroom man > headroom.1",
         man,
         true},
        {"completion",
         "print the completion script for bash",
         "Prints the completion script for bash.",
         {},
         {},
         "headroom completion > headroom.bash",
         completion,
         true},
    };
    return table;
}

const Command* find_command(std::string_view name) {
    const auto found =
        std::find_if(commands().begin(), commands().end(), [&](const Command& c) { return c.name == name; });
    return found == commands().end() ? nullptr : &*found;
}

}  // namespace headroom::cli
