// Claims about platforms put to the test: what the model makes of each, and the assumption that decides.

#include "sim/experiment/audit.h"

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

const char* word_for(sim::Agreement agreement) {
    switch (agreement) {
        case sim::Agreement::agrees:
            return "agrees";
        case sim::Agreement::disagrees:
            return "disagrees";
        case sim::Agreement::undecided:
            return "undecided";
    }
    return "";
}

const char* word_for(sim::Relation relation) {
    return relation == sim::Relation::at_most    ? "at most"
           : relation == sim::Relation::at_least ? "at least"
                                                 : "about";
}

Cell verdict_cell(const sim::Audited& audited) {
    const Tone tone = audited.agreement == sim::Agreement::agrees      ? Tone::good
                      : audited.agreement == sim::Agreement::disagrees ? Tone::bad
                                                                       : Tone::doubtful;
    return {word_for(audited.agreement), tone};
}

/// Without an exponent, to so many digits.
std::string plain(double value, int digits) {
    const double size = std::abs(value);
    const int before = size > 0 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 1;
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", std::max(0, digits - before), value);
    std::string result = text.data();
    if (result.find('.') != std::string::npos) {
        result.erase(result.find_last_not_of('0') + 1);
        if (result.back() == '.') result.pop_back();
    }
    return result;
}

/// Put as the claim puts it: "$276M/y" beside "$100M/y". Nothing where the number in the claim is not what it
/// begins with, apart from a currency.
std::string as_claimed(const sim::Claim& claim, double value, int digits) {
    const std::string& text = claim.bound_text;
    const std::size_t from = text.starts_with('$') ? 1 : 0;
    char* end = nullptr;
    const double number = std::strtod(text.c_str() + from, &end);
    if (end == text.c_str() + from || number == 0 || claim.bound == 0) return {};
    return text.substr(0, from) + plain(value / claim.bound * number, digits) + end;
}

std::string amount(const sim::Claim& claim, double value) {
    if (claim.dimension == model::dimensions::none && std::abs(value) >= 2)
        return model::format_quantity(value, claim.dimension) + "x";
    return model::format_quantity(value, claim.dimension,
                                  {.percent = claim.dimension == model::dimensions::none});
}

std::string found_text(const sim::Audited& audited) {
    const sim::Claim& claim = *audited.claim;
    const double value = audited.found.value, half = audited.found.half_width;
    // What is far off is easier to read in a unit of its own size.
    const bool near = audited.factor() >= 0.1 && audited.factor() < 1e3;
    const auto put = [&](double part, int digits) {
        const std::string text = near ? as_claimed(claim, part, digits) : std::string();
        return text.empty() ? amount(claim, part) : text;
    };
    std::string text = put(value, 4);
    if (!audited.found.exact() && half > 1e-4 * std::abs(value)) text += " ± " + put(half, 2);
    return text;
}

/// "4M events/s x 1 KB x 1 d"
std::string arithmetic(const sim::Claim& claim) {
    std::string text;
    for (const sim::Term& term : claim.is) text += (text.empty() ? "" : " x ") + term.text;
    for (const sim::Term& term : claim.over) text += " / " + term.text;
    return text;
}

std::string text_of(const std::vector<sim::Audited>& all, bool colours) {
    Table table{{{"claim"}, {"claimed", true}, {"found", true}, {"found / claimed", true}, {"the model"}},
                {}};
    Table contradictions = table;
    contradictions.columns.back().title = "together";
    std::string reasons;
    for (const sim::Audited& each : all) {
        const sim::Claim& claim = *each.claim;
        (claim.is_arithmetic() ? contradictions : table)
            .rows.push_back({claim.id, std::string(word_for(claim.relation)) + " " + claim.bound_text,
                             found_text(each),
                             model::format_quantity(each.factor(), model::dimensions::none, {.digits = 2}),
                             verdict_cell(each)});
        reasons += coloured(claim.id, Tone::strong, colours) + ": " +
                   wrap("\"" + claim.says + "\"", 92, "    ") + "\n    " +
                   wrap("from " + arithmetic(claim), 92, "    ") + "\n";
        if (!claim.takes.empty()) reasons += "    " + wrap("It takes: " + claim.takes, 92, "    ") + "\n";
        if (!claim.assumes.empty())
            reasons += "    " + wrap("What decides: " + claim.assumes, 92, "    ") + "\n";
    }
    std::string text;
    if (!table.rows.empty()) text += heading("Claims", colours) + print(table, colours) + "\n";
    if (!contradictions.rows.empty())
        text += heading("Claims against one another", colours) + print(contradictions, colours) + "\n";
    return text + heading("Why", colours) + reasons;
}

std::string json_of(const std::vector<sim::Audited>& all) {
    Json claims = Json::array();
    for (const sim::Audited& each : all) {
        Json claim{{"claim", each.claim->id},
                   {"says", each.claim->says},
                   {"arithmetic", each.claim->is_arithmetic()},
                   {"from", arithmetic(*each.claim)},
                   {"relation", word_for(each.claim->relation)},
                   {"claimed", each.claim->bound},
                   {"found", each.found.value}};
        if (!each.found.exact()) claim["half-width"] = each.found.half_width;
        claim["verdict"] = word_for(each.agreement);
        claim["takes"] = each.claim->takes;
        claim["assumes"] = each.claim->assumes;
        claims.push_back(std::move(claim));
    }
    return Json{{"format", "headroom-audit-1"}, {"claims", claims}}.dump(2, ' ', false,
                                                                         Json::error_handler_t::replace) +
           "\n";
}

}  // namespace

int audit(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto claims = sim::read_claims(arguments.positionals.front());
    if (!claims) return session.refuse(claims.error());
    std::map<std::filesystem::path, model::RunResult> runs;
    bool cancelled = false;
    const auto run_of = [&](const std::filesystem::path& file) -> model::Expected<const model::RunResult*> {
        if (const auto known = runs.find(file); known != runs.end()) return &known->second;
        const auto prepared = prepare(file, arguments, *catalog, session);
        if (!prepared) return tl::unexpected(prepared.error());
        auto result = simulate(*prepared, *catalog, *options, session, file.filename().string());
        if (!result) return tl::unexpected(result.error());
        cancelled = cancelled || result->cancelled;
        return &runs.emplace(file, *std::move(result)).first->second;
    };
    std::vector<sim::Audited> audited;
    for (const sim::Claim& claim : *claims) {
        auto each = sim::audit(claim, run_of);
        if (cancelled) return session.refuse(problem("", "interrupted"));
        if (!each) return session.refuse(each.error());
        audited.push_back(*std::move(each));
    }
    session.clear_progress();
    session.print(session.json() ? json_of(audited) : text_of(audited, session.colours()));
    const bool all_agree = std::all_of(audited.begin(), audited.end(), [](const sim::Audited& each) {
        return each.agreement == sim::Agreement::agrees;
    });
    return all_agree ? exit_good : exit_broken;
}

}  // namespace headroom::cli
