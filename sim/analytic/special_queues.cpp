#include "sim/analytic/special_queues.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace headroom::sim {

namespace {

constexpr int most_states = 200'000;

double speed_at(const model::Queue& queue, double present) {
    if (queue.speeds.empty()) return 1;
    const auto last = static_cast<double>(queue.speeds.size());
    return queue.speeds[static_cast<std::size_t>(std::clamp(present, 1.0, last)) - 1];
}

std::optional<SpecialFigures> birth_and_death(const model::Queue& queue, double rate, double service,
                                              std::optional<double> patience) {
    const bool limited = queue.capacity != model::unlimited;
    if (!limited && !patience && rate * service >= full_capacity(queue)) return {};
    const double servers = queue.servers, capacity = queue.capacity;
    double weight = 1, sum = 1, present = 0, busy = 0, served = 0, quitting = 0;
    for (int n = 1; n < most_states; ++n) {
        const double working = std::min<double>(n, servers), waiting = n - working;
        const double out = working * speed_at(queue, n) / service;
        const double quits = patience ? waiting / *patience : 0;
        weight *= rate / (out + quits);
        if (weight > 1e250) {
            for (double* total : {&sum, &present, &busy, &served, &quitting}) *total /= weight;
            weight = 1;
        }
        sum += weight;
        present += n * weight;
        busy += working * weight;
        served += out * weight;
        quitting += quits * weight;
        if (limited && n >= capacity) break;
        const bool falls = rate < out + quits && n > servers && n > std::ssize(queue.speeds);
        if (falls && weight * n < 1e-14 * present) break;
        if (n + 1 == most_states) return {};
    }
    SpecialFigures figures;
    figures.rejected = limited ? weight / sum : 0;
    figures.passed = served / sum / rate;
    figures.busy = busy / sum;
    figures.population = present / sum;
    if (patience) {
        // Those who quit were present too: only who waits on the way to service counts, and how long that is
        // differs from the wait of those who quit. Of all who enter, the mean wait is the waiting line over
        // their rate; of those served it needs the density of the offered wait (Zeltyn and Mandelbaum,
        // Queueing Systems 2005, section 4), here by its moments, with theta the rate of quitting:
        // E[W; served] = sum over states on arrival of the time until all ahead are gone, if patience lasts.
        double arriving = 1, all = 1, wait = 0, chance = 0;
        for (int n = 0; n < most_states; ++n) {
            if (limited && n >= capacity) break;
            // To be served from position n - c + 1 in line, in turn each departure or quitting ahead must
            // come before one's own patience ends; stages of rate out + j / patience, j = 0 ... ahead.
            if (n >= servers) {
                const double out = servers * speed_at(queue, servers) / service, theta = 1 / *patience;
                double survive = 1, time = 0;
                for (int j = 0; j <= n - servers; ++j) {
                    const double ahead = out + j * theta, all_out = ahead + theta;
                    time += 1 / all_out;
                    survive *= ahead / all_out;
                }
                wait += arriving * survive * time;
                chance += arriving * survive;
                if (n > servers + 50 && arriving * time < 1e-13 * wait) break;
            } else {
                chance += arriving;
            }
            const double working = std::min<double>(n + 1, servers);
            arriving *= rate / (working * speed_at(queue, n + 1) / service + (n + 1 - working) / *patience);
            all += arriving;
        }
        figures.waiting = wait / chance;
        figures.response = figures.waiting + service;
    } else {
        const double entering = rate * (1 - figures.rejected);
        figures.response = figures.population / entering;
        figures.waiting = queue.discipline == model::Discipline::processor_sharing
                              ? 0
                              : (figures.population - figures.busy) / entering;
    }
    return figures;
}

std::optional<SpecialFigures> batches(const model::Queue& queue, double rate, double service) {
    if (queue.servers != 1 || queue.capacity != model::unlimited || rate * service >= full_capacity(queue))
        return {};
    const double mu = 1 / service, most = queue.batch_most;
    // The root in (0, 1) of mu r^(b + 1) - (lambda + mu) r + lambda; the left side is positive below it.
    double low = 0, high = 1 - 1e-12;
    for (int i = 0; i < 200; ++i) {
        const double r = (low + high) / 2;
        (mu * std::pow(r, most + 1) - (rate + mu) * r + rate > 0 ? low : high) = r;
    }
    const double r = (low + high) / 2;
    // With the server busy n wait with weight r^n; with it idle, n < least with weight
    // mu / lambda (1 + r + ... + r^n).
    double idle = 0, gathering = 0, sum = 0, power = 1;
    for (int n = 0; n < queue.batch_least; ++n) {
        sum += power;
        power *= r;
        idle += mu / rate * sum;
        gathering += n * mu / rate * sum;
    }
    const double working = 1 / (1 - r), all = idle + working;
    SpecialFigures figures;
    figures.busy = working / all;
    figures.waiting = (gathering + r / ((1 - r) * (1 - r))) / all / rate;
    figures.response = figures.waiting + service;
    figures.population = rate * figures.response;
    return figures;
}

std::optional<SpecialFigures> retrials(const model::Queue& queue, double rate, double service) {
    const double load = rate * service;
    if (queue.servers != 1 || queue.capacity != 1 || queue.attempts != model::unlimited || load >= 1 ||
        queue.retry_after.family != model::Family::exponential)
        return {};
    SpecialFigures figures;
    figures.busy = figures.population = load;
    const double orbit = load * (rate * queue.retry_after.mean + load) / (1 - load);
    figures.waiting = orbit / rate;
    figures.response = figures.waiting + service;
    return figures;
}

}  // namespace

bool is_special(const model::Queue& queue) {
    return !queue.speeds.empty() || queue.batch_most > 1 || !queue.patience.empty() ||
           queue.overflow != model::Overflow::drop;
}

double full_capacity(const model::Queue& queue) {
    const double servers = std::min(queue.servers, queue.admitted);
    return servers * queue.batch_most * (queue.speeds.empty() ? 1 : queue.speeds.back());
}

std::optional<SpecialFigures> special_figures(const model::Queue& queue, double rate, double service,
                                              std::optional<double> patience) {
    using model::Discipline;
    const bool batched = queue.batch_most > 1, again = queue.overflow == model::Overflow::retry;
    const bool varies = !queue.speeds.empty(), quits = patience.has_value();
    if (queue.overflow == model::Overflow::block || batched + again + (varies || quits) > 1) return {};
    if (queue.discipline != Discipline::fcfs && queue.discipline != Discipline::processor_sharing) return {};
    if (queue.discipline == Discipline::processor_sharing &&
        (queue.admitted != model::unlimited || batched || again))
        return {};
    if (batched) return batches(queue, rate, service);
    if (again) return retrials(queue, rate, service);
    if (varies && quits) return {};
    return birth_and_death(queue, rate, service, patience);
}

}  // namespace headroom::sim
