#include "sim/experiment/audit.h"

#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/disagreement.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {

using model::Value;

std::string text_of(const Value& mapping, std::string_view name) {
    const Value* value = mapping.find(name);
    return value != nullptr && value->is_scalar() ? value->text : std::string();
}

model::Expected<Term> read_term(const Value& value, const std::string& field,
                                const std::filesystem::path& folder) {
    Term term;
    if (value.is_scalar()) {
        const auto quantity = model::parse_quantity(value.text);
        if (!quantity) return model::fail(value.place, field, quantity.error());
        term.text = value.text;
        term.value = quantity->value;
        term.dimension = quantity->dimension;
        return term;
    }
    if (auto known = only_fields(value, field, {"scenario", "metric", "subject", "of"}); !known)
        return tl::unexpected(known.error());
    term.key = {text_of(value, "metric"), text_of(value, "subject"), text_of(value, "of")};
    const model::Metric* metric = model::find_metric(term.key.metric);
    if (metric == nullptr)
        return model::fail(value.place, field, "there is no metric '" + term.key.metric + "'");
    const std::string scenario = text_of(value, "scenario");
    if (scenario.empty()) return model::fail(value.place, field, "'scenario' is missing: a file");
    term.scenario = (folder / scenario).lexically_normal();
    term.text = name_of(term.key);
    term.dimension = metric->dimension;
    return term;
}

model::Expected<std::vector<Term>> read_terms(const Value& claim, const char* name, const std::string& field,
                                              const std::filesystem::path& folder) {
    std::vector<Term> terms;
    const Value* list = claim.find(name);
    if (list == nullptr) return terms;
    if (!list->is_sequence())
        return model::fail(list->place, field + "." + name, "a list of quantities and figures expected");
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        auto term = read_term(list->items[i], field + "." + name + "." + std::to_string(i), folder);
        if (!term) return tl::unexpected(term.error());
        terms.push_back(*std::move(term));
    }
    return terms;
}

/// Items count as numbers: 10M events/s x 1 KB is a rate of bytes.
model::Dimension uncounted(model::Dimension dimension) {
    dimension.item = 0;
    return dimension;
}

model::Expected<void> read_bound(const Value& value, Claim& claim) {
    constexpr std::pair<const char*, Relation> words[] = {
        {"at-most", Relation::at_most}, {"at-least", Relation::at_least}, {"about", Relation::about}};
    int found = 0;
    for (const auto& [word, relation] : words) {
        const Value* bound = value.find(word);
        if (bound == nullptr) continue;
        ++found;
        const auto quantity = model::parse_quantity(bound->text);
        if (!quantity) return model::fail(bound->place, claim.id + "." + word, quantity.error());
        if (uncounted(quantity->dimension) != uncounted(claim.dimension))
            return model::fail(bound->place, claim.id + "." + word,
                               "'" + bound->text + "' is " + model::describe(quantity->dimension) +
                                   ", but the terms make " + model::describe(claim.dimension));
        claim.relation = relation;
        claim.bound = quantity->value;
        claim.bound_text = bound->text;
    }
    if (found != 1)
        return model::fail(value.place, claim.id, "one of 'at-most', 'at-least' and 'about' is expected");
    return {};
}

