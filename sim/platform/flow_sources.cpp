// What comes from outside: rates of a step, users, and senders who ask again.

#include "sim/analytic/traffic.h"
#include "sim/platform/flow_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

// Users whose requests nobody serves send no more; the others still come to ask.
double FlowNetwork::rate_of_the_stuck(const Source& source, double length) const {
    const auto& closed = system_.closed[source.index];
    const int home = closed_home_[source.index].first;
    const double stuck = content_[at(home)][at(source.item_class)];
    const double cycle = std::max(closed.think_time.mean, 1e-9);
    return std::max(0.0, closed.users - stuck) * -std::expm1(-length / cycle) / length;
}

void FlowNetwork::set_source_rates(std::size_t step) {
    for (Source& source : sources_) {
        double rate = 0;
        if (!source.closed) {
            const auto& profile = system_.open[source.index].rate;
            // Simpson's rule: rates are smooth within a step.
            const double a = edges_[step], b = edges_[step + 1], inside = (b - a) * 1e-6;
            const auto& states = state_paths_[source.index];
            rate = states                  ? states->mean(a, b)
                   : profile.is_constant() ? profile.base.value()
                                           : (profile.at(model::seconds(a + inside)).value() +
                                              4 * profile.at(model::seconds((a + b) / 2)).value() +
                                              profile.at(model::seconds(b - inside)).value()) /
                                                 6;
        } else {
            const auto& [home, ratio] = closed_home_[source.index];
            rate = closed_cycles_[source.index];
            if (home != model::outside) {
                const double visits =
                    stations_[at(home)]->closed_rate(source.item_class, last_rate_[at(home)]);
                if (visits >= 0) rate = visits / ratio;
                if (capacity_[at(home)] <= 0) rate = rate_of_the_stuck(source, to_ - from_);
            }
        }
        source.rate = rate;
    }
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (asking_[i]) foresee_attempts(i, to_ - from_);
}

void FlowNetwork::enter(const Source& source, double length, double measured) {
    ClassTally& tally = result_.classes[at(source.item_class)];
    const double arrived = source.rate * length;
    tally.arrived += arrived;
    const bool asks = asking_source_[at(source.item_class)] >= 0;
    if (asks) {
        tally.attempts += arrived + source.again * length;
    } else {
        double weights = 0, through = 0;
        for (const auto& branch : source.route->branches) {
            weights += weight_of(*source.route, branch);
            if (branch.station == model::outside) through += weight_of(*source.route, branch);
        }
        tally.created += arrived * (weights - 1);
        tally.completed += arrived * through;
        tally.measured += arrived * through * measured;
        spread(tally.throughput, from_, to_, arrived * through);
    }
    const bool as_drawn = !source.closed && source.again <= 0;
    const model::SourcePattern* pattern = as_drawn ? &patterns_[source.index] : nullptr;
    const bool depends = pattern && (!pattern->states.empty() || !pattern->bulk.is_one());
    send(*source.route, source.item_class, model::outside,
         {.rate = source.rate + source.again,
          .scv = source.scv,
          .gap = as_drawn ? &system_.open[source.index].interarrival : nullptr,
          .pattern = depends ? pattern : nullptr});
}

FlowNetwork::Asking::Asking(const model::Persistence& of, const RandomStream& timeouts,
                            const RandomStream& pauses)
    : terms(&of), pause(pauses) {
    if (of.timeout) timeout.emplace(*of.timeout, timeouts);
}

FlowNetwork::Asking* FlowNetwork::asking(const Tracer& tracer) {
    const int source = asking_source_[at(tracer.item_class)];
    return source < 0 || tracer.abandoned ? nullptr : &*asking_[at(source)];
}

// Attempts that were made to wait until this step are known; those that this step brings about itself are
// taken to be as large a share as in the last one. Where that was wrong, the next step makes up for it.
void FlowNetwork::foresee_attempts(std::size_t source, double length) {
    Asking& asking = *asking_[source];
    asking.known = 0;
    asking.began = 0;
    for (const Tracer& tracer : on_way_)
        if (tracer.asks && tracer.now < to_ && tracer.item_class == sources_[source].item_class)
            asking.known += tracer.weight;
    const double first = sources_[source].rate * length;
    const double all = (first + asking.known) / (1 - asking.unforeseen) + asking.behind;
    sources_[source].again = std::max(0.0, all - first) / length;
}

/// At the end of a step.
void FlowNetwork::count_attempts(double length) {
    constexpr double most = 0.9;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (!asking_[i]) continue;
        Asking& asking = *asking_[i];
        const double all = sources_[i].rate * length + asking.began;
        asking.unforeseen = all > 0 ? std::clamp((asking.began - asking.known) / all, 0.0, most) : 0;
        asking.behind += asking.began - sources_[i].again * length;
    }
}

void FlowNetwork::begin_attempt(Tracer tracer) {
    const auto source = at(asking_source_[at(tracer.item_class)]);
    Asking& asking = *asking_[source];
    tracer.asks = false;
    if (tracer.attempt > 1) asking.began += tracer.weight;
    if (asking.timeout) tracer.deadline = tracer.now + asking.timeout->next();
    advance(*sources_[source].route, std::move(tracer), births_[source]);
}

/// No answer before the deadline: the request goes on as a new attempt, and what there is of it stays.
void FlowNetwork::time_out(Tracer& tracer, double answered) {
    if (answered <= tracer.deadline || asking(tracer) == nullptr) return;
    Tracer request = tracer;
    tracer.abandoned = true;
    try_again(std::move(request), tracer.deadline, false);
}

void FlowNetwork::try_again(Tracer tracer, double failed, bool rejected) {
    Asking& asking = *this->asking(tracer);
    const model::Persistence& terms = *asking.terms;
    if (tracer.attempt >= terms.attempts) {
        ClassTally& tally = result_.classes[at(tracer.item_class)];
        if (failed < system_.horizon.value()) (rejected ? tally.rejected : tally.expired) += tracer.weight;
        return;
    }
    tracer.attempt += 1;
    const double pause = std::min(terms.longest.value(),
                                  terms.back_off.value() * std::pow(terms.growth, tracer.attempt - 2.0));
    tracer.now = failed + (terms.jitter > 0 ? pause * (1 - terms.jitter * asking.pause.uniform()) : pause);
    tracer.asks = true;
    tracer.seen.clear();
    tracer.number = ++tracers_made_;
    follow(std::move(tracer));
}

/// A request is done.
void FlowNetwork::answer(const Tracer& tracer) {
    ClassTally& tally = result_.classes[at(tracer.item_class)];
    tally.completed += tracer.weight;
    if (tracer.now >= options_.warm_up) tally.measured += tracer.weight;
    const auto bins = static_cast<double>(tally.throughput.size());
    const auto bin = static_cast<std::size_t>(tracer.now / system_.horizon.value() * bins);
    tally.throughput[std::min(tally.throughput.size() - 1, bin)] += tracer.weight;
}

}  // namespace headroom::sim
