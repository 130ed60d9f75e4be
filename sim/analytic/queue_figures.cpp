#include "sim/analytic/queue_figures.h"

#include "sim/analytic/single_server.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace headroom::sim {

namespace {

/// Mean items waiting in M/M/c/K.
double waiting_items(int servers, int capacity, double offered) {
    const double r = offered / servers;
    const int places = std::max(0, capacity - servers);
    // Beyond a thousand relaxation lengths the limit is not felt.
    const int terms = static_cast<int>(std::min<double>(places, 1e6));
    const double blocked = erlang_b(servers, offered);
    double sum = 0, first = 0, power = 1, scale = 1;
    for (int j = 1; j <= terms; ++j) {
        power *= r;
        if (power > 1e200) {
            sum /= power, first /= power, scale /= power;
            power = 1;
        }
        sum += power;
        first += j * power;
        if (power < 1e-18 * sum) break;
    }
    return blocked * first / (scale + blocked * sum);
}

/// Exponential service of one mean, and patience likewise, for all classes that come; or processor sharing,
/// to which the shape of the service does not matter. NaN where that is not so.
struct OneKind {
    double service = -1;
    std::optional<double> patience;
};
OneKind one_kind(const model::Queue& queue, const std::vector<double>& rate) {
    constexpr double no = std::numeric_limits<double>::quiet_NaN();
    const auto exponential = [](const model::Distribution& d) {
        return d.family == model::Family::exponential;
    };
    const bool shared = queue.discipline == model::Discipline::processor_sharing;
    OneKind kind;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        if (rate[k] <= 0) continue;
        std::optional<double> patience;
        if (!queue.patience.empty() && queue.patience[k]) {
            if (!exponential(*queue.patience[k])) return {no, {}};
            patience = queue.patience[k]->mean;
        }
        const bool first = kind.service < 0;
        if (!first && (kind.service != queue.service[k].mean || kind.patience != patience)) return {no, {}};
        if (!shared && !exponential(queue.service[k])) return {no, {}};
        kind = {queue.service[k].mean, patience};
    }
    return kind;
}

// Means under priorities with Poisson arrivals; loads s are shares of all servers. Without preemption
// Cobham's (Operations Research 2, 1954): W_p = R / ((1 - s_above)(1 - s_p)), of one server with R the
// residual work of all, of several with one kind of exponential service with R the mean time until one of
// them is free. With preemption and resumption, of one server (Kleinrock, Queueing Systems 2, 1976,
// section 3.4): T_p = S_p / (1 - s_above) + R_p / ((1 - s_above)(1 - s_p)), R_p of those that are not
// outranked; of several with one kind of exponential service those that are not outranked are M/M/c among
// themselves, and who comes waits until those ahead, and those who outrank it meanwhile, leave a server.
// Empty where no formula is known.
void prioritise(StationFigures& figures, const model::Queue& queue, const StationLoad& load) {
    const std::size_t classes = load.rate.size();
    const double unknown = std::numeric_limits<double>::quiet_NaN(), servers = queue.servers;
    const bool preemptive = queue.discipline == model::Discipline::priority_preemptive;
    const double alike = queue.servers > 1 ? one_kind(queue, load.rate).service : 0;
    const bool known = !std::isnan(alike) && load.bulk_interval <= 0 && std::abs(load.scv - 1) < 1e-9;
    const auto priority = [&](std::size_t k) { return queue.priorities.empty() ? 0 : queue.priorities[k]; };
    /// Mean items of M/M/c.
    const auto present = [&](double offered) {
        return offered + erlang_c(queue.servers, offered) * offered / (servers - offered);
    };
    figures.population = known ? 0 : unknown;
    for (std::size_t k = 0; k < classes; ++k) {
        if (load.rate[k] <= 0) continue;
        double above = 0, not_below = 0, residual = 0, all = 0;
        for (std::size_t j = 0; j < classes; ++j) {
            const double mean = queue.service[j].mean, offered = load.rate[j] * mean;
            all += offered;
            if (priority(j) > priority(k)) above += offered;
            if (priority(j) >= priority(k)) not_below += offered;
            if (!preemptive || priority(j) >= priority(k))
                residual += offered * mean * (1 + queue.service[j].scv) / 2;
        }
        const double service = queue.service[k].mean;
        if (queue.servers > 1)
            residual = erlang_c(queue.servers, preemptive ? not_below : all) * service / servers;
        const double wait = residual / ((1 - above / servers) * (1 - not_below / servers));
        double response = wait + service;
        if (preemptive && queue.servers == 1) response = wait + service / (1 - above);
        if (preemptive && queue.servers > 1)
            response = service * (present(not_below) - present(above)) / (not_below - above);
        figures.response[k] = known ? response : unknown;
        // Until service begins; under preemption the completion time after that is longer than the service.
        figures.waiting[k] = known ? wait : unknown;
        figures.population += load.rate[k] * figures.response[k];
    }
}

