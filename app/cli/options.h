#pragma once
// The one table of subcommands and options. Parsing, --help, the man page and the shell completion are made
// from it.

#include "model/scenario/problem.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::cli {

class Arguments;
class Session;

/// What a shell may offer for a value.
enum class Offers { nothing, files, words };

struct Option {
    std::string_view name;   ///< "--level"
    std::string_view brief;  ///< "-o"; may be empty
    std::string_view value;  ///< "LEVEL"; empty for a flag
    std::string_view help;
    Offers offers = Offers::nothing;
    std::vector<std::string_view> words = {};
    bool repeatable = false;
};

struct Positional {
    std::string_view name;  ///< "FILE"
    std::string_view help;
    int least = 1, most = 1;
    Offers offers = Offers::files;
    std::vector<std::string_view> words = {};
};

struct Command {
    std::string_view name;  ///< "run"; "study show" for a subcommand of a subcommand
    std::string_view summary;
    std::string_view description;
    std::vector<Positional> positionals;
    std::vector<std::string_view> options;  ///< names of rows of options()
    std::string_view example;
    int (*call)(const Arguments&, Session&);
    bool hidden = false;
};

const std::vector<Option>& options();
const Option& option(std::string_view name);
const std::vector<Command>& commands();
const Command* find_command(std::string_view name);

/// What the user gave, by option and by position; conversions say what is wrong with a value.
class Arguments {
public:
    const Command* command = nullptr;
    std::map<std::string, std::vector<std::string>, std::less<>> values;  ///< by option's name
    std::vector<std::string> positionals;

    bool has(std::string_view option) const;
    /// The last value given, or the empty text.
    std::string text(std::string_view option) const;
    std::vector<std::string> all(std::string_view option) const;
};

// Written from the table:
std::string usage_of(const Command& command);
std::string help_text();
std::string help_text(const Command& command);
std::string man_page();
std::string bash_completion();

}  // namespace headroom::cli
