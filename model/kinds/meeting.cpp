#include "model/kinds/meeting.h"

#include "model/kinds/parts.h"

#include <algorithm>

namespace headroom::model {

double taken_by_streams(const std::vector<Flow>& streams, const std::vector<Flow>& requests,
                        const Scenario& scenario, DataRate capacity) {
    constexpr int moments = 168;
    double asked = 0, taken = 0;
    for (int i = 0; i < moments; ++i) {
        const Duration now = scenario.horizon * ((i + 0.5) / moments);
        double coming = 0, loaded = 0;
        for (const Flow& flow : requests) {
            const auto& load = std::get<Requests>(flow.workload->load);
            coming += load.users ? mean_rate(flow, scenario) : load.rate.at(now).value() * flow.yield;
        }
        for (const Flow& flow : streams)
            loaded +=
                std::get<Stream>(flow.workload->load).rate.at(now).value() * flow.yield * flow.size.value();
        asked += coming;
        taken += coming * std::min(1.0, loaded / capacity.value());
    }
    return asked > 0 ? taken / asked : 0;
}

}  // namespace headroom::model