StationFigures special_queue_figures(const model::Queue& queue, const StationLoad& load) {
    StationFigures figures = untouched(load.rate.size());
    const Mixture all = mixture_of(queue.service, load.rate);
    if (all.rate <= 0 || all.mean <= 0) return figures;
    const OneKind kind = one_kind(queue, load.rate);
    const bool singly = load.bulk_interval <= 0;
    const auto special = std::isnan(kind.service) || !singly
                             ? std::nullopt
                             : special_figures(queue, all.rate, kind.service, kind.patience);
    const double offered = all.rate * all.mean;
    if (!special) {
        figures.known = false;
        const bool quits = !queue.patience.empty() || queue.capacity != model::unlimited;
        figures.utilisation = figures.hottest = offered / full_capacity(queue);
        if (figures.utilisation >= 1 && !quits) overload(figures, load.rate, 1 / figures.utilisation);
        return figures;
    }
    figures.rejects = special->passed < 1 - 1e-12;
    figures.utilisation = figures.hottest = special->busy / queue.servers;
    figures.population = special->population;
    for (std::size_t k = 0; k < load.rate.size(); ++k) {
        if (load.rate[k] <= 0) continue;
        figures.passed[k] = special->passed;
        figures.waiting[k] = special->waiting;
        figures.response[k] = special->response;
        figures.variance[k] = special->response * special->response;
    }
    return figures;
}

}  // namespace

double total(const std::vector<double>& rate) { return std::accumulate(rate.begin(), rate.end(), 0.0); }

StationFigures untouched(std::size_t classes) {
    StationFigures figures;
    figures.waiting.assign(classes, 0);
    figures.response.assign(classes, 0);
    figures.variance.assign(classes, 0);
    figures.passed.assign(classes, 1);
    return figures;
}

double departure_scv(double utilisation, int servers, double arrival_scv, double service_scv) {
    const double u = std::min(utilisation, 1.0);
    return 1 + (1 - u * u) * (arrival_scv - 1) +
           u * u * (std::max(service_scv, 0.2) - 1) / std::sqrt(static_cast<double>(servers));
}

void overload(StationFigures& figures, const std::vector<double>& rate, double served_share) {
    for (std::size_t k = 0; k < rate.size(); ++k) {
        if (rate[k] <= 0) continue;
        figures.waiting[k] = figures.response[k] = std::numeric_limits<double>::infinity();
        figures.passed[k] = served_share;
    }
    figures.growth = total(rate) * (1 - served_share);
    figures.population = std::numeric_limits<double>::infinity();
}

