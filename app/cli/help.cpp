// The table of options as help, as man page and as completion script.

#include "app/cli/options.h"
#include "app/cli/table.h"

namespace headroom::cli {

namespace {

constexpr int width = 80;

struct Exit {
    const char *code, *meaning;
};
constexpr Exit exits[] = {
    {"0", "All went well, and every objective of the scenario is met or undecided."},
    {"1", "An objective is broken, or a textbook case fails."},
    {"2", "Bad input: each problem is one line on standard error, with its place. Nothing is written."},
    {"130", "Interrupted; unfinished results are thrown away."},
};

struct Variable {
    const char *name, *meaning;
};
constexpr Variable variables[] = {
    {"HEADROOM_RESOURCES",
     "Folder of the catalogue and other resources, instead of ../share/headroom beside the program."},
    {"NO_COLOR", "If set, nothing is coloured. Colours are used on a terminal only."},
};

std::string label_of(const Option& option) {
    std::string label;
    if (!option.brief.empty()) label = std::string(option.brief) + ", ";
    label += option.name;
    if (!option.value.empty()) label += " " + std::string(option.value);
    return label;
}

std::vector<std::string_view> options_of(const Command& command) {
    std::vector<std::string_view> names = command.options;
    names.push_back("--help");
    return names;
}

/// Two columns: labels, and their meaning wrapped beside them.
std::string glossary(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::size_t longest = 0;
    for (const auto& [label, meaning] : entries) longest = std::max(longest, label.size());
    std::string text;
    for (const auto& [label, meaning] : entries) {
        const std::string indent(longest + 4, ' ');
        text += "  " + label + std::string(longest + 2 - label.size(), ' ');
        text += wrap(meaning, width - static_cast<int>(indent.size()), indent) + "\n";
    }
    return text;
}

std::string roff(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '\\')
            escaped += "\\e";
        else if (c == '-')
            escaped += "\\-";
        else if (c == '\'' && (escaped.empty() || escaped.back() == '\n'))
            escaped += "\\(aq";
        else
            escaped += c;
    }
    if (!escaped.empty() && escaped[0] == '.') escaped.insert(0, "\\&");
    return escaped;
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string text;
    for (const std::string_view word : words) text += (text.empty() ? "" : " ") + std::string(word);
    return text;
}

}  // namespace

std::string usage_of(const Command& command) {
    std::string usage = "headroom " + std::string(command.name);
    for (const Positional& p : command.positionals) {
        std::string name(p.name);
        if (p.most > 1) name += "...";
        usage += p.least == 0 ? " [" + name + "]" : " " + name;
    }
    if (!command.options.empty()) usage += " [OPTION]...";
    return usage;
}

std::string help_text() {
    std::string text =
        "Headroom simulates a planned data platform: does it keep up, how late is the data,\n"
        "what does it cost?\n\nUsage: headroom COMMAND [OPTION]...\n\nCommands\n";
    std::vector<std::pair<std::string, std::string>> entries;
    for (const Command& command : commands())
        if (!command.hidden) entries.emplace_back(command.name, command.summary);
    text += glossary(entries) + "\nOptions\n";
    text += glossary({{"-h, --help", "Shows this help, or that of a command: headroom run --help."},
                      {"--version", std::string(option("--version").help)}});
    text += "\nExit codes\n";
    entries.clear();
    for (const Exit& exit : exits) entries.emplace_back(exit.code, exit.meaning);
    return text + glossary(entries);
}

std::string help_text(const Command& command) {
    std::string text = "Usage: " + usage_of(command) + "\n\n" + wrap(command.description, width, "") + "\n";
    std::vector<std::pair<std::string, std::string>> entries;
    for (const Positional& p : command.positionals) entries.emplace_back(p.name, p.help);
    if (!entries.empty()) text += "\nArguments\n" + glossary(entries);
    entries.clear();
    for (const std::string_view name : options_of(command))
        entries.emplace_back(label_of(option(name)), option(name).help);
    text += "\nOptions\n" + glossary(entries);
    return text + "\nExample\n  " + std::string(command.example) + "\n";
}

