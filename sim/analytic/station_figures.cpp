#include "sim/analytic/station_figures.h"

#include "model/system/lru.h"
#include "sim/analytic/queue_figures.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"
#include "sim/analytic/token_bucket.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace headroom::sim {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Every consumer is an M/G/1 queue with its own share of the records. With polls every P seconds records also
// wait for the next poll (P / 2 on average) and for those that came before them since the last one (rho P /
// 2); what is left over from earlier polls is close to the backlog of the same queue without polls, less what
// a poll interval hides (Siegmund's correction of 0.583 standard deviations a step, Sequential Analysis,
// 1985, chapter 10).
StationFigures log_figures(const model::PartitionedLog& log, const StationLoad& load) {
    StationFigures figures = untouched(load.rate.size());
    const Mixture all = mixture_of(log.service, load.rate);
    if (all.rate <= 0) return figures;
    figures.utilisation = all.rate * all.mean / log.consumers;
    const double poll = log.poll_interval.value();
    struct Consumer {
        double utilisation = 0, served = 0, wait = 0, square = 0;
    };
    const auto consumer = [&](double share) {
        const double rate = all.rate * share, utilisation = rate * all.mean;
        Consumer one{utilisation, share * std::min(1.0, utilisation > 0 ? 1 / utilisation : 1.0)};
        if (utilisation >= 1) return one;
        const double scv = load.bulk_interval > 0 ? load.scv : 1 + share * (load.scv - 1);
        double mean = mean_wait(1, rate, all.mean, scv, all.scv);
        if (poll > 0) {
            const double deviation = std::sqrt(rate * poll * (1 + all.scv)) * all.mean;
            mean = std::max(0.0, mean - 0.583 * deviation) * utilisation + poll * (1 + utilisation) / 2;
        } else if (load.bulk_interval > 0) {
            mean += utilisation * load.bulk_interval / 2;
        }
        one.wait = share * mean;
        const double spread = poll > 0 ? (1 - utilisation) * poll : 0;
        one.square = share * (mean * mean + std::max(spread * spread / 12, poll > 0 ? 0.0 : mean * mean));
        return one;
    };
    double served = 0, wait = 0, square = 0, last_share = -1;
    Consumer one;
    for (const double share : consumer_shares(log)) {
        if (share != last_share) one = consumer(share);  // most are often alike
        last_share = share;
        figures.hottest = std::max(figures.hottest, one.utilisation);
        served += one.served;
        wait += one.wait;
        square += one.square;
    }
    figures.departure_scv = departure_scv(figures.utilisation, log.consumers, load.scv, all.scv);
    if (figures.hottest >= 1) {
        overload(figures, load.rate, served);
        return figures;
    }
    for (std::size_t k = 0; k < load.rate.size(); ++k) {
        if (load.rate[k] <= 0) continue;
        figures.waiting[k] = wait;
        figures.response[k] = wait + log.service[k].mean;
        figures.variance[k] =
            square - wait * wait + log.service[k].scv * log.service[k].mean * log.service[k].mean;
        figures.population += load.rate[k] * figures.response[k];
    }
    return figures;
}

StationFigures batch_figures(const model::Station& station, const model::Batch& batch,
                             const StationLoad& load) {
    StationFigures figures = untouched(load.rate.size());
    const double rate = total(load.rate);
    if (rate <= 0) return figures;
    const double size = mean_size(station, load.rate);
    const Gathering gathering = gathering_of(batch, rate, size, load.bulk_interval);
    const Mixture commit = commit_of(batch, gathering, size);
    figures.utilisation = figures.hottest = commit.rate * commit.mean / batch.writers;
    figures.bulk_interval = gathering.interval;
    if (figures.utilisation >= 1) {
        overload(figures, load.rate, 1 / figures.utilisation);
        return figures;
    }
    // Batches come almost regularly.
    const double writer_wait = mean_wait(batch.writers, commit.rate, commit.mean, 0.05, commit.scv);
    for (std::size_t k = 0; k < load.rate.size(); ++k) {
        if (load.rate[k] <= 0) continue;
        figures.waiting[k] = gathering.wait + writer_wait;
        figures.response[k] = figures.waiting[k] + commit.mean;
        figures.variance[k] = gathering.wait * gathering.wait / 3 + commit.scv * commit.mean * commit.mean;
        figures.population += load.rate[k] * figures.response[k];
    }
    return figures;
}

