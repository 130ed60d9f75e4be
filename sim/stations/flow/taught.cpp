// Queues without a formula (sharing with a limit of admission, a limited waiting room, closed classes): the
// record level simulates the station alone at a grid of loads, and visits are drawn from what it saw. The two
// levels agree by construction; the grid is filled where it is needed.

#include "sim/analytic/closed_network.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/station_figures.h"
#include "sim/platform/replication.h"
#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace headroom::sim::flow {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Quantiles of a sketch, ready to be drawn from: even up to 0.9, then even in the logarithm of the tail.
class Quantiles {
public:
    Quantiles() = default;
    explicit Quantiles(const QuantileSketch& sketch) : known_(sketch.count() > 0) {
        if (!known_) return;
        for (int i = 0; i <= body; ++i) values_[at(i)] = sketch.quantile(std::max(1e-6, 0.9 * i / body));
        for (int i = 1; i <= tail; ++i)
            values_[at(body + i)] = sketch.quantile(1 - std::pow(10.0, -1 - 4.0 * i / tail));
        mean_ = sketch.mean();
    }
    bool known() const { return known_; }
    double mean() const { return mean_; }
    double operator()(double u) const {
        if (!known_) return 0;
        const double place = u < 0.9
                                 ? u / 0.9 * body
                                 : std::min<double>(body + tail, body + (-std::log10(1 - u) - 1) * tail / 4);
        const int cell = std::min(body + tail - 1, static_cast<int>(place));
        return values_[at(cell)] + (place - cell) * (values_[at(cell + 1)] - values_[at(cell)]);
    }

private:
    static constexpr int body = 180, tail = 80;
    std::array<double, body + tail + 1> values_{};
    bool known_ = false;
    double mean_ = 0;
};

struct Lesson {
    std::vector<Quantiles> waiting, response;  ///< by class
    std::vector<double> rejected;              ///< by class, share of arrivals
    std::vector<double> rate;                  ///< by class, departures a second
    double utilisation = 0, population = 0;
};

constexpr std::array levels{0.0,  0.05, 0.1,  0.15, 0.2,  0.25, 0.3, 0.35, 0.4,  0.45, 0.5,  0.55, 0.6,
                            0.65, 0.7,  0.75, 0.8,  0.84, 0.87, 0.9, 0.92, 0.94, 0.96, 0.98, 1.0,  1.05,
                            1.1,  1.2,  1.3,  1.5,  1.75, 2.0,  2.5, 3.0,  4.0,  6.0,  10.0};
constexpr std::size_t last_stable = 23;

class Taught : public StationFlow {
public:
    Taught(const model::Station& station, std::vector<ClosedVisitors> closed, const Draws& draws)
        : station_(station),
          queue_(std::get<model::Queue>(station.primitive)),
          closed_(std::move(closed)),
          draws_(draws),
          random_(draws.stream(station.name, "visits of the flow")),
          line_(std::min(queue_.servers, queue_.admitted), exponentials()) {}

    double servers() const override { return queue_.servers; }

    void step(const Inflow& inflow, StepAnswer& answer) override;

    DrawnVisit draw(double part, int item_class) override {
        const Moment& moment = moment_;
        const Lesson* lesson = random_.uniform() < moment.share ? moment.high : moment.low;
        const auto k = at(item_class);
        if (lesson == nullptr || !lesson->response[k].known()) lesson = moment.high;
        if (lesson == nullptr || !lesson->response[k].known()) {
            const double service = queue_.service[k].quantile(random_.uniform());
            return {0, service, false};
        }
        if (lesson->rejected[k] > 0 && random_.uniform() < moment.rejected[k]) return {0, 0, true};
        const double u = random_.uniform();
        const double extra = moment.extra > 0 ? -std::log(random_.uniform()) * moment.extra : 0;
        const double behind = before_ + part * (backlog_ - before_) + extra;
        return {lesson->waiting[k](u) + behind, lesson->response[k](u) + behind, false};
    }

    double closed_rate(int item_class, const std::vector<double>& open_rates) override {
        if (!is_closed(at(item_class))) return -1;
        std::vector<double> open = open_rates;
        for (std::size_t k = 0; k < open.size(); ++k)
            if (is_closed(k)) open[k] = 0;
        const Mix mix = line_.mix(open, 1);
        const double offered = mix.rate * mix.mean / line_.servers();
        std::size_t high = 0;
        while (high + 1 < levels.size() && levels[high] < offered) ++high;
        const double top = lesson(high, open, offered).rate[at(item_class)];
        if (high == 0) return top;
        const double share = (offered - levels[high - 1]) / (levels[high] - levels[high - 1]);
        return share * top + (1 - share) * lesson(high - 1, open, offered).rate[at(item_class)];
    }

private:
    struct Moment {
        const Lesson *low = nullptr, *high = nullptr;
        double share = 1;  ///< of visits that are drawn from `high`
        double extra = 0;  ///< mean of an exponential wait beyond the table
        std::vector<double> rejected;
    };

