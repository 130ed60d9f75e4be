#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/disagreement.h"
#include "sim/experiment/summary.h"

#include <algorithm>
#include <cmath>

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

/// Percentiles of which too few items lie beyond in a replication: neighbours in a queue wait alike, so that
/// even a few hundred of them are few. At 300 beyond, 95 % intervals of M/M/1 at 0.8 were seen to hold the
/// truth 87 times in 100.
std::string thin_tails(const Subject& subject, std::span<const Replication> replications,
                       const model::RunResult& result) {
    std::string names;
    for (const auto& objective : subject.scenario.objectives) {
        double p = 0;
        if (objective.metric.ends_with(".p99.9"))
            p = 0.999;
        else if (objective.metric.ends_with(".p99"))
            p = 0.99;
        else if (objective.metric.ends_with(".p95"))
            p = 0.95;
        if (p == 0 || result.level == model::Level::flow) continue;
        double least = -1;
        for (const Replication& r : replications)
            for (std::size_t k = 0; k < r.classes.size(); ++k)
                if (subject.system.classes[k].name == objective.of)
                    least = least < 0 ? r.classes[k].measured : std::min(least, r.classes[k].measured);
        if (least >= 0 && least * (1 - p) < 300) names += (names.empty() ? "'" : "', '") + objective.text;
    }
    if (names.empty()) return {};
    return "Fewer than 300 items a replication lie beyond the percentile of " + names +
           "': its value may be low and its interval too narrow. A longer horizon makes it firmer.";
}

/// Where the flow level has not been held against the record level, or was found to be off by more than 5 %.
void add_flow_cautions(const Subject& subject, std::vector<std::string>& notes) {
    constexpr double tested_burst = 3, tested_service = 4;
    for (const auto& source : subject.system.open)
        if (source.interarrival.scv > tested_burst)
            notes.push_back(
                "The arrivals of " + subject.system.classes[at(source.item_class)].name +
                " are burstier than those that the flow level was tested with: percentiles may be off by "
                "more than 5 %; the record level is exact here.");
    for (const auto& station : subject.system.stations) {
        if (std::holds_alternative<model::Fork>(station.primitive))
            notes.push_back(
                "At flow level the copies of " + station.name +
                " wait independently of each other: where they meet queues, the time until they join may "
                "be up to 10 % too long.");
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        if (!queue || queue->discipline != model::Discipline::fcfs || queue->servers == 1) continue;
        const bool wild = std::any_of(queue->service.begin(), queue->service.end(),
                                      [](const model::Distribution& d) { return d.scv > tested_service; });
        if (wild)
            notes.push_back(
                "The service times of " + station.name +
                " vary more than those that the flow level was tested with for several servers: its "
                "percentiles may be off by more than 5 %.");
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
    add_failure_cautions(subject, result, notes);
    if (result.level == model::Level::flow) add_flow_cautions(subject, notes);
    if (std::string note = thin_tails(subject, replications, result); !note.empty())
        notes.push_back(std::move(note));
    for (std::string& note : disagreements(subject, result)) notes.push_back(std::move(note));
    return notes;
}

}  // namespace headroom::sim
