// A step and the visits in it.

#include "sim/stations/flow/taught.h"

#include "sim/analytic/special_queues.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace headroom::sim::flow {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

void Taught::step(const Inflow& inflow, StepAnswer& answer) {
    const std::size_t classes = inflow.rate.size();
    Open open = open_of(inflow.rate, inflow.scv);
    open.gap = inflow.gap;
    open.pattern = inflow.pattern;
    line_ = &line_of(inflow.present);
    Mix mix = line_->mix(open.rate, inflow.scv);
    if (mix.mean <= 0) {
        mix = mix_;
        mix.rate = 0;
    }
    mix_ = std::move(mix);
    offered_ = mix_.rate * mix_.mean / line_->servers();
    bulk_ = inflow.bulks ? inflow.bulks->gap() : 0;
    by_formula_ = formula_known_ && (draws_.rough || line_->covers(mix_));
    before_ = after_;
    double level = offered_, overflow = 0;
    if (!stationary()) {
        answer.utilisation = after_.advance(*line_, mix_, offered_, inflow.length);
        const double longest = pace_.room * mix_.mean / line_->servers();
        if (offered_ > 0) overflow = after_.cut(*line_, mix_, longest) / (offered_ * inflow.length);
        level = after_.level;
    }
    taught_ = {};
    beyond_ = more_wait_ = 1;
    if (!by_formula_ && (level > 0 || !closed_.empty())) {
        if (!stationary() && level > levels[last_stable]) go_beyond(level);
        level = stationary() ? level : std::min(level, levels[last_stable]);
        taught_ = between(level, offered_ > 0 || last_open_.rate.empty() ? open : last_open_);
    }
    if (offered_ > 0) last_open_ = open;
    refused_.assign(classes, 0.0);
    share_backlog(inflow.rate, inflow.length);
    if (offered_ <= 0 && closed_.empty()) {
        // What is left of the backlog is still worked off.
        for (double& content : content_)
            content *= before_.backlog > 0 ? after_.backlog / before_.backlog : 0;
        answer.content = content_.empty() ? answer.content : content_;
        answer.hottest = answer.utilisation;
        return;
    }
    const double worked = answer.utilisation;
    for (std::size_t k = 0; k < classes; ++k) {
        if (inflow.rate[k] <= 0) continue;
        const double service = pace_.service[k].mean * inflow.present;
        if (pace_.bounded && taught_.high) {
            answer.rejected[k] = share_refused(&Lesson::rejected, k);
            answer.expired[k] = share_refused(&Lesson::expired, k);
            if (const auto known = known_loss(inflow)) answer.rejected[k] = *known;
            refused_[k] = answer.rejected[k] + answer.expired[k];
        } else if (overflow > 0) {
            refused_[k] = answer.rejected[k] = overflow;
        }
        double response = service;
        if (by_formula_) {
            response += after_.wait - after_.backlog;
        } else if (pace_.service_apart) {
            response += beyond_ * taught_.blend([&](const Lesson& l) { return l.waiting[k].mean(); });
        } else {
            response = beyond_ * taught_.blend(
                                     [&](const Lesson& l) {
                                         return l.response[k].known() ? l.response[k].mean() : service;
                                     },
                                     service);
        }
        if (bulk_ > 0) response += std::min(1.0, offered_) * bulk_ / 2;
        // Little's law: at the rate of those that leave.
        const double served =
            stationary() ? inflow.rate[k] * (1 - refused_[k]) : inflow.rate[k] / offered_ * worked;
        answer.content[k] = served * (response + (pace_.priorities.empty() ? after_.backlog : 0));
    }
    for (std::size_t k = 0; k < owed_.size(); ++k)
        if (owed_[k] > 0) answer.content[k] += owed_[k] * pace_.servers / pace_.service[k].mean;
    if (pace_.impatient) {
        // Those who will go are there, too.
        const double served = std::accumulate(answer.content.begin(), answer.content.end(), 0.0);
        const double present = taught_.blend([](const Lesson& l) { return l.present; });
        for (double& content : answer.content) content *= served > 0 ? present / served : 0;
    }
    if (stationary() || pace_.idles_at_work)
        answer.utilisation = std::min(1.0, taught_.blend([](const Lesson& l) { return l.utilisation; }));
    answer.hottest = answer.utilisation;
    answer.work_variance = Servers::work_variance(mix_);
    answer.most = most_present(inflow.length, answer);
    content_ = answer.content;
}