    // What piles up follows the number present, which under sharing moves like that of exponential services.
    std::vector<model::Distribution> exponentials() const {
        std::vector<model::Distribution> service;
        for (const auto& s : queue_.service)
            service.push_back(queue_.discipline == model::Discipline::processor_sharing
                                  ? model::Distribution::exponential(s.mean)
                                  : s);
        return service;
    }
    bool is_closed(std::size_t k) const {
        return std::any_of(closed_.begin(), closed_.end(),
                           [&](const auto& c) { return at(c.item_class) == k; });
    }
    const Lesson& lesson(std::size_t level, const std::vector<double>& open_rates, double offered);
    Lesson learn(const std::vector<double>& rates, int number);

    const model::Station station_;
    const model::Queue queue_;
    std::vector<ClosedVisitors> closed_;
    Draws draws_;
    RandomStream random_;
    Servers line_;
    std::map<std::vector<int>, Lesson> lessons_;
    Moment moment_;  ///< of the step at hand
    double wait_ = 0, before_ = 0, backlog_ = 0;
};

void Taught::step(const Inflow& inflow, StepAnswer& answer) {
    const std::size_t classes = inflow.rate.size();
    std::vector<double> open = inflow.rate;
    for (std::size_t k = 0; k < classes; ++k)
        if (is_closed(k)) open[k] = 0;
    const Mix mix = line_.mix(open, inflow.scv);
    const double offered = mix.rate * mix.mean / line_.servers();
    const bool limited = queue_.capacity != model::unlimited;

    double level = offered;
    before_ = backlog_;
    Moment moment;
    if (!limited && closed_.empty()) {
        const double before = wait_;
        wait_ = line_.relax(mix, wait_, offered, inflow.length);
        backlog_ = std::clamp(backlog_ + (offered - 1) * inflow.length, 0.0, wait_);
        level = line_.utilisation_for(mix, wait_ - backlog_);
        const double beyond = line_.stationary_wait(mix, levels[last_stable]);
        if (level > levels[last_stable]) moment.extra = std::max(0.0, wait_ - backlog_ - beyond);
        level = std::min(level, levels[last_stable]);
        answer.utilisation = std::clamp(offered - (wait_ - before) / inflow.length, 0.0, 1.0);
    }
    std::size_t high = 0;
    while (high + 1 < levels.size() && levels[high] < level) ++high;
    const std::size_t low = high > 0 ? high - 1 : 0;
    if (offered > 0 || !closed_.empty()) {
        moment.high = &lesson(high, open, offered);
        moment.low = low == 0 && closed_.empty() ? nullptr : &lesson(low, open, offered);
        moment.share =
            moment.low == nullptr || high == low ? 1 : (level - levels[low]) / (levels[high] - levels[low]);
        if (!limited && closed_.empty() && moment.low != nullptr && levels[high] < 1) {
            // Between two loads the wait grows like its formula, not evenly.
            const double a = line_.stationary_wait(mix, levels[low]),
                         b = line_.stationary_wait(mix, levels[high]);
            if (b > a) moment.share = std::clamp((line_.stationary_wait(mix, level) - a) / (b - a), 0.0, 1.0);
        }
    }
    const auto blended = [&](auto&& of) {
        const double top = moment.high ? of(*moment.high) : 0.0;
        return moment.low ? top * moment.share + of(*moment.low) * (1 - moment.share) : top;
    };
    moment.rejected.assign(classes, 0.0);
    for (std::size_t k = 0; k < classes; ++k) {
        if (inflow.rate[k] <= 0) continue;
        double loss = limited ? blended([&](const Lesson& l) { return l.rejected[k]; }) : 0;
        // Between two loads losses grow by a factor, not by a sum.
        if (moment.low != nullptr && loss > 0 && moment.low->rejected[k] > 0)
            loss = std::pow(moment.high->rejected[k], moment.share) *
                   std::pow(moment.low->rejected[k], 1 - moment.share);
        bool exponential =
            limited && queue_.discipline == model::Discipline::fcfs && closed_.empty() && classes == 1;
        exponential =
            exponential && queue_.service[k].family == model::Family::exponential && inflow.scv == 1;
        if (exponential) loss = mmck_loss(queue_.servers, queue_.capacity, offered * line_.servers());
        answer.rejected[k] = moment.rejected[k] = loss;
        const double response = blended([&](const Lesson& l) {
            return l.response[k].known() ? l.response[k].mean() : queue_.service[k].mean;
        });
        answer.content[k] = inflow.rate[k] * (1 - loss) / std::max(1.0, limited ? 1.0 : offered) *
                            (response + backlog_ + moment.extra);
    }
    if (limited || !closed_.empty())
        answer.utilisation = std::min(1.0, blended([](const Lesson& l) { return l.utilisation; }));
    answer.hottest = answer.utilisation;
    moment_ = std::move(moment);
}

