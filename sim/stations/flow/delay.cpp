// Delays and stores: nobody waits for anybody.

#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/services.h"
#include "sim/stations/flow/station.h"

namespace headroom::sim::flow {

namespace {

class DelayFlow : public StationFlow {
public:
    DelayFlow(const model::Station& station, const Draws& draws)
        : times_(times_of(station.primitive)),
          services_(times_, station.name, draws),
          peaks_(draws.stream(station.name, "peaks of the flow")) {
        for (const auto& time : times_) deviation_ = std::max(deviation_, time.mean * time.mean * time.scv);
    }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        for (std::size_t k = 0; k < times_.size(); ++k) answer.content[k] = inflow.rate[k] * times_[k].mean;
        double present = 0, rate = 0;
        for (std::size_t k = 0; k < inflow.rate.size(); ++k) {
            present += answer.content[k];
            rate += inflow.rate[k];
        }
        if (present > 0) answer.most = draw_highest(present, present, inflow.length * rate / present, peaks_);
        if (inflow.bulks) {
            // Times that vary more than a fraction of the gap between bulks blur them.
            const double gap = inflow.bulks->gap();
            if (deviation_ < 0.04 * gap * gap) answer.bulks = inflow.bulks;
        }
    }

    DrawnVisit draw(double, int item_class) override {
        if (times_.empty()) return {};
        return {0, services_.draw(item_class), false};
    }

private:
    static std::vector<model::Distribution> times_of(const model::Primitive& primitive) {
        const auto* delay = std::get_if<model::Delay>(&primitive);
        return delay ? delay->time : std::vector<model::Distribution>{};
    }

    std::vector<model::Distribution> times_;
    Services services_;
    RandomStream peaks_;
    double deviation_ = 0;
};

}  // namespace

std::unique_ptr<StationFlow> make_delay(const model::Station& station, const Draws& draws) {
    return std::make_unique<DelayFlow>(station, draws);
}

}  // namespace headroom::sim::flow
