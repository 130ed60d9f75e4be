#include "app/cli/calibration_options.h"
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "sim/operators/schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>

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

}  // namespace

int evolve(const Arguments& arguments, Session& session) {
    const auto options = calibration_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto before = sim::read_schema(arguments.positionals[0], *options, session.stop());
    if (!before) return session.refuse(before.error());
    const auto after = sim::read_schema(arguments.positionals[1], *options, session.stop());
    if (!after) return session.refuse(after.error());

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
        session.print(Json{{"changes", list}, {"compatible", verdict(backward, forward)}}.dump(
                          2, ' ', false, Json::error_handler_t::replace) +
                      "\n");
        return backward || forward ? exit_good : exit_broken;
    }
    Table table{{{"field"}, {"change"}, {"before"}, {"after"}, {"backward"}, {"forward"}}, {}};
    const auto mark = [](bool fine) { return Cell(fine ? "yes" : "no", fine ? Tone::good : Tone::bad); };
    for (const sim::SchemaChange& change : changes)
        table.rows.push_back({change.field, word_for(change.kind), change.before, change.after,
                              mark(change.backward), mark(change.forward)});
    session.print(changes.empty() ? "Nothing changed.\n" : print(table, session.colours()));
    session.print("Compatible: " + verdict(backward, forward) + "\n");
    return backward || forward ? exit_good : exit_broken;
}

}  // namespace headroom::cli
