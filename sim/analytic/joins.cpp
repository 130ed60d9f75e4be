// How long copies take until enough of them have met.

#include "sim/analytic/analytic_network.h"
#include "sim/analytic/fork_join.h"
#include "sim/analytic/special_queues.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// An M/M/1 queue of which the class is all that comes.
bool is_queue_of_one(const model::Station& station, const std::vector<double>& arrivals, std::size_t k) {
    const auto* queue = std::get_if<model::Queue>(&station.primitive);
    double all = 0;
    for (const double rate : arrivals) all += rate;
    return queue && queue->servers == 1 && queue->discipline == model::Discipline::fcfs &&
           !is_special(*queue) && queue->service[k].family == model::Family::exponential &&
           arrivals[k] == all;
}

/// Forks of which a join lies between another fork and its join.
void mark_inner(const ForkSpan& span, std::vector<char>& inner) {
    for (const ForkSpan::Leg& leg : span.legs)
        for (const ForkSpan& fork : leg.forks) {
            inner[at(fork.join)] = 1;
            mark_inner(fork, inner);
        }
}

/// An item may go on while copies of it still stand in lines: those of its user's next items stand behind
/// them.
bool leaves_copies(const model::System& system, const std::vector<ForkSpan>& spans) {
    const auto queues = [&](int s) {
        return std::holds_alternative<model::Queue>(system.stations[at(s)].primitive);
    };
    const auto leaves = [&](const ForkSpan& span) {
        return std::any_of(span.legs.begin(), span.legs.end(), [&](const ForkSpan::Leg& leg) {
            return leaves_copies(system, leg.forks) ||
                   (span.needed < span.copies &&
                    std::any_of(leg.stations.begin(), leg.stations.end(), queues));
        });
    };
    return std::any_of(spans.begin(), spans.end(), leaves);
}

}  // namespace

struct AnalyticNetwork::Meeting {
    CopyTime last;    ///< from the fork until enough copies are there
    double work = 0;  ///< seconds that all copies spend at stations, together
};

AnalyticNetwork::Meeting AnalyticNetwork::meeting_of(const ForkSpan& span, std::size_t k,
                                                     std::vector<Copies>* joined) const {
    Meeting meeting;
    std::vector<CopyTime> copies;
    for (int i = 0; i < span.copies; ++i) {
        const ForkSpan::Leg& leg = span.legs[at(i) % span.legs.size()];
        CopyTime copy;
        for (const int s : leg.stations) {
            copy.mean += figures_[at(s)].response[k];
            copy.variance += figures_[at(s)].variance[k];
            meeting.work += figures_[at(s)].response[k];
        }
        for (const ForkSpan& fork : leg.forks) {
            const bool first = at(i) < span.legs.size();
            const Meeting inner = meeting_of(fork, k, first ? joined : nullptr);
            copy.mean += inner.last.mean;
            copy.variance += inner.last.variance;
            meeting.work += inner.work;
        }
        copies.push_back(copy);
    }
    double mean = 0;
    for (const CopyTime& copy : copies) mean += copy.mean / span.copies;
    const auto queue = [&](const ForkSpan::Leg& leg) {
        return !is_closed(k) && leg.forks.empty() && leg.stations.size() == 1 &&
               is_queue_of_one(system_.stations[at(leg.stations[0])], arrivals_[at(leg.stations[0])], k);
    };
    const bool alike =
        std::all_of(copies.begin(), copies.end(), [&](const CopyTime& c) { return c == copies[0]; });
    const CopiesMet met = independent_copies(copies, span.needed);
    meeting.last = met.last;
    if (alike && span.needed == span.copies && std::all_of(span.legs.begin(), span.legs.end(), queue))
        meeting.last.mean =
            meeting_of_queues(span.copies, figures_[at(span.legs[0].stations[0])].utilisation, mean);
    if (!joined) return meeting;
    // Of the copies, those before the last that is needed wait for it, later ones do not.
    const double waited = span.needed < span.copies ? met.waited / span.copies : meeting.last.mean - mean;
    joined->push_back({span.join, waited, meeting.last.mean - mean - waited});
    return meeting;
}

void AnalyticNetwork::settle_joins() {
    for (std::size_t k = 0; k < system_.classes.size(); ++k) {
        const auto spans = spans_of(k);
        if (!spans || (is_closed(k) && leaves_copies(system_, *spans))) {
            joins_known_ = false;
            continue;
        }
        std::vector<Copies> joined;
        for (const ForkSpan& span : *spans) meeting_of(span, k, &joined);
        for (const Copies& copies : joined) {
            StationFigures& join = figures_[at(copies.join)];
            join.response[k] = join.waiting[k] = copies.waited;
            join.population += arrivals_[at(copies.join)][k] * copies.waited;
            meeting_[at(copies.join)][k] = copies.more;
        }
    }
}

// All copies load the stations, but the user waits for the last of them alone.
std::vector<double> AnalyticNetwork::counted_of(const model::ClosedSource& source) const {
    std::vector<double> counted(system_.stations.size(), 1.0);
    const std::size_t k = at(source.item_class);
    const auto spans = spans_of(k);
    if (!spans) return counted;
    const auto count = [&](const auto& self, const ForkSpan& span, double share) -> void {
        for (const ForkSpan::Leg& leg : span.legs) {
            for (const int s : leg.stations) counted[at(s)] = share;
            for (const ForkSpan& inner : leg.forks) self(self, inner, share);
        }
    };
    for (const ForkSpan& span : *spans) {
        const Meeting meeting = meeting_of(span, k, nullptr);
        if (meeting.work > 0 && std::isfinite(meeting.last.mean))
            count(count, span, meeting.last.mean / meeting.work);
    }
    return counted;
}

std::optional<std::vector<ForkSpan>> AnalyticNetwork::spans_of(std::size_t k) const {
    std::vector<ForkSpan> spans, outer;
    std::vector<char> inner(system_.stations.size(), 0);
    for (const int s : traffic_.reached(static_cast<int>(k))) {
        if (!std::holds_alternative<model::Fork>(system_.stations[at(s)].primitive)) continue;
        auto span = span_of(system_, s, k);
        if (!span) return std::nullopt;
        mark_inner(*span, inner);
        spans.push_back(*std::move(span));
    }
    for (ForkSpan& span : spans)
        if (!inner[at(span.join)]) outer.push_back(std::move(span));
    return outer;
}

}  // namespace headroom::sim
