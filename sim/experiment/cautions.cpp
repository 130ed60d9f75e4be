#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/disagreement.h"
#include "sim/experiment/flow_cautions.h"
#include "sim/experiment/summary.h"
#include "sim/experiment/times.h"
#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::string rate_text(double rate, const std::string& noun) {
    return model::format_quantity(rate, model::dimensions::item_rate,
                                  {.noun = noun.empty() ? "items" : noun});
}

std::string noun_at(const Subject& subject, std::span<const Replication> replications, int station) {
    std::string noun;
    double most = 0;
    if (replications.empty()) return noun;
    for (std::size_t k = 0; k < subject.outline.nouns.size(); ++k) {
        const double arrivals = replications[0].stations[at(station)].visits[k].arrivals;
        if (arrivals > most) most = arrivals, noun = subject.outline.nouns[k];
    }
    return noun;
}

/// Percentiles beyond which too few independent items lie: shown without an interval, and named here, those
/// of objectives first.
std::string thin_tails(const Subject& subject, const model::RunResult& result) {
    if (result.replications < 2) return {};
    const auto is_objective = [&](const model::FigureKey& key) {
        return std::any_of(subject.scenario.objectives.begin(), subject.scenario.objectives.end(),
                           [&](const model::Objective& objective) {
                               return objective.metric == key.metric && objective.subject == key.subject &&
                                      (objective.of.empty() || objective.of == key.of);
                           });
    };
    const model::Figure* first = nullptr;
    std::size_t count = 0;
    for (const model::Figure& figure : result.figures) {
        if (percentile_of(figure.key.metric) == 0 || !std::isinf(figure.simulated.half_width)) continue;
        if (!first || (is_objective(figure.key) && !is_objective(first->key))) first = &figure;
        ++count;
    }
    if (count == 0) return {};
    std::string names = name_of(first->key);
    if (count > 1)
        names += " and " + std::to_string(count - 1) + (count == 2 ? " other figure" : " other figures");
    return names +
           ": too few independent items lie beyond the percentile to say how far off it may be. More "
           "replications or a longer horizon would tell.";
}

/// How much longer items take in the second half of the measured time than in the first, in a replication.
double rise_within(const TimeTally& response) {
    const std::size_t half = response.stretches.size() / 2;
    double count[2] = {}, sum[2] = {};
    for (std::size_t i = 0; i < 2 * half; ++i) {
        count[i / half] += response.stretches[i].count;
        sum[i / half] += response.stretches[i].sum;
    }
    return count[0] > 0 && count[1] > 0 ? sum[1] / count[1] - sum[0] / count[0] : 0;
}

/// A class whose response time still changes though its load does not: the system was not yet steady when it
/// was first measured.
std::string unsteady(const Subject& subject, std::span<const Replication> replications) {
    constexpr double confidence = 0.999, worth_a_word = 0.03;
    const auto& growing = subject.analytic.growing;
    if (!subject.outline.constant_rates || replications.size() < 3 ||
        std::any_of(growing.begin(), growing.end(), [](double rate) { return rate > 0; }))
        return {};
    for (std::size_t k = 0; k < subject.system.classes.size(); ++k) {
        std::vector<double> rises;
        double mean = 0;
        for (const Replication& r : replications) {
            rises.push_back(rise_within(r.classes[k].response));
            mean += r.classes[k].response.mean() / static_cast<double>(replications.size());
        }
        const Interval rise = confidence_interval(rises, confidence);
        if (std::abs(rise.mean) <= std::max(rise.half_width, worth_a_word * mean)) continue;
        return "The response time of " + subject.system.classes[k].name +
               " is not steady: in the second half of the measured time it is " +
               model::format(model::seconds(std::abs(rise.mean))) + (rise.mean > 0 ? " longer" : " shorter") +
               " than in the first. A longer warm-up and horizon would show the steady state.";
    }
    return {};
}

/// Caches that are asked for what another one misses: each draws its keys anew, while the popular ones would
/// stay with the first.
void add_caches_in_a_row(const model::System& system, std::vector<std::string>& notes) {
    const auto is_cache = [&](int s) {
        return std::holds_alternative<model::Cache>(system.stations[at(s)].primitive);
    };
    for (int first = 0; first < std::ssize(system.stations); ++first) {
        if (!is_cache(first)) continue;
        std::vector<int> ahead;
        std::vector<char> seen(system.stations.size(), 0);
        const auto go_on = [&](const model::Branch& branch) {
            if (branch.station == model::outside || std::exchange(seen[at(branch.station)], 1)) return;
            ahead.push_back(branch.station);
        };
        for (const model::Route& route : system.stations[at(first)].routes)
            if (route.routing == model::Routing::outcome && route.branches.size() > 1)
                go_on(route.branches[1]);
        while (!ahead.empty()) {
            const int s = ahead.back();
            ahead.pop_back();
            if (s == first) continue;
            if (is_cache(s)) {
                notes.push_back(
                    system.components[at(system.stations[at(s)].component)] + " is asked for what " +
                    system.components[at(system.stations[at(first)].component)] +
                    " misses, but draws its keys anew, also those that are held there: its hits are "
                    "those of a cache on its own, and fewer are to be expected.");
                continue;
            }
            for (const model::Route& route : system.stations[at(s)].routes)
                for (const model::Branch& branch : route.branches) go_on(branch);
        }
    }
}

