#include "sim/stations/flow/station.h"

#include "sim/stations/flow/failing.h"

#include <utility>

namespace headroom::sim::flow {

namespace {

std::unique_ptr<StationFlow> make_whole(const model::Station& station, std::vector<ClosedVisitors> closed,
                                        const Peers& peers, const Draws& draws) {
    if (std::holds_alternative<model::Queue>(station.primitive))
        return make_queue(station, std::move(closed), peers, draws);
    if (std::holds_alternative<model::PartitionedLog>(station.primitive)) return make_log(station, draws);
    if (std::holds_alternative<model::Batch>(station.primitive)) return make_batch(station, draws);
    if (std::holds_alternative<model::Limiter>(station.primitive)) return make_limiter(station, draws);
    if (std::holds_alternative<model::Cache>(station.primitive)) return make_cache(station, draws);
    return make_delay(station, draws);
}

}  // namespace

std::unique_ptr<StationFlow> make_station(const model::Station& station, std::vector<ClosedVisitors> closed,
                                          const Peers& peers, const std::vector<CapacityChange>& failures,
                                          const Draws& draws) {
    // Jobs are discrete, and know which nodes they lose.
    if (std::holds_alternative<model::BatchPool>(station.primitive))
        return make_pool(station, draws, failures);
    std::unique_ptr<StationFlow> whole = make_whole(station, std::move(closed), peers, draws);
    if (failures.empty()) return whole;
    return make_failing(std::move(whole), station.primitive, failures);
}

}  // namespace headroom::sim::flow
