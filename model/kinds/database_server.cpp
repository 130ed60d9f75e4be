// One database machine for everything (Oracle Exadata and its like). Reports, nightly loads and single rows
// share its processors and its disks, each at an equal share; whichever of the two is slower sets the speed.
// A batch that runs into the day slows every user, and users lengthen the batch.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

double speed_of(const Component& component) {
    return std::min(component.number("cores") * component.number("core-rate"), component.number("disk-rate"));
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const double speed = speed_of(component);
    const double cores = component.number("cores");
    Lowered lowered;
    Queue machine{.servers = 1, .discipline = Discipline::processor_sharing};
    machine.admitted = static_cast<int>(component.number("sessions"));
    // A row takes core time of its own; a report reads bytes on all cores.
    machine.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        return flow.type == FlowType::stream ? component.distribution("row-time").scaled(1 / cores)
                                             : flow.scan.scaled(1 / speed);
    });
    lowered.stations = {{.name = "overhead",
                         .primitive = Delay{.time = by_class(context.class_count, flows,
                                                             component.distribution("overhead"))}},
                        {.name = "machine", .primitive = std::move(machine)},
                        {.name = "tables",
                         .primitive = Store{.tiers = {{"tables", Duration(component.number("retention"))}}}}};
    for (const Flow& flow : flows) {
        const bool stream = flow.type == FlowType::stream;
        lowered.ways.push_back({.stations = stream ? std::vector<int>{1, 2} : std::vector<int>{0, 1},
                                .out = flow,
                                .readable_at_end = stream});
    }
    const bool by_disk = component.number("disk-rate") <= speed * (1 + 1e-9);
    lowered.notes.push_back("reports read " + format(DataRate(speed)) + " in all, shared by everyone; the " +
                            (by_disk ? "disks are" : "processors are") + " what limits it");
    lowered.notes.push_back("one machine: while it is down, everything is");
    return lowered;
}

}  // namespace

Kind database_server_kind() {
    Kind kind;
    kind.id = "database-server";
    kind.title = "Database server";
    kind.help = "One machine that loads, keeps and answers everything, on shared processors and disks.";
    kind.category = "Query";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::count("cores", "cores", "64", 1, 100'000,
                    "Processor cores of the database; licences follow them."),
        spec::data_rate("core-rate", "100 MB/s",
                        "Bytes of a report that one core works through in a second."),
        spec::data_rate("disk-rate", "10 GB/s", "Bytes that the disks read in a second, all together."),
        spec::count("sessions", "sessions", "500", 1, 1e6,
                    "Statements that run at the same time; further ones wait."),
        spec::time("overhead", "20 ms", "Time of a report that neither disks nor processors spend.",
                   "{exponential: 20 ms}"),
        spec::time("row-time", "200 us", "Core time to insert one record.", "{exponential: 200 us}"),
        spec::size("capacity", "10 TB", 1e9, 1e18,
                   "Bytes that the machine can keep; its disks are paid in full."),
        spec::duration("retention", "5 y", 1, 100 * 365 * 86'400.0, "How long records are kept."),
    };
    kind.billing = {{"machine", "cores of the machine, over the years it is written off"},
                    {"licences", "cores under licence, written off and supported"},
                    {"storage", "bytes of disk, whether used or not"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity&, const Catalog&) {
        return std::vector<Usage>{monthly(component, "machine", component.number("cores")),
                                  monthly(component, "licences", component.number("cores")),
                                  monthly(component, "storage", component.number("capacity"))};
    };
    return kind;
}

}  // namespace headroom::model
