// Caches by their closed form, which is that of the cold cache until it is full.

#include "model/system/lru.h"
#include "sim/stations/flow/station.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace headroom::sim::flow {

namespace {

class CacheFlow : public StationFlow {
public:
    CacheFlow(const model::Station& station, const Draws& draws)
        : random_(draws.stream(station.name, "hits of the flow")),
          ratio_(std::get<model::Cache>(station.primitive)),
          long_run_(model::exact_hits(std::get<model::Cache>(station.primitive))),
          lives_(std::isfinite(std::get<model::Cache>(station.primitive).life.value()) ||
                 std::get<model::Cache>(station.primitive).refill.value() > 0) {
        if (std::get<model::Cache>(station.primitive).warm) asked_ = std::numeric_limits<double>::infinity();
    }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        const double rate = std::accumulate(inflow.rate.begin(), inflow.rate.end(), 0.0);
        const double items = rate * inflow.length;
        // A full cache of keys that do not die answers always alike; else it is the middle of the step that
        // counts.
        const bool settled = asked_ > full_ && !lives_;
        if (rate > 0 && !settled) {
            const double middle = asked_ + items / 2;
            const bool same = lives_ && asked_ > full_ && std::abs(rate - rate_) < 1e-3 * rate;
            if (!same) {
                full_ = 10 * ratio_.filling(model::per_second(rate));
                if (!std::isfinite(full_)) full_ = std::numeric_limits<double>::max();
                hits_ = long_run_ && middle > full_ / 10 ? *long_run_
                                                         : ratio_.after(middle, model::per_second(rate));
                rate_ = rate;
            }
        }
        asked_ += items;
        answer.lookups = items;
        answer.hits = items * hits_;
        std::fill(answer.diverted.begin(), answer.diverted.end(), 1 - hits_);
        answer.bulks = inflow.bulks;
    }

    DrawnVisit draw(double, int) override { return {.second = random_.uniform() >= hits_}; }

private:
    RandomStream random_;
    model::HitRatio ratio_;
    std::optional<double> long_run_;  ///< hits in the long run, where known exactly
    bool lives_;                      ///< what is hit depends on the rate
    double asked_ = 0;                ///< items so far
    /// Items after which the start is forgotten; not known before the first step.
    double full_ = std::numeric_limits<double>::infinity();
    double hits_ = 0, rate_ = 0;
};

}  // namespace

std::unique_ptr<StationFlow> make_cache(const model::Station& station, const Draws& draws) {
    return std::make_unique<CacheFlow>(station, draws);
}

}  // namespace headroom::sim::flow
