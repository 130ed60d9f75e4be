// Hidden subcommands that print what is installed: man page and completion script.

#include "app/cli/commands.h"
#include "app/cli/session.h"

namespace headroom::cli {

int man(const Arguments&, Session& session) {
    session.print(man_page());
    return exit_good;
}

int completion(const Arguments&, Session& session) {
    session.print(bash_completion());
    return exit_good;
}

}  // namespace headroom::cli
