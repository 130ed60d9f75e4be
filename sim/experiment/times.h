#pragma once
// Response, waiting and freshness out of the tallies of one replication or of several together.

#include "sim/experiment/figures.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// Where a time is tallied: of a class, at a read point, or of a class at a station.
struct TimePart {
    enum class Place { response_of_class, read_point, waiting_at_station, response_at_station };
    Place place = Place::response_of_class;
    std::size_t index = 0;  ///< class, read point or station
    std::size_t item_class = 0;

    const TimeTally& in(const Replication& replication) const;
};

/// A time that has figures. That of a component with several stations in turn is a sum of parts.
struct TimeSubject {
    std::string metric, subject, of;  ///< "response", component or station, class
    std::vector<std::size_t> parts;
    const Outline::Component* component = nullptr;  ///< of a sum
    std::size_t item_class = 0;
};

/// The times of a system whose distributions can be added and taken apart again.
class Times {
public:
    Times(const model::System& system, const Outline& outline);

    void add(const Replication& replication);
    void remove(const Replication& replication);

    const std::vector<TimeSubject>& subjects() const { return subjects_; }
    const std::vector<TimePart>& parts() const { return parts_; }
    const QuantileSketch& sketch(std::size_t part) const { return sketches_[part]; }
    /// The figures of a subject; none if nothing was tallied.
    void put(const TimeSubject& subject, Values& values) const;
    /// The distribution of a subject; empty if nothing was tallied. `scratch` is where a sum is put.
    const QuantileSketch& distribution(const TimeSubject& subject, QuantileSketch& scratch) const;

private:
    void add_component(const Outline::Component& component, std::size_t item_class, const char* metric,
                       TimePart::Place place);
    double visits_from_elsewhere(const TimeSubject& subject) const;

    const model::System* system_;
    std::vector<TimePart> parts_;
    std::vector<TimeSubject> subjects_;
    std::vector<QuantileSketch> sketches_;         ///< by part
    std::vector<std::vector<double>> departures_;  ///< by station and class
};

/// The share that lies below the percentile which a metric such as "response.p99.9" names; 0 if it names
/// none.
double percentile_of(const std::string& metric);

}  // namespace headroom::sim
