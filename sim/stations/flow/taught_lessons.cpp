// Which lessons a load asks for, and which losses are known without.

#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"
#include "sim/stations/flow/loss.h"
#include "sim/stations/flow/taught.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim::flow {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

Taught::Open Taught::open_of(const std::vector<double>& rates, double scv) const {
    Open open{.rate = rates, .scv = scv};
    for (std::size_t k = 0; k < rates.size(); ++k)
        if (is_closed(k)) open.rate[k] = 0;
    return open;
}

Taught::Between Taught::between(double level, const Open& open) {
    Between found;
    std::size_t high = 0;
    while (high + 1 < levels.size() && levels[high] < level) ++high;
    const double top = levels[high], bottom = high > 0 ? levels[high - 1] : 0;
    found.high = lesson(high, open);
    if (high > 0)
        found.low = lesson(high - 1, open);
    else if (!closed_.empty())
        found.low = lesson(levels.size(), open);
    found.share = std::clamp((level - bottom) / (top - bottom), 0.0, 1.0);
    if (!stationary() && top < 1) {
        // Between two loads the wait grows like its formula, not evenly.
        const double a = high > 0 ? line_->stationary_wait(mix_, bottom) : 0,
                     b = line_->stationary_wait(mix_, top);
        if (b > a) found.share = std::clamp((line_->stationary_wait(mix_, level) - a) / (b - a), 0.0, 1.0);
    }
    return found;
}

/// Where a line takes long to forget, where chance has some wait long, and where losses are rare, more is
/// needed to see as much.
double Taught::visits_of(double level) const {
    if (!closed_.empty()) return draws_.lesson;
    if (pace_.bounded) return (level > 0.7 && level < 1.3 ? 5 : 0.5) * draws_.lesson;
    const auto* queue = std::get_if<model::Queue>(&primitive_);
    const double unlucky = queue && queue->discipline == model::Discipline::random ? 4 : 1;
    const double slow = 0.2 / std::max(0.02, 1 - level);
    // Rounded, so that mixes of classes that are alike ask the same question.
    const double varied =
        std::exp2(std::ceil(std::log2(std::max(1.0, (mix_.arrival_scv + mix_.scv) / 2)) - 0.1));
    const double most = 12 * std::max(1.0, varied / 2);
    return draws_.lesson * std::min(most, unlucky * varied * std::max(0.25, slow * slow));
}

/// Arrivals that depend on each other, over many of the times for which they do.
void Taught::follow(const model::SourcePattern& pattern, Question& question) {
    constexpr double stays = 400;
    question.bulk = pattern.bulk;
    question.states = pattern.states;
    const double mean = model::mean_rate(pattern.states).value();
    const double rate = std::accumulate(question.rates.begin(), question.rates.end(), 0.0);
    for (model::ModulatedState& state : question.states) {
        state.rate = model::ItemRate(state.rate.value() / mean);
        question.visits = std::max(question.visits, stays * state.stay.value() * rate);
    }
}

// Loads that are alike in their mix of classes (by steps of 19 %) and in their arrivals (by 10 %) share a
// lesson.
Taught::LessonPtr Taught::lesson(std::size_t level, const Open& open) {
    const double most = open.rate.empty() ? 0 : *std::max_element(open.rate.begin(), open.rate.end());
    const bool nobody = level >= levels.size() || most <= 0;
    std::vector<int> name{nobody ? -1 : static_cast<int>(level), 0,
                          line_->servers() * (open.pattern ? -1 : 1)};
    const double deviation = std::sqrt(std::max(0.0, open.scv));
    name[1] = static_cast<int>(std::lround(deviation * 20)) * (open.gap ? -1 : 1);
    for (const double rate : open.rate)
        name.push_back(!nobody && rate > most / 1024
                           ? static_cast<int>(std::lround(4 * std::log2(rate / most)))
                           : -1000);
    if (const auto known = lessons_.find(name); known != lessons_.end()) return known->second;

    std::vector<double> rates;
    double work = 0;
    for (std::size_t k = 0; k < open.rate.size(); ++k) {
        rates.push_back(name[k + 3] > -1000 ? std::exp2(name[k + 3] / 4.0) : 0);
        work += rates.back() * pace_.service[k].mean;
    }
    for (double& rate : rates) rate *= work > 0 ? levels[level] * pace_.servers / work : 0;
    const double rounded = name[1] / 20.0;
    const model::Distribution gap = open.gap        ? open.gap->scaled(1 / open.gap->mean)
                                    : name[1] == 20 ? model::Distribution::exponential(1)
                                                    : model::Distribution::with_scv(1, rounded * rounded);
    Question question{.primitive = primitive_,
                      .sizes = sizes_,
                      .rates = rates,
                      .gaps = std::vector(rates.size(), gap),
                      .closed = closed_,
                      .visits = visits_of(nobody ? 0 : levels[level]),
                      .variant = static_cast<int>(draws_.replication % Draws::variants),
                      .peers = peers_};
    if (open.pattern) follow(*open.pattern, question);
    if (line_ != &whole_line_) question.leave(line_->servers(), pace_.servers);
    return lessons_.emplace(std::move(name), lesson_for(question, draws_.stop)).first->second;
}

/// As many times what exponential services would lose, which a formula tells at any load, as at the loads
/// around it: of one class in order of arrival, where a formula knows it. The lessons would need a hundred
/// times as many visits to see rare losses as well.
std::optional<double> Taught::known_loss(const Inflow& inflow) {
    const auto* queue = std::get_if<model::Queue>(&primitive_);
    const bool poisson = inflow.scv == 1 && !inflow.pattern &&
                         (!inflow.gap || inflow.gap->family == model::Family::exponential);
    if (!queue || queue->discipline != model::Discipline::fcfs || is_special(*queue) || !poisson ||
        !closed_.empty() || peers_.stations > 1)
        return {};
    int item_class = -1;
    for (std::size_t k = 0; k < inflow.rate.size(); ++k) {
        if (inflow.rate[k] <= 0) continue;
        if (item_class >= 0) return {};
        item_class = static_cast<int>(k);
    }
    const double c = line_->servers(),
                 exponential = mmck_loss(line_->servers(), queue->capacity, offered_ * c);
    const auto place = std::lower_bound(levels.begin(), levels.end() - 1, offered_) - levels.begin();
    const auto high = static_cast<int>(place), low = std::max(0, high - 1);
    const auto above = loss_at(item_class, high), below = loss_at(item_class, low);
    if (!above || !below) return {};
    const double from = levels[at(low)], to = levels[at(high)];
    const double share = to > from ? std::clamp((offered_ - from) / (to - from), 0.0, 1.0) : 1;
    return std::min(1.0, exponential * std::pow(*above, share) * std::pow(*below, 1 - share));
}

/// In units of what exponential services lose.
std::optional<double> Taught::loss_at(int item_class, int level) {
    constexpr double quick = 1e7, thorough = 1e9, nothing = 1e-15;
    const auto [found, is_new] = losses_.try_emplace({line_->servers(), item_class, level});
    if (!is_new) return found->second;
    const int capacity = std::get<model::Queue>(primitive_).capacity;
    const double exponential = mmck_loss(line_->servers(), capacity, levels[at(level)] * line_->servers());
    if (exponential < nothing) return found->second = 1;
    const auto loss = poisson_loss(line_->servers(), capacity, levels[at(level)],
                                   pace_.service[at(item_class)], draws_.rough ? quick : thorough);
    if (loss) found->second = *loss / exponential;
    return found->second;
}

}  // namespace headroom::sim::flow
