#include "app/cli/calibration_options.h"
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/units/unit.h"
#include "sim/operators/rewrite.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

const char* word_for(sim::SchemaChange::Kind kind) {
    switch (kind) {
        case sim::SchemaChange::Kind::added:
            return "added";
        case sim::SchemaChange::Kind::removed:
            return "removed";
        case sim::SchemaChange::Kind::retyped:
            return "retyped";
        case sim::SchemaChange::Kind::now_required:
            return "now required";
        case sim::SchemaChange::Kind::now_nullable:
            break;
    }
    return "may now be null";
}

std::string verdict(bool backward, bool forward) {
    if (backward && forward) return "full";
    if (backward) return "backward";
    return forward ? "forward" : "none";
}

std::string dollars_of(double amount) {
    return model::format_quantity(amount, model::dimensions::money, {.digits = 4});
}

std::string quantity(double value, model::Dimension dimension) {
    return model::format_quantity(value, dimension);
}

std::string with_interval(const model::Measured& figure, model::Dimension dimension) {
    return std::isfinite(figure.half_width)
               ? quantity(figure.value, dimension) + " ± " +
                     model::format_quantity(figure.half_width, dimension, {.digits = 2})
               : quantity(figure.value, dimension);
}

std::string text_of(const sim::RewriteCost& cost, bool colours) {
    Table table{{{"rewrite"},
                 {"class"},
                 {"stored", true},
                 {"records", true},
                 {"core time", true},
                 {"compute", true},
                 {"requests", true},
                 {"retrieval", true},
                 {"cost, once", true}},
                {}};
    for (const sim::RewriteLine& line : cost.lines)
        table.rows.push_back({line.component, line.tier, model::format(line.stored),
                              quantity(line.records, model::dimensions::none),
                              with_interval(line.core_seconds, model::dimensions::time),
                              dollars_of(line.compute),
                              line.files > 0 ? dollars_of(line.requests) : std::string(),
                              dollars_of(line.retrieval), dollars_of(line.total())});
    table.rows.push_back(
        {{"total", Tone::strong}, "", "", "", "", "", "", "", {dollars_of(cost.total()), Tone::strong}});
    std::string text = "\n" + print(table, colours);
    for (const std::string& note : cost.notes) text += "  " + wrap(note, 94, "  ") + "\n";
    return text;
}

Json json_of(const sim::RewriteCost& cost) {
    Json lines = Json::array();
    for (const sim::RewriteLine& line : cost.lines)
        lines.push_back({{"component", line.component},
                         {"class", line.tier},
                         {"stored_bytes", line.stored.value()},
                         {"records", line.records},
                         {"files", line.files},
                         {"core_seconds", line.core_seconds.value},
                         {"core_seconds_half_width", line.core_seconds.half_width},
                         {"compute_dollars", line.compute},
                         {"requests_dollars", line.requests},
                         {"retrieval_dollars", line.retrieval},
                         {"dollars", line.total()}});
    return {{"instance", cost.instance},
            {"core_hour_dollars", cost.core_hour},
            {"core_seconds_of_a_record", cost.time_per_record.value},
            {"stored_bytes_of_a_record", cost.stored_record},
            {"stores", lines},
            {"dollars", cost.total()},
            {"notes", cost.notes}};
}

/// What the change costs in the scenario that --scenario names.
model::Expected<sim::RewriteCost> rewrite(const Arguments& arguments, const sim::CalibrationOptions& options,
                                          const sim::Schema& before, const sim::Schema& after,
                                          Session& session) {
    const std::string ending = std::filesystem::path(arguments.positionals[0]).extension().string();
    if (ending == ".yaml" || ending == ".yml")
        return tl::unexpected(
            problem("--scenario",
                    "needs a sample of the stored records as OLD, to measure on what rewriting "
                    "them takes; " +
                        arguments.positionals[0] + " holds only their fields"));
    const auto catalog = load_catalog();
    if (!catalog) return tl::unexpected(catalog.error());
    const auto prepared = prepare(arguments.text("--scenario"), arguments, *catalog, session);
    if (!prepared) return tl::unexpected(prepared.error());
    const auto estimated = sim::estimate(prepared->scenario, *catalog, prepared->calibrations);
    if (!estimated) return tl::unexpected(estimated.error());
    const auto measured = sim::measure_rewrite(
        arguments.positionals[0], before, after, options,
        [&](const sim::CalibrationProgress& p) { session.show_progress("Measuring", p.fraction, p.step); },
        session.stop());
    session.clear_progress();
    if (!measured) return tl::unexpected(measured.error());
    return sim::rewrite_cost(prepared->scenario, *catalog, estimated->bill, *measured,
                             arguments.has("--nodes") ? arguments.text("--nodes") : "m5.large");
}

}  // namespace

int evolve(const Arguments& arguments, Session& session) {
    const auto options = calibration_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto before = sim::read_schema(arguments.positionals[0], *options, session.stop());
    if (!before) return session.refuse(before.error());
    const auto after = sim::read_schema(arguments.positionals[1], *options, session.stop());
    if (!after) return session.refuse(after.error());

    std::optional<sim::RewriteCost> cost;
    if (arguments.has("--scenario")) {
        auto found = rewrite(arguments, *options, *before, *after, session);
        if (!found) return session.refuse(found.error());
        cost = *std::move(found);
    } else if (arguments.has("--nodes")) {
        return session.refuse(
            problem("--nodes", "says where stored records are rewritten; it goes with --scenario"));
    }
    const std::vector<sim::SchemaChange> changes = sim::compare_schemas(*before, *after);
    const bool backward =
        std::all_of(changes.begin(), changes.end(), [](const auto& c) { return c.backward; });
    const bool forward = std::all_of(changes.begin(), changes.end(), [](const auto& c) { return c.forward; });
    if (session.json()) {
        Json list = Json::array();
        for (const sim::SchemaChange& change : changes)
            list.push_back({{"field", change.field},
                            {"change", word_for(change.kind)},
                            {"before", change.before},
                            {"after", change.after},
                            {"backward", change.backward},
                            {"forward", change.forward}});
        Json answer{{"changes", list}, {"compatible", verdict(backward, forward)}};
        if (cost) answer["rewrite"] = json_of(*cost);
        session.print(answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
        return backward || forward ? exit_good : exit_broken;
    }
    Table table{{{"field"}, {"change"}, {"before"}, {"after"}, {"backward"}, {"forward"}}, {}};
    const auto mark = [](bool fine) { return Cell(fine ? "yes" : "no", fine ? Tone::good : Tone::bad); };
    for (const sim::SchemaChange& change : changes)
        table.rows.push_back({change.field, word_for(change.kind), change.before, change.after,
                              mark(change.backward), mark(change.forward)});
    session.print(changes.empty() ? "Nothing changed.\n" : print(table, session.colours()));
    session.print("Compatible: " + verdict(backward, forward) + "\n");
    if (cost) session.print(text_of(*cost, session.colours()));
    return backward || forward ? exit_good : exit_broken;
}

}  // namespace headroom::cli