/// ", most of them at svc, which turns them away", where it is a station at which most of a class end.
std::string where_they_end(const Subject& subject, std::span<const Replication> replications,
                           std::size_t item_class) {
    double most = 0, all = 0;
    bool turned_away = true;
    std::string place;
    for (const Replication& r : replications)
        all += r.classes[item_class].rejected + r.classes[item_class].expired + r.classes[item_class].lost;
    for (std::size_t s = 0; s < subject.system.stations.size(); ++s) {
        double rejected = 0, expired = 0;
        for (const Replication& r : replications) {
            rejected += r.stations[s].visits[item_class].rejected;
            expired += r.stations[s].visits[item_class].expired;
        }
        if (rejected + expired <= most) continue;
        most = rejected + expired;
        turned_away = rejected >= expired;
        place = subject.system.stations[s].name;
    }
    if (2 * most < all || place.empty()) return {};
    return ", most of them at " + place + (turned_away ? ", which turns them away" : ", where they give up");
}

/// What share of a class does not get through.
void add_losses(const Subject& subject, std::span<const Replication> replications,
                const model::RunResult& result, std::vector<std::string>& notes) {
    const model::Metric share = {.dimension = {}, .noun = "", .percent = true};
    for (std::size_t k = 0; k < subject.system.classes.size(); ++k) {
        std::vector<double> shares;
        for (const Replication& r : replications) {
            const ClassTally& tally = r.classes[k];
            const double came = tally.arrived + tally.created;
            shares.push_back(came > 0 ? (tally.rejected + tally.expired + tally.lost) / came : 0);
        }
        const Interval interval = confidence_interval(shares, result.confidence);
        if (interval.mean <= 0) continue;
        notes.push_back(model::print_estimate(share, {interval.mean, interval.half_width}) + " of " +
                        subject.system.classes[k].name + " are lost" +
                        where_they_end(subject, replications, k) + ".");
    }
}

/// Times and losses are those of the failures that the horizon happened to hold; availability is not.
void add_failure_cautions(const Subject& subject, const model::RunResult& result,
                          std::vector<std::string>& notes) {
    constexpr double few = 10;
    const bool asked = std::any_of(subject.scenario.objectives.begin(), subject.scenario.objectives.end(),
                                   [](const auto& objective) { return objective.metric == "availability"; });
    if (subject.system.outages.empty()) {
        if (asked)
            notes.push_back(
                "The availability is not known, because nothing is said to fail: 'failures' says "
                "what does, how often and for how long.");
        return;
    }
    const double seen = expected_failures(subject.system) * std::max(1, result.replications);
    if (seen < few)
        notes.push_back(
            model::format_quantity(seen, {}, {.digits = 2}) +
            " failures are expected within the horizons that were simulated: response times, "
            "freshness and losses say little of what a failure does. Availability is followed for "
            "longer; 'at' makes a failure happen.");
}

}  // namespace

std::vector<std::string> cautions(const Subject& subject, std::span<const Replication> replications,
                                  const model::RunResult& result) {
    std::vector<std::string> notes = subject.system.notes;
    notes.insert(notes.end(), subject.analytic.notes.begin(), subject.analytic.notes.end());
    for (const auto& component : subject.outline.components) {
        for (const int s : component.stations) {
            const std::string name = subject.system.stations[at(s)].name;
            const std::string noun = noun_at(subject, replications, s);
            if (subject.analytic.growing[at(s)] > 0) {
                notes.push_back(name +
                                " cannot keep up: at the mean load of the horizon its backlog grows by " +
                                rate_text(subject.analytic.growing[at(s)], noun) + ".");
            } else if (subject.analytic.growing_at_peak[at(s)] > 0) {
                notes.push_back(name + " cannot keep up at the peak: there its backlog grows by " +
                                rate_text(subject.analytic.growing_at_peak[at(s)], noun) +
                                " and is worked off afterwards.");
            }
        }
    }
    add_caches_in_a_row(subject.system, notes);

    add_losses(subject, replications, result, notes);
    add_failure_cautions(subject, result, notes);
    if (result.level == model::Level::flow) add_flow_cautions(subject.system, result, notes);
    if (std::string note = unsteady(subject, replications); !note.empty()) notes.push_back(std::move(note));
    if (std::string note = thin_tails(subject, result); !note.empty()) notes.push_back(std::move(note));
    for (std::string& note : disagreements(subject, result)) notes.push_back(std::move(note));
    return notes;
}

}  // namespace headroom::sim
