#include "sim/analytic/exactness.h"

#include "model/system/lru.h"
#include "sim/analytic/single_server.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"
#include "sim/analytic/token_bucket.h"
#include "sim/analytic/traffic.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

constexpr int most_renewal_servers = 50;

bool is_exponential(const model::Distribution& d) {
    return std::abs(d.scv - 1) < 1e-12 && d.family == model::Family::exponential;
}

/// Gaps are independent, and items come one by one.
bool is_independent(const model::SourcePattern& pattern) {
    return pattern.states.empty() && pattern.bulk.is_one() && !pattern.trace.times;
}

/// All that come have exponential services of one mean.
bool is_one_kind(const model::Queue& queue, const std::vector<bool>& visiting) {
    double mean = -1;
    for (std::size_t k = 0; k < visiting.size(); ++k) {
        if (!visiting[k]) continue;
        if (!is_exponential(queue.service[k])) return false;
        if (mean >= 0 && queue.service[k].mean != mean) return false;
        mean = queue.service[k].mean;
    }
    return true;
}

/// Poisson arrivals leave as Poisson departures, and means are those of the product form.
bool keeps_product_form(const model::Station& station, const std::vector<bool>& visiting) {
    if (std::holds_alternative<model::Delay>(station.primitive) ||
        std::holds_alternative<model::Store>(station.primitive))
        return true;
    const auto* queue = std::get_if<model::Queue>(&station.primitive);
    if (!queue || queue->capacity != model::unlimited) return false;
    // Speeds by the number present keep the product form; patience, batches and coming again do not.
    if (queue->batch_most > 1 || !queue->patience.empty()) return false;
    // What takes no time never keeps anyone waiting.
    bool takes_time = false;
    for (std::size_t k = 0; k < visiting.size(); ++k)
        takes_time = takes_time || (visiting[k] && queue->service[k].mean > 0);
    if (!takes_time) return true;
    if (!queue->speeds.empty() && queue->discipline == model::Discipline::lcfs_preemptive) return false;
    if (queue->discipline == model::Discipline::lcfs_preemptive) return queue->servers == 1;
    if (queue->discipline != model::Discipline::fcfs &&
        queue->discipline != model::Discipline::processor_sharing)
        return false;
    if (queue->discipline == model::Discipline::processor_sharing && queue->admitted == model::unlimited)
        return true;
    return is_one_kind(*queue, visiting);
}

bool is_by_priority(const model::Queue& queue) {
    return queue.discipline == model::Discipline::priority ||
           queue.discipline == model::Discipline::priority_preemptive;
}

/// The formula is exact for Poisson arrivals, whatever leaves.
bool is_exact_for_poisson(const model::Station& station, const std::vector<bool>& visiting) {
    if (keeps_product_form(station, visiting)) return true;
    const auto* queue = std::get_if<model::Queue>(&station.primitive);
    if (queue) {
        // Where there is a formula for such a queue at all, it is exact.
        if (is_special(*queue)) return true;
        if (queue->capacity == model::unlimited)
            // The order of service does not matter to the mean unless it looks at the class (Cobham's
            // formula).
            return queue->discipline != model::Discipline::processor_sharing &&
                   (queue->servers == 1 || (is_by_priority(*queue) && is_one_kind(*queue, visiting)));
        // Erlang's loss formula holds for every service (Sevastyanov 1957).
        if (queue->capacity == queue->servers && queue->discipline == model::Discipline::fcfs) return true;
        // So does that of processor sharing with limited room (Cohen, Acta Informatica 1979).
        if (queue->discipline == model::Discipline::processor_sharing)
            return queue->admitted == model::unlimited;
        int classes = 0;
        bool exponential = true;
        for (std::size_t k = 0; k < visiting.size(); ++k) {
            classes += visiting[k] ? 1 : 0;
            exponential = exponential && (!visiting[k] || is_exponential(queue->service[k]));
        }
        if (queue->discipline != model::Discipline::fcfs) return false;
        // M/G/1/K by its embedded chain, whatever the mixture of classes is.
        if (queue->servers == 1) {
            std::vector<double> even(visiting.size(), 0.0);
            for (std::size_t k = 0; k < visiting.size(); ++k)
                if (visiting[k] && queue->service[k].mean > 0) even[k] = 1 / queue->service[k].mean;
            const auto room = finite_room(queue->capacity, queue->service, even);
            if (room) return room->exact;
        }
        return exponential && classes == 1;
    }
    if (const auto* limiter = std::get_if<model::Limiter>(&station.primitive))
        return has_bucket_figures(*limiter);
    if (const auto* cache = std::get_if<model::Cache>(&station.primitive))
        return model::exact_hits(*cache).has_value();
    const auto* log = std::get_if<model::PartitionedLog>(&station.primitive);
    return log && log->poll_interval.value() == 0;
}

}  // namespace

