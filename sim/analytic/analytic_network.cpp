#include "sim/analytic/analytic_network.h"

#include "sim/analytic/single_server.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

template <class Test>
bool any_route(const model::System& system, const Test& test) {
    return std::any_of(system.stations.begin(), system.stations.end(), [&](const model::Station& station) {
        return std::any_of(station.routes.begin(), station.routes.end(), test);
    });
}

bool has_switching(const model::Route& route) {
    return std::any_of(route.branches.begin(), route.branches.end(),
                       [](const model::Branch& branch) { return branch.item_class >= 0; });
}

bool has_outcomes(const model::Route& route) { return route.routing == model::Routing::outcome; }

}  // namespace

AnalyticNetwork::AnalyticNetwork(const model::System& system, std::vector<double> source_rates)
    : system_(system),
      traffic_(system),
      requested_(std::move(source_rates)),
      source_rates_(requested_),
      switches_(any_route(system, has_switching)),
      decides_(any_route(system, has_outcomes)),
      cycles_(system.classes.size(), 0.0),
      arrivals_(system.stations.size(), std::vector<double>(system.classes.size(), 0.0)),
      figures_(system.stations.size()),
      loads_(system.stations.size()) {
    for (std::size_t s = 0; s < system.stations.size(); ++s) {
        loads_[s].rate.assign(system.classes.size(), 0.0);
        by_formula_.push_back(station_figures(system.stations[s], loads_[s]));
    }
    figures_ = by_formula_;
}

void AnalyticNetwork::solve() {
    constexpr int most_outer = 12, most_asked = 200;
    constexpr double most_feedback = 0.05;
    const auto asks_again = [](const auto& source) { return source.persistence.has_value(); };
    const bool asks = attempts_known() && std::any_of(system_.open.begin(), system_.open.end(), asks_again);
    for (int outer = 0; outer < (asks ? most_asked : most_outer); ++outer) {
        settle_load();
        double change = asks ? settle_attempts() : 0;
        if (system_.closed.empty() && change < 1e-9) break;
        if (system_.closed.empty()) continue;
        const std::vector<double> before = cycles_;
        solve_closed_classes();
        for (std::size_t k = 0; k < cycles_.size(); ++k)
            change = std::max(change, std::abs(cycles_[k] - before[k]) / std::max(cycles_[k], 1e-12));
        if (change < 1e-12) break;
    }
    if (asks) attempts_calm_ = !held_up_by_attempts() && attempts_feedback() < most_feedback;
    settle_joins();
}

void AnalyticNetwork::settle_load() {
    // Losses and overloads thin what flows downstream; in a network without feedback the fixed point is
    // reached in as many rounds as the longest path has stations.
    const int rounds = static_cast<int>(system_.stations.size()) + 8;
    for (int round = 0; round < rounds; ++round) {
        const double change = settle_arrivals();
        settle_stations();
        settle_choices();
        settle_regions();
        if (round > 0 && change < 1e-9) break;
    }
}

double AnalyticNetwork::settle_arrivals() {
    double change = 0;
    for (std::size_t k = 0; k < system_.classes.size(); ++k) {
        const int item_class = static_cast<int>(k);
        Entry entry = traffic_.entry(item_class, source_rates_, cycles_[k]);
        traffic_.add_switched(item_class, arrivals_, passed_by_station(), entry);
        const std::vector<double> rates = traffic_.arrivals(item_class, entry, passed(k));
        if (rates.empty()) {
            feeds_back_too_much_ = true;
            continue;
        }
        for (std::size_t s = 0; s < rates.size(); ++s) {
            change = std::max(change, std::abs(rates[s] - arrivals_[s][k]) / std::max(rates[s], 1e-12));
            arrivals_[s][k] = rates[s];
        }
    }
    return change;
}

