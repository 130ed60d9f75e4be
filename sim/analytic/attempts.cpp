// Senders who ask again: a fixed point of the rate of attempts, where the share in vain depends on the load
// that the attempts themselves bring.

#include "sim/analytic/analytic_network.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

constexpr int most_attempts = 10'000;
constexpr double negligible = 1e-12;

/// Share of gamma times that are within the limit, and the integral of the times up to it.
struct InTime {
    double share = 0, time = 0;
};
InTime in_time(double mean, double variance, double limit) {
    if (!std::isfinite(mean)) return {};
    const double shape = variance > 0 ? mean * mean / variance : 1e4;
    if (shape >= 1e4) return mean <= limit ? InTime{1, mean} : InTime{};
    const double scaled = shape * limit / mean;
    return {boost::math::gamma_p(shape, scaled), mean * boost::math::gamma_p(shape + 1, scaled)};
}

double mean_pause(const model::Persistence& persistence, int attempt) {
    const double pause = persistence.back_off.value() * std::pow(persistence.growth, attempt - 2);
    return std::min(pause, persistence.longest.value()) * (1 - persistence.jitter / 2);
}

}  // namespace

AnalyticNetwork::Attempt AnalyticNetwork::attempt_of(std::size_t source) const {
    constexpr int points = 32;
    const model::OpenSource& sender = system_.open[source];
    const std::size_t k = at(sender.item_class), count = system_.stations.size();
    std::vector<double> mean(count), variance(count), one(system_.open.size(), 0.0);
    one[source] = 1;
    bool finite = true;
    for (const int s : traffic_.reached(sender.item_class)) {
        mean[at(s)] = figures_[at(s)].response[k] + meeting_[at(s)][k];
        variance[at(s)] = figures_[at(s)].variance[k];
        finite = finite && std::isfinite(mean[at(s)]) && std::isfinite(variance[at(s)]);
    }
    const Entry entry = traffic_.entry(sender.item_class, one, 0);
    double completed = entry.through, time = 0, square = 0;
    if (finite) {
        const auto remaining = traffic_.remaining(sender.item_class, passed(k), mean, variance);
        for (std::size_t s = 0; s < count; ++s) {
            completed += entry.stations[s] * remaining.completions[s];
            time += entry.stations[s] * remaining.time[s];
            square += entry.stations[s] * remaining.square[s];
        }
    }
    Attempt attempt;
    if (completed <= 0) return attempt;
    time /= completed;
    const double spread = std::max(0.0, square / completed - time * time);
    const auto& timeout = sender.persistence->timeout;
    if (!timeout) {
        attempt = {.answered = std::min(1.0, completed), .time = time};
        return attempt;
    }
    const int drawn = timeout->scv > 0 ? points : 1;
    double late = 0;
    for (int i = 0; i < drawn; ++i) {
        const double limit = timeout->scv > 0 ? timeout->quantile((i + 0.5) / points) : timeout->mean;
        const InTime within = in_time(time, spread, limit);
        attempt.answered += completed * within.share / drawn;
        attempt.time += completed * within.time / drawn;
        late += completed * (1 - within.share) * limit / drawn;
    }
    attempt.answered = std::min(1.0, attempt.answered);
    if (attempt.answered > 0) attempt.time /= attempt.answered;
    if (attempt.answered < 1) attempt.wasted = late / (1 - attempt.answered);
    return attempt;
}

namespace {

/// Mean attempts at a request, of which such a share is in vain.
double attempts_at(const model::Persistence& persistence, double vain) {
    if (vain >= 1) return persistence.attempts;
    return vain > 0 ? -std::expm1(persistence.attempts * std::log(vain)) / (1 - vain) : 1;
}

}  // namespace

double AnalyticNetwork::settle_attempts() {
    double change = 0;
    for (std::size_t i = 0; i < system_.open.size(); ++i) {
        const auto& persistence = system_.open[i].persistence;
        if (!persistence || requested_[i] <= 0) continue;
        const double rate = requested_[i] * attempts_at(*persistence, 1 - attempt_of(i).answered);
        change = std::max(change, std::abs(rate - source_rates_[i]) / rate);
        source_rates_[i] = rate;
    }
    return change;
}

double AnalyticNetwork::attempts_feedback() {
    constexpr double rise = 0.01;
    const std::vector<double> calm = source_rates_;
    std::vector<char> asks(calm.size(), 0);
    for (std::size_t i = 0; i < calm.size(); ++i) {
        const auto& persistence = system_.open[i].persistence;
        asks[i] = persistence && persistence->timeout && persistence->attempts > 1 && calm[i] > 0;
        if (asks[i]) source_rates_[i] *= 1 + rise;
    }
    settle_load();
    settle_attempts();
    double feedback = 0;
    for (std::size_t i = 0; i < calm.size(); ++i)
        if (asks[i]) feedback = std::max(feedback, (source_rates_[i] / calm[i] - 1) / rise);
    source_rates_ = calm;
    settle_load();
    return feedback;
}

void AnalyticNetwork::tell_requests(std::size_t source, ClassEstimate& result) const {
    const model::Persistence& persistence = *system_.open[source].persistence;
    const Attempt attempt = attempt_of(source);
    double asking = 1, answered = 0, time = 0, before = 0;
    for (int i = 1; i <= std::min(persistence.attempts, most_attempts) && asking > negligible; ++i) {
        if (i > 1) before += attempt.wasted + mean_pause(persistence, i);
        const double now = asking * attempt.answered;
        answered += now;
        time += now * (before + attempt.time);
        asking -= now;
    }
    result.throughput = requested_[source] * answered;
    result.response = answered > 0 ? time / answered : std::numeric_limits<double>::infinity();
    result.rejected = requested_[source] * asking;
    result.exact = result.rate_exact = false;
}

// With every attempt made, the busiest station has so many times the work of the requests.
std::optional<std::string> AnalyticNetwork::held_up_by_attempts() const {
    for (std::size_t i = 0; i < system_.open.size(); ++i) {
        const auto& persistence = system_.open[i].persistence;
        if (!persistence || !persistence->timeout || source_rates_[i] <= 0) continue;
        const double once = requested_[i] / source_rates_[i];
        const std::size_t k = at(system_.open[i].item_class);
        for (const int s : traffic_.reached(system_.open[i].item_class)) {
            const StationFigures& figures = figures_[at(s)];
            double all = 0;
            for (const double rate : arrivals_[at(s)]) all += rate;
            const double own = all > 0 ? figures.utilisation * arrivals_[at(s)][k] / all : 0;
            if (figures.utilisation + own * (once - 1) < 1 &&
                figures.utilisation + own * (once * persistence->attempts - 1) > 1)
                return system_.stations[at(s)].name;
        }
    }
    return std::nullopt;
}

bool AnalyticNetwork::attempts_known() const {
    const auto asks = [](const auto& source) { return source.persistence.has_value(); };
    if (std::any_of(system_.closed.begin(), system_.closed.end(), asks)) return false;
    return std::all_of(system_.open.begin(), system_.open.end(), [&](const model::OpenSource& source) {
        const auto same = [&](const auto& other) { return other.item_class == source.item_class; };
        return !source.persistence ||
               (!source.persistence->cancels && !switches_ && goes_singly() && system_.regions.empty() &&
                std::count_if(system_.open.begin(), system_.open.end(), same) == 1 &&
                std::none_of(system_.closed.begin(), system_.closed.end(), same));
    });
}

}  // namespace headroom::sim