const Lesson& Taught::lesson(std::size_t level, const std::vector<double>& open_rates, double offered) {
    // Loads alike in their mix of classes (to a tenth) share a lesson.
    std::vector<int> key{static_cast<int>(level)};
    const double sum = std::accumulate(open_rates.begin(), open_rates.end(), 0.0);
    for (const double rate : open_rates)
        key.push_back(sum > 0 ? static_cast<int>(std::lround(10 * rate / sum)) : 0);
    const auto known = lessons_.find(key);
    if (known != lessons_.end()) return known->second;
    std::vector<double> rates = open_rates;
    for (double& rate : rates) rate *= offered > 0 ? levels[level] / offered : 0;
    Lesson fresh = learn(rates, static_cast<int>(lessons_.size()));
    return lessons_.emplace(std::move(key), std::move(fresh)).first->second;
}

Lesson Taught::learn(const std::vector<double>& rates, int number) {
    model::System alone;
    const std::size_t classes = rates.size();
    for (std::size_t k = 0; k < classes; ++k) alone.classes.push_back({std::to_string(k), ""});
    alone.components = {station_.name};
    model::Station station = station_;
    station.component = 0;
    station.routes.assign(classes, model::Route{});
    station.yields.assign(classes, 1.0);
    alone.stations.push_back(std::move(station));
    const model::Route in{model::Routing::split, {{0, 1.0}}};
    double visits = 0;
    for (std::size_t k = 0; k < classes; ++k) {
        if (rates[k] <= 0) continue;
        model::OpenSource source;
        source.item_class = static_cast<int>(k);
        source.rate.base = model::ItemRate(rates[k]);
        source.route = in;
        alone.open.push_back(std::move(source));
        visits += rates[k];
    }
    // Closed visitors come at most as fast as they think, and as fast as the servers serve them.
    double slowest = 0, closed = 0, work = 0;
    for (const ClosedVisitors& visitors : closed_) {
        alone.closed.push_back({visitors.item_class, visitors.users, visitors.between, in});
        const double service = queue_.service[at(visitors.item_class)].mean;
        const double rate = visitors.users / std::max(1e-12, visitors.between.mean + service);
        closed += rate;
        work += rate * service;
        slowest = std::max(slowest, visitors.between.mean + service);
    }
    if (work > line_.servers()) closed *= line_.servers() / work;
    visits += closed;
    Lesson lesson;
    lesson.waiting.resize(classes);
    lesson.response.resize(classes);
    lesson.rejected.assign(classes, 0.0);
    lesson.rate.assign(classes, 0.0);
    if (visits <= 0) return lesson;
    // Near saturation the number present takes long to forget: more visits there.
    double load = 0;
    for (std::size_t k = 0; k < classes; ++k) load += rates[k] * queue_.service[k].mean / line_.servers();
    // Losses are rare.
    const bool limited = queue_.capacity != model::unlimited;
    const double count = draws_.lesson * (limited && load > 0.7 && load < 1.2 ? 10 : load > 0.85 ? 4 : 1);
    const double warm_up = std::max(0.1 * count / visits, 3 * slowest);
    alone.horizon = model::seconds(warm_up + count / visits);
    const ReplicationOptions options{
        .seed = draws_.seed ^ stream_id(station_.name, "lesson " + std::to_string(number)),
        .replication = static_cast<int>(draws_.replication),
        .warm_up = warm_up,
        .bins = 1,
        .stop = {}};
    const Replication seen = simulate_records(alone, options);
    const StationTally& tally = seen.stations[0];
    for (std::size_t k = 0; k < classes; ++k) {
        const VisitTally& visit = tally.visits[k];
        lesson.waiting[k] = Quantiles(visit.waiting);
        lesson.response[k] = Quantiles(visit.response);
        if (visit.arrivals > 0) lesson.rejected[k] = visit.rejected / visit.arrivals;
        lesson.rate[k] = visit.departures / seen.measured_time;
    }
    lesson.utilisation = tally.capacity > 0 ? tally.busy / tally.capacity : 0;
    lesson.population = tally.population / seen.measured_time;
    return lesson;
}

}  // namespace

std::unique_ptr<StationFlow> make_taught(const model::Station& station, std::vector<ClosedVisitors> closed,
                                         const Draws& draws) {
    return std::make_unique<Taught>(station, std::move(closed), draws);
}

std::unique_ptr<StationFlow> make_station(const model::Station& station, std::vector<ClosedVisitors> closed,
                                          const Draws& draws) {
    if (const auto* queue = std::get_if<model::Queue>(&station.primitive)) {
        const bool formula = queue->discipline == model::Discipline::fcfs &&
                             queue->capacity == model::unlimited && closed.empty();
        return formula ? make_queue(station, draws) : make_taught(station, std::move(closed), draws);
    }
    if (std::holds_alternative<model::PartitionedLog>(station.primitive)) return make_log(station, draws);
    if (std::holds_alternative<model::Batch>(station.primitive)) return make_batch(station, draws);
    return make_delay(station, draws);
}

}  // namespace headroom::sim::flow