// Variability of the arrivals: those of the flows that come together, each thinned by its split (Whitt
// 1983).
void AnalyticNetwork::settle_stations() {
    const std::size_t count = system_.stations.size();
    std::vector<double> rate(count, 0.0), spread(count, 0.0), bulk(count, 0.0), bulky(count, 0.0);
    const auto add = [&](const model::Branch& branch, double flow, double scv, double share,
                         double interval) {
        if (branch.station == model::outside || flow <= 0) return;
        const std::size_t to = at(branch.station);
        rate[to] += flow;
        spread[to] += flow * (share * scv + 1 - share);
        if (interval > 0) bulky[to] += flow, bulk[to] = std::max(bulk[to], interval);
    };
    for (std::size_t i = 0; i < system_.open.size(); ++i) {
        const auto& source = system_.open[i];
        for (const auto& branch : source.route.branches) {
            const double weight = weight_of(source.route, branch);
            add(branch, source_rates_[i] * weight, source.interarrival.scv, weight, 0);
        }
    }
    for (const auto& source : system_.closed)
        for (const auto& branch : source.route.branches)
            add(branch, cycles_[at(source.item_class)] * weight_of(source.route, branch), 1, 1, 0);
    for (std::size_t s = 0; s < count; ++s) {
        double all = 0;
        for (const double r : arrivals_[s]) all += r;
        for (std::size_t k = 0; k < system_.classes.size(); ++k) {
            if (arrivals_[s][k] <= 0) continue;
            const auto& station = system_.stations[s];
            const double out = arrivals_[s][k] * figures_[s].passed[k] * station.yields[k];
            for (const auto& branch : station.routes[k].branches) {
                const double weight = weight_of(station.routes[k], branch, figures_[s].diverted);
                // In turn, each branch gets sums of gaps.
                const bool in_turn = station.routes[k].routing == model::Routing::round_robin;
                add(branch, out * weight, figures_[s].departure_scv * (in_turn ? weight : 1),
                    std::min(1.0, arrivals_[s][k] / all * station.yields[k] * (in_turn ? 1 : weight)),
                    figures_[s].bulk_interval);
            }
        }
    }
    for (std::size_t s = 0; s < count; ++s) {
        StationLoad load{arrivals_[s], rate[s] > 0 ? spread[s] / rate[s] : 1,
                         rate[s] > 0 && bulky[s] > 0.5 * rate[s] ? bulk[s] : 0};
        if (load != loads_[s]) {
            loads_[s] = std::move(load);
            by_formula_[s] = station_figures(system_.stations[s], loads_[s]);
        }
        figures_[s] = by_formula_[s];
        for (std::size_t k = 0; k < system_.classes.size(); ++k) traffic_.divert(s, k, figures_[s].diverted);
        settle_renewal(s);
    }
}

// GI/M/c: who waits finds a geometric number ahead, and waits for an exponential time.
void AnalyticNetwork::settle_renewal(std::size_t s) {
    if (renewal_[s] < 0) return;
    const model::OpenSource& source = system_.open[at(renewal_[s])];
    StationFigures& figures = figures_[s];
    if (!is_renewal_exact(system_.stations[s], source) || figures.utilisation <= 0 ||
        figures.utilisation >= 1)
        return;
    const std::size_t k = at(source.item_class);
    const model::Distribution& time = std::get<model::Queue>(system_.stations[s].primitive).service[k];
    const double service = time.mean;
    if (!source.pattern.states.empty() || !source.pattern.bulk.is_one()) {
        figures.response[k] =
            source.pattern.states.empty()
                ? service + bulk_wait(arrivals_[s][k], service, time.scv, source.pattern.bulk)
                : modulated_population(source.pattern.states, service).value_or(0) / arrivals_[s][k];
        figures.waiting[k] = figures.response[k] - service;
        figures.variance[k] = figures.response[k] * figures.response[k];
        figures.population = arrivals_[s][k] * figures.response[k];
        return;
    }
    const int servers = std::get<model::Queue>(system_.stations[s].primitive).servers;
    figures.waiting[k] = service * renewal_wait(source.interarrival, servers, figures.utilisation);
    figures.response[k] = figures.waiting[k] + service;
    figures.variance[k] = figures.response[k] * figures.response[k];
    figures.population = arrivals_[s][k] * figures.response[k];
}

std::vector<double> AnalyticNetwork::passed(std::size_t item_class) const {
    std::vector<double> passed(figures_.size());
    for (std::size_t s = 0; s < figures_.size(); ++s) passed[s] = figures_[s].passed[item_class];
    return passed;
}

ByStation AnalyticNetwork::passed_by_station() const {
    ByStation passed;
    for (const StationFigures& figures : figures_) passed.push_back(figures.passed);
    return passed;
}

bool AnalyticNetwork::is_closed(std::size_t item_class) const {
    return std::any_of(system_.closed.begin(), system_.closed.end(),
                       [&](const auto& source) { return at(source.item_class) == item_class; });
}

}  // namespace headroom::sim