/// So many waves one after the other: in a last one that is not full the tasks share the disks among fewer.
double of_waves(const model::BatchPool& pool, const model::TaskStage& stage, double waves) {
    const double whole = std::ceil(waves), time = model::slot_time(pool, stage).value();
    if (stage.disk.value() <= 0) return whole * time;
    return std::max(waves * time, (whole - 1) * time + std::min(time, stage.core.value()));
}

/// Of a job alone in the pool, one wave after the other, along its longest way.
double lone_job(const model::BatchPool& pool, const std::vector<model::TaskStage>& stages, double slowed) {
    const double width = std::min(static_cast<double>(pool.nodes) * pool.slots_per_node,
                                  static_cast<double>(pool.tasks_at_once));
    std::vector<double> end(stages.size(), 0.0);
    double last = 0;
    for (std::size_t s = 0; s < stages.size(); ++s) {
        const model::TaskStage& stage = stages[s];
        for (const int before : stage.after) end[s] = std::max(end[s], end[static_cast<std::size_t>(before)]);
        end[s] += stage.lead.value() +
                  std::max(stage.tasks * stage.fetch.value() / pool.network.value(),
                           std::ceil(stage.tasks / width) * stage.fetch.value() / pool.fetch_most.value()) +
                  of_waves(pool, stage, stage.tasks / width) * slowed / (1 - stage.failing);
        last = std::max(last, end[s]);
    }
    return pool.launch.value() + last;
}

// How much of the slots the tasks take: what jobs wait for each other has no formula.
StationFigures pool_figures(const model::BatchPool& pool, const StationLoad& load) {
    StationFigures figures = untouched(load.rate.size());
    const double slowed = 1 + pool.straggler_share * (pool.straggler_factor - 1);
    double work = 0;
    for (std::size_t k = 0; k < load.rate.size(); ++k) {
        if (load.rate[k] <= 0) continue;
        figures.response[k] = lone_job(pool, pool.jobs[k], slowed);
        if (pool.held) {
            work += load.rate[k] * (figures.response[k] - pool.launch.value()) * pool.tasks_at_once;
            continue;
        }
        for (const model::TaskStage& stage : pool.jobs[k])
            work += load.rate[k] * stage.tasks * model::slot_time(pool, stage).value() * slowed /
                    (1 - stage.failing);
    }
    figures.utilisation = figures.hottest = work / (static_cast<double>(pool.nodes) * pool.slots_per_node);
    if (figures.utilisation >= 1) {
        overload(figures, load.rate, 1 / figures.utilisation);
        return figures;
    }
    for (std::size_t k = 0; k < load.rate.size(); ++k)
        figures.population += load.rate[k] * figures.response[k];
    return figures;
}

}  // namespace

double servers_of(const model::Primitive& primitive) {
    if (const auto* queue = std::get_if<model::Queue>(&primitive)) return queue->servers;
    if (const auto* log = std::get_if<model::PartitionedLog>(&primitive)) return log->consumers;
    if (const auto* batch = std::get_if<model::Batch>(&primitive)) return batch->writers;
    return 0;
}

Mixture mixture_of(const std::vector<model::Distribution>& service, const std::vector<double>& rate) {
    Mixture all;
    double square = 0;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        all.rate += rate[k];
        all.mean += rate[k] * service[k].mean;
        square += rate[k] * service[k].mean * service[k].mean * (1 + service[k].scv);
    }
    if (all.rate <= 0) return all;
    all.mean /= all.rate;
    square /= all.rate;
    if (all.mean > 0) all.scv = std::max(0.0, square / (all.mean * all.mean) - 1);
    return all;
}

// The number present under processor sharing with at least as many places as servers moves like that of
// M/M/c, for any distribution of the service where there is no limit of admission (Cohen, Acta Informatica
// 1979). With a limit A, the share rho^(A - c) of those M/M/c holds waiting waits for admission, in order,
// like in M/G/A: half (1 + SCV).
Sharing sharing_of(int servers, int admitted, const Mixture& load) {
    const int active = std::min(servers, admitted);
    const double utilisation = load.rate * load.mean / active;
    Sharing sharing;
    if (load.mean <= 0 || utilisation <= 0) return sharing;
    const double excess = mean_wait(active, load.rate, load.mean, 1, 1);
    const double outside_share =
        admitted == model::unlimited ? 0 : std::pow(std::min(utilisation, 1.0), admitted - active);
    sharing.waiting = excess * outside_share * (1 + load.scv) / 2;
    sharing.slowdown = 1 + excess * (1 - outside_share) / load.mean;
    return sharing;
}