/// From the last lesson on, by the formulas.
void Taught::go_beyond(double level) {
    const double last = line_->stationary_wait(mix_, levels[last_stable]),
                 wait = line_->stationary_wait(mix_, level);
    if (last <= 0) return;  // nobody ever waits where arrivals and services are all regular
    beyond_ = wait / last;
    more_wait_ = line_->waiting_share(mix_, level) / line_->waiting_share(mix_, levels[last_stable]);
}

DrawnVisit Taught::draw(double part, int item_class) {
    const auto k = at(item_class);
    if (refused_[k] > 0 && random_.uniform() < refused_[k]) return {0, 0, true};
    double wait = 0, response = 0;
    const auto service = [&] { return services_.draw(item_class); };
    if (by_formula_) {
        const double level = before_.level + part * (after_.level - before_.level);
        wait = line_->draw(mix_, level, random_);
        response = wait + service();
    } else {
        // At the same share of the visits between two loads: exact where the shape stays and the scale moves.
        const double chance = random_.uniform();
        const Quantiles::Place place = Quantiles::place(chance);
        // Beyond the last lesson more have to wait, and those who do wait longer.
        const Quantiles::Place of_wait =
            more_wait_ > 1 ? Quantiles::place(1 - (1 - chance) / more_wait_) : place;
        wait = beyond_ / more_wait_ * taught_.blend([&](const Lesson& l) { return l.waiting[k](of_wait); });
        const bool told = taught_.high && taught_.high->response[k].known();
        if (pace_.service_apart || !told) {
            response = wait + service();
        } else {
            const double none = taught_.low ? 0 : service();
            response = beyond_ * taught_.blend([&](const Lesson& l) { return l.response[k](place); }, none);
        }
    }
    double behind = burden_[k] * (before_.backlog + part * (after_.backlog - before_.backlog));
    if (bulk_ > 0) behind += random_.uniform() * std::min(1.0, offered_) * bulk_;
    return {wait + behind, response + behind, false};
}

double Taught::most_present(double seconds, const StepAnswer& answer) {
    if (!closed_.empty()) {
        // Each user is here for a share of the time.
        double users = 0, cycle = 0;
        for (const ClosedVisitors& visitors : closed_) {
            users += visitors.users;
            cycle += visitors.users * (visitors.between.mean + pace_.service[at(visitors.item_class)].mean);
        }
        const double present = std::accumulate(answer.content.begin(), answer.content.end(), 0.0);
        double others = 0;
        for (std::size_t k = 0; k < answer.content.size(); ++k)
            others += is_closed(k) ? 0 : answer.content[k];
        const double variance = present * std::max(0.0, 1 - present / users);
        return std::min({others > 0 ? users + present : users, pace_.room,
                         draw_highest(present, variance, seconds * users / std::max(cycle, 1e-12), peaks_)});
    }
    if (pace_.impatient) {
        // As far above the mean as the lesson saw, in its own number of looks.
        const double present = taught_.blend([](const Lesson& l) { return l.present; });
        const double most = taught_.blend([](const Lesson& l) { return l.most; });
        const double seen = highest_normal(visits_of(offered_) / (mix_.rate * mix_.mean), 0.5);
        const double drawn = highest_normal(seconds / mix_.mean, peaks_.uniform());
        return std::clamp(present + (most - present) * drawn / seen, 0.0, pace_.room);
    }
    if (pace_.bounded && offered_ >= 1) return pace_.room;
    const double level = pace_.bounded ? offered_ : after_.level;
    const double backlog = std::max(before_.backlog, after_.backlog) * line_->servers() / mix_.mean;
    return std::min(pace_.room, backlog + line_->draw_most(mix_, level, seconds, peaks_));
}