StationFigures queue_figures(const model::Queue& queue, const StationLoad& load) {
    if (is_special(queue)) return special_queue_figures(queue, load);
    StationFigures figures = untouched(load.rate.size());
    const Mixture all = mixture_of(queue.service, load.rate);
    const bool sharing = queue.discipline == model::Discipline::processor_sharing;
    const int servers = sharing ? std::min(queue.servers, queue.admitted) : queue.servers;
    const double offered = all.rate * all.mean;
    figures.utilisation = figures.hottest = offered / servers;
    figures.departure_scv = departure_scv(figures.utilisation, servers, load.scv, sharing ? 1 : all.scv);
    if (all.rate <= 0 || all.mean <= 0) return figures;

    // Items of a bulk are served one after the other: a mean item waits for half of the bulk before it.
    const double bulk_wait =
        load.bulk_interval > 0 ? std::min(figures.utilisation, 1.0) * load.bulk_interval / 2 : 0;

    if (queue.capacity != model::unlimited) {
        figures.rejects = true;
        double loss = mmck_loss(servers, queue.capacity, offered);
        double wait = waiting_items(servers, queue.capacity, offered) / (all.rate * (1 - loss)) *
                      (sharing ? 1 : (1 + all.scv) / 2);
        if (!sharing && servers == 1 && load.bulk_interval <= 0)
            if (const auto room = finite_room(queue.capacity, queue.service, load.rate)) {
                loss = room->loss;
                wait = room->population / (all.rate * (1 - loss)) - all.mean;
            }
        for (std::size_t k = 0; k < load.rate.size(); ++k) {
            if (load.rate[k] <= 0) continue;
            const double service = queue.service[k].mean;
            figures.passed[k] = 1 - loss;
            figures.waiting[k] = sharing ? 0 : wait;
            figures.response[k] = sharing ? service * (1 + wait / all.mean) : wait + service;
            figures.variance[k] = queue.service[k].scv * service * service + wait * wait;
            figures.population += load.rate[k] * (1 - loss) * figures.response[k];
        }
        return figures;
    }
    if (figures.utilisation >= 1) {
        overload(figures, load.rate, 1 / figures.utilisation);
        return figures;
    }
    const double wait = mean_wait(servers, all.rate, all.mean, load.scv, all.scv) + bulk_wait;
    const Sharing share = sharing_of(queue.servers, queue.admitted, all);
    const double waits = std::min(1.0, erlang_c(servers, offered) + 1e-12);
    for (std::size_t k = 0; k < load.rate.size(); ++k) {
        if (load.rate[k] <= 0) continue;
        const double service = queue.service[k].mean;
        figures.waiting[k] = sharing ? share.waiting : wait;
        figures.response[k] = sharing ? share.waiting + service * share.slowdown : wait + service;
        const double slow = sharing ? share.slowdown : 1;
        // The wait of those who wait is close to exponential: E[W^2] = 2 W^2 / P.
        figures.variance[k] = queue.service[k].scv * service * service * slow * slow +
                              figures.waiting[k] * figures.waiting[k] * (2 / waits - 1);
        figures.population += load.rate[k] * figures.response[k];
    }
    if (queue.discipline == model::Discipline::priority ||
        queue.discipline == model::Discipline::priority_preemptive)
        prioritise(figures, queue, load);
    // Last come, first served with preemption and resumption is as insensitive as processor sharing on one
    // server (Baskett, Chandy, Muntz and Palacios, 1975); on several no formula is known.
    if (queue.discipline == model::Discipline::lcfs_preemptive) {
        const bool known = servers == 1 && load.bulk_interval <= 0 && std::abs(load.scv - 1) < 1e-9;
        figures.population = 0;
        for (std::size_t k = 0; k < load.rate.size(); ++k) {
            if (load.rate[k] <= 0) continue;
            figures.waiting[k] = known ? 0 : std::numeric_limits<double>::quiet_NaN();
            figures.response[k] = figures.waiting[k] + queue.service[k].mean / (1 - figures.utilisation);
            figures.population += load.rate[k] * figures.response[k];
        }
    }
    return figures;
}

}  // namespace headroom::sim
