#pragma once
// Stations that feed one another forward and serve in order of arrival, without events.

#include "sim/stations/record/node.h"
#include "sim/stations/record/passage.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace headroom::sim::record {

/// The parts of a network that has not begun to run.
struct Parts {
    std::vector<Node>& nodes;
    std::vector<Visit>& visits;
    std::vector<Flow>& flows;
    std::vector<Source>& sources;
    std::vector<Recorder>& freshness;
    std::vector<std::size_t>& turns;
    BatchMeans& warm_up_series;
    double horizon;
};

/// Departures follow from arrivals: with one server, each is the later of its arrival and the departure
/// before, plus its service (Lindley 1952); with several, the earliest time at which a server is free takes
/// the place of the departure before (Kiefer and Wolfowitz 1955). So stations are gone through one after the
/// other, a stretch of time with up to a thousand arrivals of a source at once. Each station, visit, class
/// and stream sees what it would see by events in the same order, so that all that is tallied is the same to
/// the bit. Where two events fall on one time and one was made before the other, that one comes first, as by
/// events; where they were made at one time too, the run cannot go on. See decision 21.
class Recursion {
public:
    /// The nodes, each behind all that lead to it; none, where there is a part that needs events.
    static std::optional<std::vector<std::uint32_t>> order_of(const Parts& parts);

    /// With the time of each source's first arrival, infinity where it has none.
    Recursion(const Parts& parts, std::vector<std::uint32_t> order, const std::vector<double>& firsts);

    /// All that happens before `limit`. False if it was stopped, or is tied().
    bool run_until(double limit, const std::stop_token& stop);
    double now() const { return now_; }
    /// Only the order in which events were made tells what comes first. What is tallied is worth nothing.
    bool tied() const { return tied_; }
    /// Items in the system, by class.
    std::vector<std::uint64_t> in_flight() const;

private:
    /// One open source, some arrivals ahead. The event of an arrival is made when the one before comes, that
    /// of the first before time 0.
    struct Spring {
        double next;  ///< the first arrival that is not in `times`
        std::vector<double> times = {-1};
        std::size_t last = 0;  ///< the last of `times` that has come
    };
    struct Guest {
        double arrived = 0, started = 0, born = 0;
        std::uint8_t item_class = 0;
    };
    struct Desk {
        Meeting meeting;
        Passage leaving;              ///< in order of departure; made when their service began
        std::vector<double> arrived;  ///< of `leaving`
        std::size_t gone = 0;         ///< of `leaving`, have left
        double free = 0;              ///< when a single server is done with all that have come
        // Of several servers: who is in service, or was and has not been missed yet.
        EventList finishes;
        std::vector<Guest> guests;
        std::vector<std::uint32_t> free_seats;
        double taken = 0;

        bool leaves_before(double limit) {
            return finishes.next_time() < limit || (gone < leaving.size() && leaving.times[gone] < limit);
        }
    };

    void step(double limit);
    double draw_ahead(double limit);
    void emit(std::size_t source, double limit);
    void pass(std::uint32_t place, double limit);
    void pass_through(const Node& node, Desk& desk);
    void serve_by_one(const Node& node, Desk& desk);
    void serve_by_several(const Node& node, Desk& desk, double limit);
    static void leave_seat(Desk& desk);
    void occupy(Node& node, Desk& desk, std::size_t last);
    bool comes_first(double arrival_made, double departure_made);
    void depart(Node& node, Desk& desk, std::size_t last);
    void forward(Visit& visit, const Passage& from, std::size_t first, std::size_t last, std::uint32_t place);
    void send(Path& path, const Passage& from, std::size_t first, std::size_t last, std::uint32_t place);
    void send_one(Path& path, const Passage& from, std::size_t i, std::uint32_t place);
    Passage& way_to(int station, std::uint32_t place);
    void finish();

    Parts parts_;
    std::vector<std::uint32_t> order_;
    std::vector<Spring> springs_;
    std::vector<Desk> desks_;  ///< by node
    Meeting outside_;
    Passage emitted_;
    std::vector<double> waits_, times_;  ///< of those that leave a station
    std::size_t ahead_ = 16;             ///< arrivals of a source that are drawn at once
    double now_ = 0;
    bool tied_ = false;
};

}  // namespace headroom::sim::record