model::Expected<Claim> read_claim(const Value::Entry& entry, const std::filesystem::path& folder) {
    const Value& value = entry.value;
    if (auto known =
            only_fields(value, entry.key,
                        {"says", "is", "over", "at-most", "at-least", "about", "within", "takes", "assumes"});
        !known)
        return tl::unexpected(known.error());
    Claim claim{.id = entry.key,
                .says = text_of(value, "says"),
                .takes = text_of(value, "takes"),
                .assumes = text_of(value, "assumes")};
    if (claim.says.empty()) return model::fail(entry.key_place, entry.key, "'says' is missing: the claim");
    auto is = read_terms(value, "is", entry.key, folder);
    if (!is) return tl::unexpected(is.error());
    if (is->empty()) return model::fail(entry.key_place, entry.key, "'is' is missing: what is claimed about");
    auto over = read_terms(value, "over", entry.key, folder);
    if (!over) return tl::unexpected(over.error());
    claim.is = *std::move(is);
    claim.over = *std::move(over);
    for (const Term& term : claim.is) claim.dimension = claim.dimension * term.dimension;
    for (const Term& term : claim.over) claim.dimension = claim.dimension / term.dimension;
    if (auto bound = read_bound(value, claim); !bound) return tl::unexpected(bound.error());
    if (const std::string text = text_of(value, "within"); !text.empty()) {
        const auto within = model::parse_quantity(text, model::dimensions::none);
        if (!within) return model::fail(value.place, entry.key + ".within", within.error());
        claim.within = *within;
    }
    return claim;
}

model::Expected<model::Estimate> value_of(const Claim& claim, const Term& term, const RunOf& run_of) {
    if (term.scenario.empty()) return model::Estimate{term.value};
    const auto run = run_of(term.scenario);
    if (!run) return tl::unexpected(run.error());
    const model::Figure* figure = (*run)->find(term.key);
    if (figure == nullptr)
        return model::fail({.file = term.scenario.string()}, claim.id,
                           "the run has no figure '" + name_of(term.key) + "'");
    return figure->simulated;
}

}  // namespace

bool Claim::is_arithmetic() const {
    const auto stated = [](const Term& term) { return term.scenario.empty(); };
    return std::all_of(is.begin(), is.end(), stated) && std::all_of(over.begin(), over.end(), stated);
}

model::Expected<std::vector<Claim>> read_claims(const std::filesystem::path& file) {
    const auto tree = read_tree(file, "the file of claims");
    if (!tree) return tl::unexpected(tree.error());
    if (!tree->is_mapping()) return model::fail(tree->place, "", "claims by name expected");
    std::vector<Claim> claims;
    for (const Value::Entry& entry : tree->entries) {
        auto claim = read_claim(entry, file.parent_path());
        if (!claim) return tl::unexpected(claim.error());
        claims.push_back(*std::move(claim));
    }
    return claims;
}

model::Expected<Audited> audit(const Claim& claim, const RunOf& run_of) {
    Audited audited{.claim = &claim, .found = {1}};
    double variance = 0;  // relative; the figures of different runs are independent
    bool estimated = false;
    const auto take = [&](const Term& term, bool divides) -> model::Expected<void> {
        const auto value = value_of(claim, term, run_of);
        if (!value) return tl::unexpected(value.error());
        if (divides)
            audited.found.value /= value->value;
        else
            audited.found.value *= value->value;
        if (!value->exact() && value->value != 0) {
            estimated = true;
            variance += value->half_width * value->half_width / (value->value * value->value);
        }
        return {};
    };
    for (const Term& term : claim.is)
        if (auto taken = take(term, false); !taken) return tl::unexpected(taken.error());
    for (const Term& term : claim.over)
        if (auto taken = take(term, true); !taken) return tl::unexpected(taken.error());
    if (!std::isfinite(audited.found.value))
        return model::fail({}, claim.id, "it divides by a figure that is zero");
    if (estimated) audited.found.half_width = std::abs(audited.found.value) * std::sqrt(variance);
    const double low = audited.found.low(), high = audited.found.high();
    double least = claim.bound, most = claim.bound;
    if (claim.relation == Relation::at_most) least = -INFINITY;
    if (claim.relation == Relation::at_least) most = INFINITY;
    if (claim.relation == Relation::about) {
        least = claim.bound * (1 - claim.within);
        most = claim.bound * (1 + claim.within);
    }
    audited.agreement = low >= least && high <= most ? Agreement::agrees
                        : high < least || low > most ? Agreement::disagrees
                                                     : Agreement::undecided;
    return audited;
}

}  // namespace headroom::sim
