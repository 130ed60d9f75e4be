#pragma once
// Mean values of one station under given arrivals.

#include "model/system/system.h"

#include <limits>
#include <vector>

namespace headroom::sim {

struct StationLoad {
    std::vector<double> rate;  ///< by class, arrivals a second
    double scv = 1;            ///< of the gaps between arrivals, all classes together
    double bulk_interval =
        0;  ///< seconds between bulks where items arrive in bulks (behind a Batch); 0: singly

    bool operator==(const StationLoad&) const = default;
};

struct StationFigures {
    std::vector<double> waiting, response;  ///< by class, mean seconds a visit; infinity where overloaded
    std::vector<double> variance;           ///< by class, of the response; an approximation
    std::vector<double> passed;  ///< by class: share of arrivals served, the rest is rejected or piles up
    double utilisation = 0;      ///< offered / capacity
    double hottest = 0;          ///< of the busiest single server
    double population = 0;
    double growth = 0;         ///< items a second that pile up
    double departure_scv = 1;  ///< Whitt, The Queueing Network Analyzer, 1983, eq. 39
    double bulk_interval = 0;  ///< of the departures
    bool rejects = false;
    double diverted = 0;  ///< share of arrivals that take the second branch
    bool known = true;    ///< false: no formula
};

/// Servers, consumers or writers; 0 where there is nothing to be busy.
double servers_of(const model::Primitive& primitive);

StationFigures station_figures(const model::Station& station, const StationLoad& load);

/// Mean and SCV of the service of all classes together, weighted by their rates.
struct Mixture {
    double rate = 0, mean = 0, scv = 0;
};
Mixture mixture_of(const std::vector<model::Distribution>& service, const std::vector<double>& rate);

/// A visit's wait and slow-down under processor sharing with at most `admitted` items at a time.
struct Sharing {
    double waiting = 0;   ///< mean seconds before admission
    double slowdown = 1;  ///< time in service / service demand
};
Sharing sharing_of(int servers, int admitted, const Mixture& load);

/// Items and seconds between commits of a gathering batch, and the mean wait until gathering ends.
struct Gathering {
    double interval = 0, items = 0, wait = 0;
};
Gathering gathering_of(const model::Batch& batch, double rate, double item_size, double bulk_interval);
/// Seconds that a commit takes: mean and SCV.
Mixture commit_of(const model::Batch& batch, const Gathering& gathering, double item_size);
/// Mean bytes of an item of the mixture of classes.
double mean_size(const model::Station& station, const std::vector<double>& rate);

/// Records of consumer j: the sum of the shares of its partitions.
std::vector<double> consumer_shares(const model::PartitionedLog& log);

}  // namespace headroom::sim