std::string man_page() {
    std::string page = ".TH HEADROOM 1 \"\" \"Headroom " HEADROOM_VERSION
                       "\" \"User Commands\"\n"
                       ".SH NAME\nheadroom \\- simulation and capacity planning for data platforms\n"
                       ".SH SYNOPSIS\n";
    for (const Command& command : commands())
        if (!command.hidden) page += ".B " + roff(usage_of(command)) + "\n.br\n";
    page +=
        ".SH DESCRIPTION\nHeadroom simulates a planned data platform that a scenario file describes, and "
        "says "
        "whether it keeps up,\nhow late the data is and what it costs.\n.SH COMMANDS\n";
    for (const Command& command : commands()) {
        if (command.hidden) continue;
        page += ".SS " + roff(usage_of(command)) + "\n" + roff(command.description) + "\n";
        for (const Positional& p : command.positionals)
            page += ".TP\n.I " + roff(p.name) + "\n" + roff(p.help) + "\n";
        if (!command.options.empty()) {
            std::string names;
            for (const std::string_view name : command.options)
                names += (names.empty() ? "" : ", ") + std::string(name);
            page += ".PP\nOptions: " + roff(names) + ".\n";
        }
        page += ".PP\nExample:\n.RS\n.nf\n" + roff(command.example) + "\n.fi\n.RE\n";
    }
    page += ".SH OPTIONS\n";
    for (const Option& o : options()) page += ".TP\n.B " + roff(label_of(o)) + "\n" + roff(o.help) + "\n";
    page += ".SH EXIT STATUS\n";
    for (const Exit& exit : exits)
        page += ".TP\n.B " + std::string(exit.code) + "\n" + roff(exit.meaning) + "\n";
    page += ".SH ENVIRONMENT\n";
    for (const Variable& variable : variables)
        page += ".TP\n.B " + roff(variable.name) + "\n" + roff(variable.meaning) + "\n";
    return page;
}

std::string bash_completion() {
    std::string cases, names;
    for (const Command& command : commands()) {
        if (command.hidden) continue;
        const std::string name(command.name.substr(0, command.name.find(' ')));
        if (name == command.name) names += (names.empty() ? "" : " ") + name;
        if (name != command.name) continue;
        std::string words = joined(options_of(command));
        bool files = false;
        for (const Positional& p : command.positionals) {
            if (!p.words.empty()) words += " " + joined(p.words);
            files = files || p.offers == Offers::files;
        }
        cases += "        " + name + ") words=\"" + words + "\"; files=" + (files ? "1" : "") + " ;;\n";
    }
    std::string values;
    for (const Option& o : options()) {
        if (o.value.empty()) continue;
        const std::string pattern =
            o.brief.empty() ? std::string(o.name) : std::string(o.brief) + "|" + std::string(o.name);
        values += "        " + pattern + ") ";
        if (o.offers == Offers::words)
            values += "COMPREPLY=($(compgen -W \"" + joined(o.words) + "\" -- \"$current\")); ";
        if (o.offers == Offers::files) values += "COMPREPLY=($(compgen -f -- \"$current\")); ";
        values += "return ;;\n";
    }
    return "# Completion of headroom for bash; printed by 'headroom completion'.\n"
           "_headroom() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words files=\n"
           "    COMPREPLY=()\n"
           "    case $previous in\n" +
           values +
           "    esac\n"
           "    case ${COMP_WORDS[1]} in\n" +
           cases + "        *) words=\"" + names +
           " --help --version\" ;;\n"
           "    esac\n"
           "    [ \"$COMP_CWORD\" -gt 1 ] || words=\"" +
           names +
           " --help --version\" files=\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "    [ -z \"$files\" ] || COMPREPLY+=($(compgen -f -- \"$current\"))\n"
           "}\n"
           "complete -o filenames -F _headroom headroom\n";
}

}  // namespace headroom::cli
