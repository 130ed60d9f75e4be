// Batches: a stretch of gathering and committing is played through with fluid arrivals; visits are drawn from
// it. The number of batches played does not depend on the rates, but on the load.

#include "sim/analytic/station_figures.h"
#include "sim/kernel/sampling.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <queue>
#include <tuple>
#include <utility>

namespace headroom::sim::flow {

namespace {

/// Items that arrive between two moments and wait for the same commit.
struct Portion {
    double from = 0, to = 0, items = 0;
    int batch = 0;
};

struct Stretch {
    std::vector<Portion> portions;
    std::vector<double> cumulative;    ///< items of the portions, summed up
    std::vector<double> close, start;  ///< of each batch: end of gathering, begin of its commit
    double wait = 0, response = 0, items = 0;
    double rate = 0;                    ///< at which it was played
    double mean_items = 0, by_age = 0;  ///< of a batch; share of the batches that close by age
    std::shared_ptr<const BulkTrain> bulks;

    /// Batches a second at a rate near its own.
    double batches(double now) const { return now / (mean_items * std::pow(now / rate, by_age)); }
};

class BatchFlow : public StationFlow {
public:
    BatchFlow(const model::Station& station, const Draws& draws)
        : played_(draws.batches),
          station_(station),
          batch_(std::get<model::Batch>(station.primitive)),
          fixed_(batch_.fixed),
          play_random_(draws.stream(station.name, "batches of the flow")),
          random_(draws.stream(station.name, "visits of the flow")),
          writers_(batch_.writers) {}

    double servers() const override { return batch_.writers; }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        const double rate = std::accumulate(inflow.rate.begin(), inflow.rate.end(), 0.0);
        const int writers = std::max(1, static_cast<int>(std::ceil(batch_.writers * inflow.present - 1e-9)));
        backlog_ *=
            static_cast<double>(std::exchange(writers_, writers)) / writers;  // of these writers' time
        std::shared_ptr<const Stretch> stretch;
        double backlog = backlog_;
        if (rate > 0) {
            const double size = mean_size(station_, inflow.rate);
            stretch = stretch_for(rate, size, inflow.bulks);
            const double offered = offered_by(stretch->batches(rate), rate, size);
            backlog = std::max(0.0, backlog + (offered - 1) * inflow.length);
            answer.utilisation = answer.hottest =
                (backlog > 0 ? 1 : std::min(1.0, offered)) * writers_ / batch_.writers;
            const double served = offered > 1 ? rate / offered : rate;
            for (std::size_t k = 0; k < inflow.rate.size(); ++k)
                answer.content[k] =
                    inflow.rate[k] / rate *
                    (served * stretch->response + (offered > 0 ? rate / offered * backlog : 0));
            answer.commits =
                inflow.length * stretch->batches(rate) * std::min(1.0, offered > 0 ? 1 / offered : 1);
            answer.bulks = stretch->bulks;
            answer.work_variance =
                answer.commits / inflow.length * batch_.fixed.mean * batch_.fixed.mean * batch_.fixed.scv;
        }
        before_ = backlog_;
        backlog_ = backlog;
        stretch_ = std::move(stretch);
    }

    DrawnVisit draw(double part, int) override {
        const Stretch* stretch = stretch_.get();
        if (!stretch) return {};
        const double chosen = random_.uniform() * stretch->cumulative.back();
        const auto found =
            std::lower_bound(stretch->cumulative.begin(), stretch->cumulative.end() - 1, chosen);
        const Portion& portion =
            stretch->portions[static_cast<std::size_t>(found - stretch->cumulative.begin())];
        const double arrival = portion.from + random_.uniform() * (portion.to - portion.from);
        const auto batch = static_cast<std::size_t>(portion.batch);
        const double backlog = before_ + part * (backlog_ - before_);
        const double waiting = stretch->start[batch] - arrival + backlog;
        return {waiting, waiting + fixed_(random_.uniform()) + stretch->items / batch_.rate.value(), false};
    }

private:
    /// Load of the writers that are there, 1: as much as they can do.
    double offered_by(double batches, double rate, double size) const {
        return (batches * batch_.fixed.mean + rate * size / batch_.rate.value()) / writers_;
    }
    /// How many to play: near saturation a line takes long to forget.
    int count_at(double offered) const {
        const double idle = std::max(0.1, 1 - offered);
        return offered < 1 ? static_cast<int>(played_ * std::max(1.0, 0.5 / (idle * idle))) : played_;
    }