double Taught::closed_rate(int item_class, const std::vector<double>& rates) {
    if (!is_closed(at(item_class))) return -1;
    const Open open = open_of(rates);
    const Mix mix = line_->mix(open.rate, 1);
    return between(mix.rate * mix.mean / line_->servers(), open).blend([&](const Lesson& l) {
        // Those who find no room, or give up, came as well.
        const double refused = l.rejected[at(item_class)] + l.expired[at(item_class)];
        return l.rate[at(item_class)] / (refused < 1 ? 1 - refused : 1);
    });
}

Servers& Taught::line_of(double present) {
    const int left = std::clamp(static_cast<int>(std::lround(present * pace_.servers)), 1, pace_.servers);
    if (left == pace_.servers) return whole_line_;
    if (const auto known = lines_left_.find(left); known != lines_left_.end()) return known->second;
    return lines_left_
        .emplace(left, Servers(left, waiting_services(static_cast<double>(left) / pace_.servers)))
        .first->second;
}

// Under overload those of the highest priorities pass the backlog by, as long as they do not fill the servers
// on their own: it belongs to those below them, also when the overload is over, and lasts as long as those
// before them leave room.
void Taught::share_backlog(const std::vector<double>& rate, double seconds) {
    burden_.assign(rate.size(), 1.0);
    if (pace_.priorities.empty()) return;
    const std::vector<double> before = std::exchange(owed_, std::vector<double>(rate.size(), 0.0));
    if (after_.backlog + before_.backlog <= 0) return;
    std::vector<double> load, work;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        load.push_back(rate[k] * pace_.service[k].mean / pace_.servers);
        work.push_back((before.empty() ? 0 : before[k]) + load[k] * seconds);
    }
    const auto of_rank = [&](const std::vector<double>& amounts, double from, double to) {
        double sum = 0;
        for (std::size_t j = 0; j < amounts.size(); ++j)
            if (pace_.priorities[j] >= from && pace_.priorities[j] <= to) sum += amounts[j];
        return sum;
    };
    constexpr double highest = std::numeric_limits<double>::infinity();
    double left = 0;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        const double rank = pace_.priorities[k], alike = of_rank(work, rank, rank);
        const double room = std::max(0.0, seconds - (of_rank(work, rank, highest) - alike));
        if (alike > 0) owed_[k] = work[k] * std::max(0.0, 1 - room / alike);
        left += owed_[k];
    }
    for (double& owed : owed_) owed *= left > 0 ? after_.backlog / left : 0;
    const std::vector<double>& whose = after_.backlog > 0 && left > 0 ? owed_ : before;
    const double all = of_rank(whose, -highest, highest);
    for (std::size_t k = 0; k < rate.size(); ++k) {
        const double rank = pace_.priorities[k];
        const double above = of_rank(load, rank, highest) - of_rank(load, rank, rank);
        burden_[k] = all > 0 ? of_rank(whose, rank, highest) / all / std::max(1e-3, 1 - above) : 0;
    }
}

// Between two loads losses grow by a factor, not by a sum.
double Taught::share_refused(std::vector<double> Lesson::*shares, std::size_t k) const {
    const double high = ((*taught_.high).*shares)[k], low = taught_.low ? ((*taught_.low).*shares)[k] : 0;
    return low > 0 ? std::pow(high, taught_.share) * std::pow(low, 1 - taught_.share) : taught_.share * high;
}

std::unique_ptr<StationFlow> make_taught(const model::Station& station, Pace pace,
                                         std::vector<ClosedVisitors> closed, const Draws& draws) {
    return std::make_unique<Taught>(station, std::move(pace), std::move(closed), Peers{}, false, draws);
}

std::unique_ptr<StationFlow> make_queue(const model::Station& station, std::vector<ClosedVisitors> closed,
                                        const Peers& peers, const Draws& draws) {
    const auto& queue = std::get<model::Queue>(station.primitive);
    const bool formula = queue.discipline == model::Discipline::fcfs && !pace_of(queue).bounded &&
                         closed.empty() && queue.patience.empty() && !is_special(queue) &&
                         peers.stations == 1;
    return std::make_unique<Taught>(station, pace_of(queue), std::move(closed), peers, formula, draws);
}

}  // namespace headroom::sim::flow