Gathering gathering_of(const model::Batch& batch, double rate, double item_size, double bulk_interval) {
    Gathering gathering;
    double limit = batch.max_items;
    if (item_size > 0) limit = std::min(limit, std::ceil(batch.max_size.value() / item_size));
    limit = std::max(limit, 1.0);
    const double age = batch.max_wait.value();
    const double filling = (limit - 1) / rate;
    if (filling <= age) {
        gathering = {limit / rate, limit, filling / 2};
    } else {
        // The first item waits the whole age, those that follow are spread evenly over it.
        gathering.items = 1 + rate * age;
        gathering.interval = age + 1 / rate;
        gathering.wait = (age + rate * age * age / 2) / gathering.items;
    }
    if (bulk_interval > 0 && bulk_interval > gathering.interval / 50) {
        // Gathering starts with a bulk and takes in those that come within the age.
        const double bulk = rate * bulk_interval;
        const double ratio = std::min(age, filling) / bulk_interval;
        const double whole = std::floor(ratio + 0.005);
        // A bulk that comes just when the age is reached makes it or not.
        const double more = std::abs(ratio - std::round(ratio)) < 0.005 && whole > 0 ? whole - 0.5 : whole;
        gathering.wait = std::max(0.0, std::min(age, filling) - more * bulk_interval / 2);
        gathering.items = bulk * (1 + more);
        gathering.interval = bulk_interval * (1 + more);
    }
    return gathering;
}

Mixture commit_of(const model::Batch& batch, const Gathering& gathering, double item_size) {
    const double variable = gathering.items * item_size / batch.rate.value();
    const double mean = batch.fixed.mean + variable;
    const double scv = mean > 0 ? batch.fixed.scv * batch.fixed.mean * batch.fixed.mean / (mean * mean) : 0;
    return {1 / gathering.interval, mean, scv};
}

double mean_size(const model::Station& station, const std::vector<double>& rate) {
    double bytes = 0, items = 0;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        bytes += rate[k] * station.sizes[k].value();
        items += rate[k];
    }
    return items > 0 ? bytes / items : 0;
}

std::vector<double> consumer_shares(const model::PartitionedLog& log) {
    std::vector<double> shares(static_cast<std::size_t>(log.consumers), 0.0);
    std::size_t consumer = 0;
    for (const double share : log.shares) {
        shares[consumer] += share;
        if (++consumer == shares.size()) consumer = 0;
    }
    return shares;
}

StationFigures station_figures(const model::Station& station, const StationLoad& load) {
    StationFigures figures = untouched(load.rate.size());
    figures.departure_scv = load.scv;
    if (const auto* queue = std::get_if<model::Queue>(&station.primitive)) return queue_figures(*queue, load);
    if (const auto* log = std::get_if<model::PartitionedLog>(&station.primitive))
        return log_figures(*log, load);
    if (const auto* batch = std::get_if<model::Batch>(&station.primitive))
        return batch_figures(station, *batch, load);
    if (const auto* delay = std::get_if<model::Delay>(&station.primitive)) {
        figures.departure_scv = 1;
        bool even = true;
        for (std::size_t k = 0; k < load.rate.size(); ++k) {
            if (load.rate[k] <= 0) continue;
            figures.response[k] = delay->time[k].mean;
            figures.variance[k] = delay->time[k].scv * delay->time[k].mean * delay->time[k].mean;
            figures.population += load.rate[k] * delay->time[k].mean;
            even = even && delay->time[k].scv == 0;
        }
        figures.bulk_interval = even ? load.bulk_interval : 0;
        if (even) figures.departure_scv = load.scv;
        return figures;
    }
    if (const auto* pool = std::get_if<model::BatchPool>(&station.primitive))
        return pool_figures(*pool, load);
    if (const auto* limiter = std::get_if<model::Limiter>(&station.primitive))
        return limiter_figures(*limiter, load);
    if (const auto* cache = std::get_if<model::Cache>(&station.primitive)) {
        const auto exact = model::exact_hits(*cache);
        const auto rate = model::per_second(total(load.rate));
        figures.diverted = 1 - (exact ? *exact : model::HitRatio(*cache).in_the_long_run(rate));
    }
    figures.bulk_interval = load.bulk_interval;  // a store passes everything at once
    return figures;
}

}  // namespace headroom::sim
