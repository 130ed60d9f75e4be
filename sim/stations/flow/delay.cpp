// Delays and stores: nobody waits for anybody.

#include "sim/kernel/sampling.h"
#include "sim/stations/flow/station.h"

namespace headroom::sim::flow {

namespace {

class DelayFlow : public StationFlow {
public:
    DelayFlow(const model::Station& station, const Draws& draws)
        : random_(draws.stream(station.name, "delays of the flow")) {
        if (const auto* delay = std::get_if<model::Delay>(&station.primitive))
            for (const auto& time : delay->time) {
                samplers_.emplace_back(time);
                means_.push_back(time.mean);
                deviation_ = std::max(deviation_, time.mean * time.mean * time.scv);
            }
    }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        for (std::size_t k = 0; k < means_.size(); ++k) answer.content[k] = inflow.rate[k] * means_[k];
        if (inflow.bulks) {
            // Times that vary more than a fraction of the gap between bulks blur them.
            const double gap = inflow.bulks->gap();
            if (deviation_ < 0.04 * gap * gap) answer.bulks = inflow.bulks;
        }
    }

    DrawnVisit draw(double, int item_class) override {
        if (samplers_.empty()) return {};
        return {0, samplers_[static_cast<std::size_t>(item_class)](random_.uniform()), false};
    }

private:
    RandomStream random_;
    std::vector<Sampler> samplers_;
    std::vector<double> means_;
    double deviation_ = 0;
};

}  // namespace

std::unique_ptr<StationFlow> make_delay(const model::Station& station, const Draws& draws) {
    return std::make_unique<DelayFlow>(station, draws);
}

}  // namespace headroom::sim::flow
