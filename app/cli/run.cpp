#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "model/units/unit.h"

namespace headroom::cli {

namespace {

std::string timing(const model::RunResult& result) {
    return model::format_quantity(result.records, {}) + " visits in " +
           model::format(model::seconds(result.wall_seconds));
}

}  // namespace

int run(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const std::string store = arguments.text("--store");
    if (!store.empty())
        if (const auto usable = try_store(store); !usable) return session.refuse(usable.error());

    const auto result = simulate(*prepared, *catalog, *options, session, "Simulating");
    if (!result) return session.refuse(result.error());
    if (!store.empty()) {
        const auto id = keep(store, *result);
        if (!id) return session.refuse(id.error());
        session.remark("Kept as run " + std::to_string(*id) + " in " + store + ".");
    }
    if (session.json())
        session.print(model::to_json(*result));
    else if (arguments.has("--csv"))
        session.print(run_csv(*result));
    else if (arguments.has("--markdown"))
        session.print(run_markdown(*result));
    else
        session.print(run_text(*result, prepared->scenario, arguments.has("--all"), session.colours()));
    session.remark(timing(*result));
    return result->any_broken() ? exit_broken : exit_good;
}

}  // namespace headroom::cli