    std::shared_ptr<const Stretch> stretch_for(double rate, double size,
                                               const std::shared_ptr<const BulkTrain>& bulks) {
        // Rates within 1 % of a cell's share a stretch. Bulks so dense that many of them make up a batch are
        // as good as fluid.
        constexpr double cells = 50, dense = 40;
        const int cell = static_cast<int>(std::lround(std::log(rate) * cells));
        const bool told = bulks && bulks->gap() * dense > batch_.max_wait.value();
        auto& known = known_[{cell, writers_, told ? bulks.get() : nullptr}];
        if (!known) {
            if (told) kept_.push_back(bulks);  // a key is the address of what is kept
            known = play(std::exp(cell / cells), size, told ? bulks.get() : nullptr);
        }
        return known;
    }

    std::shared_ptr<const Stretch> play(double rate, double size, const BulkTrain* bulks);

    const int played_;
    const model::Station station_;
    const model::Batch batch_;
    Sampler fixed_;
    RandomStream play_random_, random_;
    std::map<std::tuple<int, int, const BulkTrain*>, std::shared_ptr<const Stretch>> known_;
    std::vector<std::shared_ptr<const BulkTrain>> kept_;
    std::shared_ptr<const Stretch> stretch_;  ///< of the step at hand; null where nothing comes
    double before_ = 0, backlog_ = 0;         ///< seconds, at the edges of the step
    int writers_;                             ///< that are there
};

/// The arrivals of a stretch: portions of fluid, single items where these are few, or bulks.
class Arrivals {
public:
    Arrivals(double rate, const BulkTrain* bulks, bool singly, RandomStream& random)
        : rate_(rate), bulks_(bulks), singly_(singly), random_(random) {
        if (bulks_)
            scale_ = rate * bulks_->span / std::accumulate(bulks_->items.begin(), bulks_->items.end(), 0.0);
    }
    bool fluid() const { return !bulks_ && !singly_; }
    /// The next bulk or item after the one before: its moment and its number of items.
    std::pair<double, double> next() {
        if (!bulks_) {
            now_ += -std::log(random_.uniform()) / rate_;
            return {now_, 1};
        }
        const std::size_t i = index_ % bulks_->times.size();
        const double round =
            std::floor(static_cast<double>(index_) / static_cast<double>(bulks_->times.size()));
        ++index_;
        return {bulks_->times[i] + round * bulks_->span, bulks_->items[i] * scale_};
    }

private:
    double rate_;
    const BulkTrain* bulks_;
    bool singly_;
    RandomStream& random_;
    double scale_ = 1, now_ = 0;
    std::size_t index_ = 0;
};

std::shared_ptr<const Stretch> BatchFlow::play(double rate, double size, const BulkTrain* bulks) {
    auto stretch = std::make_shared<Stretch>();
    stretch->rate = rate;
    double limit = batch_.max_items;
    if (size > 0) limit = std::min(limit, batch_.max_size.value() / size);
    limit = std::max(1.0, std::ceil(limit - 1e-9));
    const double age = batch_.max_wait.value();
    const double about = std::min(limit, 1 + rate * age);
    const int count = count_at(offered_by(rate / about, rate, size));
    Arrivals arrivals(rate, bulks, std::min(limit, rate * age) < 30, play_random_);

    // Gathering.
    std::vector<double> items;
    if (arrivals.fluid()) {
        double open = 0;
        for (int b = 0; b < count; ++b) {
            open += -std::log(play_random_.uniform()) / rate;
            // Filling takes as long as limit - 1 Poisson arrivals: nearly normal.
            const double normal = std::sqrt(-2 * std::log(play_random_.uniform())) *
                                  std::cos(2 * std::numbers::pi * play_random_.uniform());
            const double filling = limit - 1 + (std::isfinite(limit) ? normal * std::sqrt(limit - 1) : 0);
            const double filled = open + std::max(0.0, filling) / rate;
            const double close = std::min(open + age, filled);
            const double followers = filled <= open + age ? limit - 1 : (close - open) * rate;
            stretch->portions.push_back({open, open, 1, b});
            stretch->portions.push_back({open, close, followers, b});
            stretch->close.push_back(close);
            items.push_back(1 + followers);
            open = close;
        }
    } else {
        auto [time, bulk] = arrivals.next();
        for (int b = 0; b < count; ++b) {
            const double open = time;
            double gathered = 0, close = open + age;
            while (time <= open + age) {
                stretch->portions.push_back({time, time, bulk, b});
                gathered += bulk;
                const double moment = time;
                std::tie(time, bulk) = arrivals.next();
                if (gathered >= limit) {
                    close = moment;
                    break;
                }
            }
            stretch->close.push_back(close);
            items.push_back(gathered);
        }
    }
    // Committing, by as many writers as there are, in order.
    std::priority_queue<double, std::vector<double>, std::greater<>> free;
    const int writers = std::min(writers_, count);
    for (int i = 0; i < writers; ++i) free.push(0);
    std::vector<std::pair<double, double>> done;
    for (std::size_t b = 0; b < items.size(); ++b) {
        const double duration = fixed_(play_random_.uniform()) + items[b] * size / batch_.rate.value();
        const double start = std::max(stretch->close[b], free.top());
        free.pop();
        free.push(start + duration);
        stretch->start.push_back(start);
        done.emplace_back(start + duration, items[b]);
    }
    double total = 0, wait = 0;
    for (const Portion& portion : stretch->portions) {
        total += portion.items;
        stretch->cumulative.push_back(total);
        wait += portion.items *
                (stretch->start[static_cast<std::size_t>(portion.batch)] - (portion.from + portion.to) / 2);
    }
    const auto by_age = std::count_if(items.begin(), items.end(), [&](double n) { return n < limit; });
    stretch->by_age = static_cast<double>(by_age) / static_cast<double>(items.size());
    stretch->mean_items = total / static_cast<double>(items.size());
    // Where writers cannot keep up, the growing line is the backlog's business.
    if (offered_by(stretch->batches(rate), rate, size) >= 1) {
        wait = 0;
        stretch->start = stretch->close;
        for (const Portion& portion : stretch->portions)
            wait += portion.items * (stretch->close[static_cast<std::size_t>(portion.batch)] -
                                     (portion.from + portion.to) / 2);
    }
    stretch->wait = wait / total;
    stretch->items = 0;
    for (const double in_batch : items)
        stretch->items += in_batch * in_batch / total * size;  // bytes of a mean item's batch
    stretch->response = stretch->wait + batch_.fixed.mean + stretch->items / batch_.rate.value();

    std::sort(done.begin(), done.end());
    auto train = std::make_shared<BulkTrain>();
    for (const auto& [moment, committed] : done) {
        train->times.push_back(moment - done.front().first);
        train->items.push_back(committed);
    }
    train->span = train->times.back() * static_cast<double>(count) / (count - 1);
    train->mean_items = stretch->mean_items;
    // Bulks of a few items, or so dense that nobody can tell, are as good as single items.
    if (train->mean_items >= 2 && train->span > 0) stretch->bulks = std::move(train);
    return stretch;
}

}  // namespace

std::unique_ptr<StationFlow> make_batch(const model::Station& station, const Draws& draws) {
    return std::make_unique<BatchFlow>(station, draws);
}

}  // namespace headroom::sim::flow