std::vector<int> renewal_inputs(const model::System& system) {
    std::vector<int> inputs(system.stations.size(), -1), ways(system.stations.size(), 0);
    const auto count = [&](const model::Route& route, int source) {
        for (const auto& branch : route.branches) {
            if (branch.station == model::outside) continue;
            ++ways[at(branch.station)];
            inputs[at(branch.station)] = branch.probability == 1 ? source : -1;
        }
    };
    for (std::size_t i = 0; i < system.open.size(); ++i) count(system.open[i].route, static_cast<int>(i));
    for (const auto& source : system.closed) count(source.route, -1);
    for (const auto& station : system.stations)
        for (const auto& route : station.routes) count(route, -1);
    for (std::size_t s = 0; s < inputs.size(); ++s)
        if (ways[s] != 1) inputs[s] = -1;
    return inputs;
}

static bool is_pattern_exact(const model::Queue& queue, const model::OpenSource& source) {
    if (source.pattern.trace.times) return false;
    if (source.pattern.states.empty()) return is_exponential(source.interarrival);
    return source.pattern.bulk.is_one() && is_exponential(queue.service[at(source.item_class)]) &&
           modulated_population(source.pattern.states, queue.service[at(source.item_class)].mean);
}

bool is_renewal_exact(const model::Station& station, const model::OpenSource& source) {
    const auto* queue = std::get_if<model::Queue>(&station.primitive);
    if (queue && !is_independent(source.pattern))
        return queue->servers == 1 && queue->capacity == model::unlimited && !is_special(*queue) &&
               queue->discipline == model::Discipline::fcfs && is_pattern_exact(*queue, source);
    // Poisson arrivals have closed forms of their own.
    if (!queue || source.interarrival.family == model::Family::exponential || is_special(*queue) ||
        queue->servers > most_renewal_servers || queue->capacity != model::unlimited ||
        queue->discipline != model::Discipline::fcfs)
        return false;
    const model::Distribution& service = queue->service[at(source.item_class)];
    const double utilisation = source.rate.base.value() * service.mean / queue->servers;
    return is_exponential(service) && utilisation > 0 && utilisation < 1 &&
           !std::isnan(renewal_wait(source.interarrival, queue->servers, utilisation));
}

bool has_formula(const model::System& system, const model::OpenSource& source,
                 const std::vector<int>& renewal) {
    if (is_independent(source.pattern)) return true;
    for (std::size_t s = 0; s < renewal.size(); ++s)
        if (renewal[s] >= 0 && &system.open[at(renewal[s])] == &source)
            return is_renewal_exact(system.stations[s], source);
    return false;
}

/// Classes that the items of users are, or may become.
static std::vector<char> become_by_users(const model::System& system) {
    std::vector<char> found(system.classes.size(), 0);
    for (const auto& source : system.closed) found[at(source.item_class)] = 1;
    for (bool more = true; more;) {
        more = false;
        for (const auto& station : system.stations)
            for (std::size_t k = 0; k < found.size(); ++k)
                for (const auto& branch : station.routes[k].branches)
                    if (found[k] && branch.item_class >= 0 && !found[at(branch.item_class)])
                        found[at(branch.item_class)] = 1, more = true;
    }
    return found;
}

