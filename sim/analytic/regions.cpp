// Stations that share a room, within the network.

#include "sim/analytic/analytic_network.h"
#include "sim/analytic/region_figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

void AnalyticNetwork::settle_regions() {
    turned_away_.assign(system_.classes.size(), 0.0);
    regions_known_ = system_.regions.empty() || (system_.closed.empty() && !switches_ && goes_singly());
    if (!regions_known_) return;
    for (const model::Region& region : system_.regions)
        regions_known_ = settle_region(region) && regions_known_;
}

bool AnalyticNetwork::settle_region(const model::Region& region) {
    constexpr double least = 1e-12;
    const std::size_t classes = system_.classes.size();
    std::vector<double> coming(classes, 0.0), entered(classes, 0.0);
    ByStation come(region.stations.size(), std::vector<double>(classes, 0.0));
    for (std::size_t k = 0; k < classes; ++k) {
        std::vector<double> arrivals;
        for (const auto& by_class : arrivals_) arrivals.push_back(by_class[k]);
        for (std::size_t i = 0; i < region.stations.size(); ++i) {
            const int s = region.stations[i];
            come[i][k] = traffic_.coming(static_cast<int>(k), s, source_rates_, arrivals, passed(k));
            coming[k] += come[i][k];
            entered[k] += come[i][k] * traffic_.admitted(at(s), k);
        }
    }
    // Nobody comes: nothing to settle.
    if (std::none_of(coming.begin(), coming.end(), [](double rate) { return rate > 0; })) return true;
    std::vector<RegionStation> stations;
    for (const int s : region.stations) {
        const auto& primitive = system_.stations[at(s)].primitive;
        const auto* queue = std::get_if<model::Queue>(&primitive);
        const auto* delay = std::get_if<model::Delay>(&primitive);
        if (!queue && !delay) return false;
        RegionStation station{queue, std::vector<double>(classes, 0.0)};
        for (std::size_t k = 0; k < classes; ++k)
            if (entered[k] > least)
                station.work[k] = arrivals_[at(s)][k] / entered[k] * coming[k] *
                                  (queue ? queue->service[k].mean : delay->time[k].mean);
        stations.push_back(std::move(station));
    }
    const auto figures = region_figures(region, stations, coming);
    if (!figures) return false;
    double all = 0;
    for (const double rate : coming) all += rate;
    for (std::size_t i = 0; i < region.stations.size(); ++i) {
        const std::size_t s = at(region.stations[i]);
        for (std::size_t k = 0; k < classes; ++k) {
            traffic_.admit(s, k, std::max(least, figures->admitted[k]));
            // Who waits outside waits before the station to which he comes.
            if (arrivals_[s][k] > 0)
                meeting_[s][k] = figures->growth > 0 ? std::numeric_limits<double>::infinity()
                                                     : figures->outside / all * come[i][k] / arrivals_[s][k];
        }
        settle_in_region(s, stations[i], figures->present[i], figures->admitted);
    }
    figures_[at(region.stations.front())].growth = figures->growth;
    for (std::size_t k = 0; k < classes; ++k)
        if (region.overflow == model::Overflow::drop)
            turned_away_[k] += coming[k] * (1 - figures->admitted[k]);
    return true;
}

void AnalyticNetwork::settle_in_region(std::size_t s, const RegionStation& station,
                                       const std::vector<double>& present,
                                       const std::vector<double>& admitted) {
    StationFigures& figures = figures_[s];
    figures.known = true;
    figures.rejects = false;
    figures.growth = figures.population = 0;
    double work = 0;
    for (std::size_t k = 0; k < present.size(); ++k) {
        figures.passed[k] = 1;
        figures.population += present[k];
        const double served = station.work[k] * admitted[k];
        work += served;
        if (served <= 0) continue;
        const double service = station.queue
                                   ? station.queue->service[k].mean
                                   : std::get<model::Delay>(system_.stations[s].primitive).time[k].mean;
        figures.response[k] = present[k] * service / served;
        const bool shared =
            station.queue && station.queue->discipline == model::Discipline::processor_sharing;
        figures.waiting[k] = shared ? 0 : std::max(0.0, figures.response[k] - service);
        figures.variance[k] = figures.response[k] * figures.response[k];
    }
    if (station.queue) figures.utilisation = figures.hottest = work / station.queue->servers;
}

}  // namespace headroom::sim
