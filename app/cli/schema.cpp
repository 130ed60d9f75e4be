#include "app/cli/commands.h"
#include "app/cli/session.h"

namespace headroom::cli {

int schema(const Arguments&, Session& session) {
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    std::string text = model::scenario_schema(*catalog);
    if (!text.ends_with('\n')) text += '\n';
    session.print(text);
    return exit_good;
}

}  // namespace headroom::cli
