#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"

namespace headroom::cli {

int compare(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const std::string& name_a = arguments.positionals[0];
    const std::string& name_b = arguments.positionals[1];
    const auto prepared_a = prepare(name_a, arguments, *catalog, session);
    if (!prepared_a) return session.refuse(prepared_a.error());
    const auto prepared_b = prepare(name_b, arguments, *catalog, session);
    if (!prepared_b) return session.refuse(prepared_b.error());
    const std::string store = arguments.text("--store");
    if (!store.empty())
        if (const auto usable = try_store(store); !usable) return session.refuse(usable.error());

    const auto a = simulate(*prepared_a, *catalog, *options, session, "Simulating A");
    if (!a) return session.refuse(a.error());
    const auto b = simulate(*prepared_b, *catalog, *options, session, "Simulating B");
    if (!b) return session.refuse(b.error());
    if (!store.empty())
        for (const model::RunResult* result : {&*a, &*b})
            if (const auto id = keep(store, *result); !id) return session.refuse(id.error());

    const Compared compared{prepared_a->scenario, *a, *b, model::compare(*a, *b)};
    if (session.json())
        session.print(comparison_json(compared));
    else if (arguments.has("--csv"))
        session.print(comparison_csv(compared));
    else
        session.print(comparison_text(compared, name_a, name_b, arguments.has("--all"), session.colours()));
    // The variant is what a pipeline would gate on.
    return b->any_broken() ? exit_broken : exit_good;
}

}  // namespace headroom::cli
