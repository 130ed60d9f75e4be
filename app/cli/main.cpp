#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/session.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>

namespace headroom::cli {

namespace {

/// What the parser fills in for one command.
struct Slot {
    const Command* command = nullptr;
    CLI::App* app = nullptr;
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    std::map<std::string, bool, std::less<>> flags;
    std::vector<std::string> positionals;
};

CLI::App* app_for(CLI::App& root, const Command& command) {
    const std::string name(command.name);
    const std::size_t space = name.find(' ');
    CLI::App* parent = space == std::string::npos ? &root : root.get_subcommand(name.substr(0, space));
    return parent->add_subcommand(space == std::string::npos ? name : name.substr(space + 1));
}

void declare(CLI::App& root, Slot& slot) {
    slot.app = app_for(root, *slot.command);
    slot.app->set_help_flag("-h,--help");
    for (const std::string_view name : slot.command->options) {
        const Option& o = option(name);
        const std::string key(o.name);
        const std::string names = o.brief.empty() ? key : std::string(o.brief) + "," + key;
        if (o.value.empty()) {
            slot.app->add_flag(names, slot.flags[key]);
        } else {
            // One value each time that the option is given.
            slot.app->add_option(names, slot.values[key])
                ->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                ->allow_extra_args(false);
        }
    }
    if (!slot.command->positionals.empty()) slot.app->add_option("arguments", slot.positionals);
}

Arguments arguments_of(const Slot& slot) {
    Arguments arguments;
    arguments.command = slot.command;
    arguments.positionals = slot.positionals;
    for (const auto& [name, given] : slot.values)
        if (!given.empty()) arguments.values[name] = given;
    for (const auto& [name, given] : slot.flags)
        if (given) arguments.values[name] = {};
    return arguments;
}

/// Too few or too many positionals, or an option given twice.
std::optional<model::Problems> misuse(const Arguments& arguments) {
    const Command& command = *arguments.command;
    const std::string name = "headroom " + std::string(command.name);
    const std::string hint = "; see '" + name + " --help'";
    std::size_t least = 0, most = 0;
    for (const Positional& p : command.positionals) {
        if (arguments.positionals.size() <= least && p.least > 0)
            return problem("", name + ": " + std::string(p.name) + " is missing" + hint);
        least += static_cast<std::size_t>(p.least);
        most += static_cast<std::size_t>(p.most);
    }
    if (arguments.positionals.size() > most)
        return problem("", name + ": '" + arguments.positionals[most] + "' is one argument too many" + hint);
    for (const auto& [key, given] : arguments.values)
        if (given.size() > 1 && !option(key).repeatable)
            return problem(key, "given " + std::to_string(given.size()) + " times; once is enough");
    return std::nullopt;
}

/// CLI11's sentences name the option, and span lines now and then.
std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n') c = ' ';
    while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
    return text;
}

/// Names the first argument that is neither a command nor one of its options.
model::Problems unexpected(const Command* command, int count, char** texts) {
    const std::string name = command ? "headroom " + std::string(command->name) : "headroom";
    std::vector<std::string> known;
    for (const Command& c : commands())
        if (!command && !c.hidden) known.emplace_back(c.name);
    if (command)
        for (const std::string_view o : command->options) known.emplace_back(o);
    for (int i = 1; i < count; ++i) {
        const std::string text = texts[i];
        const std::string word = text.substr(0, text.find('='));
        const bool is_option = word.size() > 1 && word[0] == '-';
        if (is_option != (command != nullptr)) continue;
        if (word == "--help" || word == "-h" || std::find(known.begin(), known.end(), word) != known.end())
            continue;
        if (word == "-o" && std::find(known.begin(), known.end(), "--output") != known.end()) continue;
        const std::string near = model::nearest_name(word, known);
        return problem("", name + ": there is no " + (command ? "option" : "command") + " '" + word + "'; " +
                               (near.empty() ? "see '" + name + " --help'" : "did you mean '" + near + "'?"));
    }
    return problem("", name + ": an argument is not understood; see '" + name + " --help'");
}

int dispatch(int count, char** texts) {
    bool json = false;
    for (int i = 1; i < count; ++i) json = json || std::strcmp(texts[i], "--json") == 0;
    Session session(json);

    CLI::App root;
    root.set_help_flag("-h,--help");
    bool version = false;
    root.add_flag("--version", version);
    std::vector<Slot> slots(commands().size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        slots[i].command = &commands()[i];
        declare(root, slots[i]);
    }
    // The innermost command that was named.
    const auto chosen = [&]() -> const Slot* {
        const Slot* innermost = nullptr;
        for (const Slot& slot : slots)
            if (slot.app->parsed()) innermost = &slot;
        return innermost;
    };
    try {
        root.parse(count, texts);
    } catch (const CLI::CallForHelp&) {
        session.print(chosen() ? help_text(*chosen()->command) : help_text());
        return session.finish(exit_good);
    } catch (const CLI::ExtrasError&) {
        return session.finish(
            session.refuse(unexpected(chosen() ? chosen()->command : nullptr, count, texts)));
    } catch (const CLI::ParseError& error) {
        const std::string name = chosen() ? "headroom " + std::string(chosen()->command->name) : "headroom";
        return session.finish(session.refuse(
            problem("", name + ": " + one_line(error.what()) + "; see '" + name + " --help'")));
    }
    if (version) {
        session.print("headroom " HEADROOM_VERSION "\n");
        return session.finish(exit_good);
    }
    if (!chosen()) {
        session.print(help_text());
        return session.finish(count > 1 ? exit_bad_input : exit_good);
    }
    const Arguments arguments = arguments_of(*chosen());
    if (const auto wrong = misuse(arguments)) return session.finish(session.refuse(*wrong));
    return session.finish(arguments.command->call(arguments, session));
}

}  // namespace

}  // namespace headroom::cli

int main(int count, char** texts) {
    try {
        headroom::cli::watch_interrupts();
        return headroom::cli::dispatch(count, texts);
    } catch (const std::bad_alloc&) {
        std::fputs("headroom: out of memory\n", stderr);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "headroom: an error that should not happen: %s\n", error.what());
    }
    return headroom::cli::exit_bad_input;
}