Exactness examine_exactness(const model::System& system) {
    const std::size_t count = system.stations.size(), classes = system.classes.size();
    Exactness result;
    result.constant_rates = std::all_of(system.open.begin(), system.open.end(),
                                        [](const auto& source) { return source.rate.is_constant(); });
    const TrafficEquations traffic(system);
    std::vector<std::vector<bool>> visiting(count, std::vector<bool>(classes, false));
    for (std::size_t k = 0; k < classes; ++k)
        for (const int s : traffic.reached(static_cast<int>(k))) visiting[at(s)][k] = true;
    std::vector<bool> product(count), poisson(count, true);
    for (std::size_t s = 0; s < count; ++s) product[s] = keeps_product_form(system.stations[s], visiting[s]);
    const auto spoil = [&](const model::Route& route) {
        for (const auto& branch : route.branches)
            if (branch.station != model::outside) poisson[at(branch.station)] = false;
    };
    // Copies that meet again are not independent: a copied stream counts as not Poisson.
    for (const auto& source : system.open)
        if (!is_exponential(source.interarrival) || !is_independent(source.pattern) ||
            (source.persistence && source.persistence->attempts > 1) ||
            source.route.routing == model::Routing::copy)
            spoil(source.route);
    for (std::size_t s = 0; s < count; ++s)
        for (std::size_t k = 0; k < classes; ++k) {
            const auto& station = system.stations[s];
            const auto& route = station.routes[k];
            const bool by_chance =
                route.routing == model::Routing::split || route.routing == model::Routing::copy;
            if (visiting[s][k] && (!product[s] || !by_chance || station.yields[k] > 1 ||
                                   (route.routing == model::Routing::copy && route.branches.size() > 1)))
                spoil(route);
        }
    // What leaves a room that turns items away, or lets them wait, is not Poisson.
    std::vector<int> region(count, -1);
    for (std::size_t r = 0; r < system.regions.size(); ++r)
        for (const int s : system.regions[r].stations) region[at(s)] = static_cast<int>(r);
    for (std::size_t s = 0; s < count; ++s)
        for (std::size_t k = 0; k < classes && region[s] >= 0; ++k)
            for (const auto& branch : system.stations[s].routes[k].branches)
                if (visiting[s][k] && branch.station != model::outside &&
                    region[at(branch.station)] != region[s])
                    poisson[at(branch.station)] = false;
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t s = 0; s < count; ++s) {
            if (poisson[s]) continue;
            for (std::size_t k = 0; k < classes; ++k)
                if (visiting[s][k])
                    for (const auto& branch : system.stations[s].routes[k].branches)
                        if (branch.station != model::outside && poisson[at(branch.station)])
                            poisson[at(branch.station)] = false, changed = true;
        }
    }
    const std::vector<int> renewal = renewal_inputs(system);
    // Behind a decision whose shares are approximate all rates are.
    result.rates.assign(count, true);
    std::vector<int> behind;
    for (std::size_t s = 0; s < count; ++s)
        if (!is_exact_for_poisson(system.stations[s], visiting[s]) || !poisson[s]) {
            for (std::size_t k = 0; k < classes; ++k)
                if (visiting[s][k] && system.stations[s].routes[k].routing == model::Routing::outcome)
                    behind.push_back(static_cast<int>(s));
        }
    while (!behind.empty()) {
        const model::Station& station = system.stations[at(behind.back())];
        behind.pop_back();
        for (const auto& route : station.routes)
            for (const auto& branch : route.branches)
                if (branch.station != model::outside && result.rates[at(branch.station)]) {
                    result.rates[at(branch.station)] = false;
                    behind.push_back(branch.station);
                }
    }
    result.closed_product_form = true;
    const std::vector<char> of_users = become_by_users(system);
    for (std::size_t s = 0; s < count; ++s) {
        const bool delay = std::holds_alternative<model::Delay>(system.stations[s].primitive) ||
                           std::holds_alternative<model::Store>(system.stations[s].primitive);
        const bool renews =
            renewal[s] >= 0 && is_renewal_exact(system.stations[s], system.open[at(renewal[s])]);
        result.stations.push_back(delay || renews ||
                                  (poisson[s] && is_exact_for_poisson(system.stations[s], visiting[s])));
        if (region[s] >= 0) {
            const model::Region& room = system.regions[at(region[s])];
            const auto keeps = [&](int member) { return product[at(member)] && poisson[at(member)]; };
            result.stations.back() = room.overflow == model::Overflow::drop &&
                                     std::all_of(room.stations.begin(), room.stations.end(), keeps);
            result.regions =
                result.regions && (result.stations.back() || room.overflow == model::Overflow::block);
        }
        for (std::size_t k = 0; k < classes; ++k)
            if (of_users[k] && visiting[s][k] && !product[s]) result.closed_product_form = false;
    }
    return result;
}

}  // namespace headroom::sim
