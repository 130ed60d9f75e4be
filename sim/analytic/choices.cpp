// Where items go that look for the shorter line.

#include "sim/analytic/choices.h"

#include "sim/analytic/analytic_network.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

template <class See>
void for_all_routes(const model::System& system, const See& see) {
    for (const auto& source : system.open) see(source.route);
    for (const auto& source : system.closed) see(source.route);
    for (const auto& station : system.stations)
        for (const auto& route : station.routes) see(route);
}

bool leads_to(const model::Route& route, int station) {
    return std::any_of(route.branches.begin(), route.branches.end(),
                       [&](const model::Branch& branch) { return branch.station == station; });
}

bool same_choice(const model::Route& a, const model::Route& b) {
    return a.routing == b.routing && a.sampled == b.sampled &&
           std::equal(a.branches.begin(), a.branches.end(), b.branches.begin(), b.branches.end(),
                      [](const auto& x, const auto& y) { return x.station == y.station; });
}

/// One server each, alike, in order or shared, with nothing else that comes.
bool is_simple(const model::System& system, const model::Route& choice) {
    const auto plain = [&](const model::Branch& branch) {
        if (branch.station == model::outside || branch.item_class >= 0) return false;
        const auto* queue = std::get_if<model::Queue>(&system.stations[at(branch.station)].primitive);
        const auto* first =
            std::get_if<model::Queue>(&system.stations[at(choice.branches[0].station)].primitive);
        bool alone = true;
        for_all_routes(system, [&](const model::Route& route) {
            if (leads_to(route, branch.station)) alone = alone && same_choice(route, choice);
        });
        return alone && queue && first && queue->servers == 1 && queue->capacity == model::unlimited &&
               queue->admitted == model::unlimited && !is_special(*queue) &&
               queue->discipline == first->discipline && queue->service == first->service &&
               (queue->discipline == model::Discipline::fcfs ||
                queue->discipline == model::Discipline::processor_sharing);
    };
    return std::all_of(choice.branches.begin(), choice.branches.end(), plain);
}

}  // namespace

double wait_of_shortest(int lines, int sampled, double utilisation) {
    const double n = lines, u = utilisation;
    if (u >= 1 || lines < 1) return std::numeric_limits<double>::quiet_NaN();
    if (sampled == 0 || sampled >= lines) {
        const double all_busy = erlang_c(lines, n * u);
        return all_busy * (1 / (n * (1 - u)) + 0.36 * (1 - std::pow(n, -1.7)));
    }
    if (sampled != 2) return std::numeric_limits<double>::quiet_NaN();
    // Shares of the lines with one item or more, two or more, ...
    double present = 0;
    for (double exponent = 1; exponent < 1e9; exponent = 2 * exponent + 1) present += std::pow(u, exponent);
    return present / u - 1 + 0.46 * u * u / (1 - u) / (n - 0.5);
}

void AnalyticNetwork::settle_choices() {
    choices_known_ = true;
    for_all_routes(system_, [&](const model::Route& route) {
        if (route.routing != model::Routing::least_loaded) return;
        if (!system_.closed.empty() || !is_simple(system_, route)) {
            choices_known_ = false;
            settle_unlike(route);
            return;
        }
        for (const model::Branch& branch : route.branches) settle_chosen(at(branch.station), route);
    });
}

// Where too much would go to one line by turns, it goes to the others: none piles up while all together keep
// up.
void AnalyticNetwork::settle_unlike(const model::Route& route) {
    double offered = 0, capacity = 0;
    for (const model::Branch& branch : route.branches) {
        if (branch.station == model::outside) continue;
        double rate = 0;
        for (const double of_class : arrivals_[at(branch.station)]) rate += of_class;
        const double utilisation = figures_[at(branch.station)].utilisation;
        if (utilisation <= 0) continue;
        offered += rate;
        capacity += rate / utilisation;
    }
    if (offered >= capacity) return;
    for (const model::Branch& branch : route.branches) {
        if (branch.station == model::outside) continue;
        StationFigures& figures = figures_[at(branch.station)];
        if (figures.growth <= 0) continue;
        figures.growth = 0;
        std::fill(figures.passed.begin(), figures.passed.end(), 1.0);
    }
}

void AnalyticNetwork::settle_chosen(std::size_t s, const model::Route& route) {
    const auto& queue = std::get<model::Queue>(system_.stations[s].primitive);
    StationFigures& figures = figures_[s];
    if (figures.utilisation <= 0 || figures.utilisation >= 1) return;
    const Mixture all = mixture_of(queue.service, arrivals_[s]);
    const double wait = all.mean * wait_of_shortest(static_cast<int>(route.branches.size()), route.sampled,
                                                    figures.utilisation);
    if (std::isnan(wait)) {
        choices_known_ = false;
        return;
    }
    // As behind one line, it grows with the variability of the services; where they are shared it does not.
    const bool shared = queue.discipline == model::Discipline::processor_sharing;
    figures.population = 0;
    for (std::size_t k = 0; k < figures.response.size(); ++k) {
        if (arrivals_[s][k] <= 0) continue;
        const double service = queue.service[k].mean;
        figures.waiting[k] = shared ? 0 : wait * (1 + all.scv) / 2;
        figures.response[k] = shared ? service * (1 + wait / all.mean) : figures.waiting[k] + service;
        figures.variance[k] = queue.service[k].scv * service * service + wait * wait;
        figures.population += arrivals_[s][k] * figures.response[k];
    }
}

}  // namespace headroom::sim
