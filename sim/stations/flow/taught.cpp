// Stations by what the record level teaches of them alone at a grid of loads: visits are drawn from what it
// saw, so that the two levels agree by construction. Where a formula is trusted it takes the place of
// lessons.

#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"
#include "sim/stations/flow/lesson.h"
#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/services.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace headroom::sim::flow {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

constexpr std::array levels{0.05, 0.1, 0.15, 0.2, 0.25, 0.3,  0.35, 0.4,  0.45, 0.5,  0.55, 0.6,
                            0.65, 0.7, 0.75, 0.8, 0.84, 0.87, 0.9,  0.92, 0.94, 0.96, 0.98, 1.0,
                            1.05, 1.1, 1.2,  1.3, 1.5,  1.75, 2.0,  2.5,  3.0,  4.0,  6.0,  10.0};
constexpr std::size_t last_stable = 22;

class Taught : public StationFlow {
public:
    Taught(const model::Station& station, Pace pace, std::vector<ClosedVisitors> closed, const Peers& peers,
           bool formula, const Draws& draws)
        : primitive_(station.primitive),
          pace_(std::move(pace)),
          closed_(std::move(closed)),
          peers_(peers),
          formula_known_(formula),
          draws_(draws),
          random_(draws.stream(station.name, "visits of the flow")),
          peaks_(draws.stream(station.name, "peaks of the flow")),
          whole_line_(pace_.servers, waiting_services()),
          services_(pace_.service, station.name, draws) {
        for (const model::ItemSize& size : station.sizes) sizes_.push_back(size.value());
    }

    double servers() const override { return pace_.servers; }

    void step(const Inflow& inflow, StepAnswer& answer) override;
    DrawnVisit draw(double part, int item_class) override;
    double closed_rate(int item_class, const std::vector<double>& open_rates) override;
    double memory() const override {
        return stationary() || !pace_.service_apart ? 0 : line_->memory(mix_, after_.level);
    }

private:
    using LessonPtr = std::shared_ptr<const Lesson>;
    /// The two lessons around a load; `low` is null where the load below is none.
    struct Between {
        LessonPtr low, high;
        double share = 1;  ///< 0: as in low; 1: as in high

        template <class Of>
        double blend(const Of& of, double nothing = 0) const {
            if (!high) return nothing;
            return share * of(*high) + (1 - share) * (low ? of(*low) : nothing);
        }
    };

    /// In the time of the whole station, servers of which others are gone are faster.
    std::vector<model::Distribution> waiting_services(double time = 1) const {
        std::vector<model::Distribution> service;
        for (const auto& s : pace_.service)
            service.push_back(
                (pace_.insensitive ? model::Distribution::exponential(s.mean) : s).scaled(time));
        return service;
    }
    /// Whatever comes, the station settles; else what is too much piles up.
    bool stationary() const { return pace_.bounded || !closed_.empty(); }
    bool is_closed(std::size_t k) const {
        return std::any_of(closed_.begin(), closed_.end(),
                           [&](const auto& c) { return at(c.item_class) == k; });
    }
    /// What comes beside closed visitors: rates by class, and the gaps between arrivals.
    struct Open {
        std::vector<double> rate;
        double scv = 1;
        const model::Distribution* gap = nullptr;  ///< their shape, where it is known
        const model::SourcePattern* pattern = nullptr;
    };
    Open open_of(const std::vector<double>& rates, double scv = 1) const;
    Between between(double level, const Open& open);
    LessonPtr lesson(std::size_t level, const Open& open);
    double visits_of(double level) const;
    static void follow(const model::SourcePattern& pattern, Question& question);
    double share_refused(std::vector<double> Lesson::*shares, std::size_t k) const;
    double exact_loss(const Inflow& inflow, double offered) const;
    void set_burden(const std::vector<double>& rate);
    double most_present(double seconds, const StepAnswer& answer);
    Servers& line_of(double present);

    const model::Primitive primitive_;
    std::vector<double> sizes_;
    const Pace pace_;
    const std::vector<ClosedVisitors> closed_;
    const Peers peers_;
    const bool formula_known_;
    Draws draws_;
    RandomStream random_, peaks_;
    Servers whole_line_;
    Servers* line_ = &whole_line_;       ///< of the servers that are there in the step at hand
    std::map<int, Servers> lines_left_;  ///< by number, where some are gone
    Services services_;
    std::map<std::vector<int>, LessonPtr> lessons_;

    // Of the step at hand:
    Mix mix_;
    bool by_formula_ = false;
    Between taught_;
    double beyond_ = 1;              ///< a wait beyond the last lesson, as a multiple of that lesson's
    double bulk_ = 0, offered_ = 0;  ///< seconds between bulks; offered load, 1 = capacity
    std::vector<double> refused_;    ///< by class: share that does not get through
    std::vector<double> burden_, content_;
    Open last_open_;  ///< when something last came
    Line before_, after_;
};

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
    beyond_ = 1;
    if (!by_formula_ && (level > 0 || !closed_.empty())) {
        if (!stationary() && level > levels[last_stable]) {
            beyond_ = line_->stationary_wait(mix_, level) / line_->stationary_wait(mix_, levels[last_stable]);
            level = levels[last_stable];
        }
        taught_ = between(level, offered_ > 0 || last_open_.rate.empty() ? open : last_open_);
    }
    if (offered_ > 0) last_open_ = open;
    refused_.assign(classes, 0.0);
    set_burden(inflow.rate);
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
            if (const double exact = exact_loss(inflow, offered_); exact >= 0) answer.rejected[k] = exact;
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
        answer.content[k] = served * (response + burden_[k] * after_.backlog);
    }
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
        const Quantiles::Place place = Quantiles::place(random_.uniform());
        wait = beyond_ * taught_.blend([&](const Lesson& l) { return l.waiting[k](place); });
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
        const double variance = present * std::max(0.0, 1 - present / users);
        return std::min({users + present, pace_.room,
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
        return l.rate[at(item_class)];
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
// on their own; to the others it lasts as long as those before them leave room.
void Taught::set_burden(const std::vector<double>& rate) {
    burden_.assign(rate.size(), 1.0);
    if (pace_.priorities.empty() || after_.backlog + before_.backlog <= 0) return;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        double above = 0, alike = 0;
        for (std::size_t j = 0; j < rate.size(); ++j) {
            const double load = rate[j] * pace_.service[j].mean / pace_.servers;
            if (pace_.priorities[j] > pace_.priorities[k]) above += load;
            if (pace_.priorities[j] == pace_.priorities[k]) alike += load;
        }
        burden_[k] = above + alike < 1 ? 0 : 1 / std::max(1e-3, 1 - above);
    }
}

// Between two loads losses grow by a factor, not by a sum.
double Taught::share_refused(std::vector<double> Lesson::*shares, std::size_t k) const {
    const double high = ((*taught_.high).*shares)[k], low = taught_.low ? ((*taught_.low).*shares)[k] : 0;
    return low > 0 ? std::pow(high, taught_.share) * std::pow(low, 1 - taught_.share) : taught_.share * high;
}

double Taught::exact_loss(const Inflow& inflow, double offered) const {
    const auto* queue = std::get_if<model::Queue>(&primitive_);
    const bool exponential = queue && !is_special(*queue) && !pace_.impatient &&
                             queue->discipline == model::Discipline::fcfs && closed_.empty() &&
                             inflow.rate.size() == 1 && inflow.scv == 1 &&
                             queue->service[0].family == model::Family::exponential;
    return exponential ? mmck_loss(line_->servers(), queue->capacity, offered * line_->servers()) : -1;
}

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
    return draws_.lesson * std::min(12.0, unlucky * varied * std::max(0.25, slow * slow));
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

}  // namespace

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
