#include "model/kinds/pair_forks.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace headroom::model {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Follows every class from its sources, with the forks that its items are copies of, the outermost first.
class Pairing {
public:
    Pairing(System& system, const Scenario& scenario) : system_(system), scenario_(scenario) {}

    Problems run() {
        for (const OpenSource& source : system_.open) follow(source.route, source.item_class, {}, outside);
        for (const ClosedSource& source : system_.closed)
            follow(source.route, source.item_class, {}, outside);
        for (std::size_t next = 0; next < open_.size() && problems_.empty(); ++next)
            visit(open_[next].first, open_[next].second);
        for (std::size_t s = 0; s < system_.stations.size() && problems_.empty(); ++s)
            if (const auto* fork = std::get_if<Fork>(&system_.stations[s].primitive)) finish(s, *fork);
        return std::move(problems_);
    }

private:
    using Forks = std::vector<int>;

    const std::string& id_of(int station) const {
        return system_.components[at(system_.stations[at(station)].component)];
    }
    /// The first fault only: later ones are often its consequences.
    void complain(int station, const std::string& message) {
        if (!problems_.empty()) return;
        const Component& component = scenario_.components[at(system_.stations[at(station)].component)];
        problems_.push_back(
            {.place = component.place, .field = "components." + component.id, .message = message});
    }

    void follow(const Route& route, int item_class, const Forks& forks, int from) {
        for (const Branch& branch : route.branches) {
            if (branch.station == outside) {
                if (!forks.empty())
                    complain(forks.back(),
                             "copies that '" + id_of(forks.back()) + "' makes leave after '" + id_of(from) +
                                 "'; let all of them end in one component of 'technology: join'");
                continue;
            }
            if (!forks.empty() && branch.item_class >= 0 && branch.item_class != item_class) {
                complain(from,
                         "copies that '" + id_of(forks.back()) +
                             "' makes become items of another workload here; that can happen before the "
                             "fork or after the join");
                continue;
            }
            const int next_class = branch.item_class >= 0 ? branch.item_class : item_class;
            const auto [known, fresh] = within_.emplace(std::pair(branch.station, next_class), forks);
            if (fresh) {
                open_.emplace_back(branch.station, next_class);
            } else if (known->second != forks) {
                const int fork = forks.size() > known->second.size() ? forks.back() : known->second.back();
                complain(branch.station, "'" + id_of(branch.station) + "' is reached by copies that '" +
                                             id_of(fork) + "' makes and by other items of '" +
                                             system_.classes[at(item_class)].name +
                                             "'; only a join can stand where they meet");
            }
        }
    }

    void visit(int index, int item_class) {
        const Station& station = system_.stations[at(index)];
        Forks forks = within_[{index, item_class}];
        if (std::holds_alternative<Fork>(station.primitive)) {
            forks.push_back(index);
        } else if (std::holds_alternative<Join>(station.primitive)) {
            if (forks.empty()) {
                complain(index, "items of '" + system_.classes[at(item_class)].name +
                                    "' come here that no fork has copied; a join needs a component of "
                                    "'technology: fork' before it");
                return;
            }
            const int fork = forks.back();
            forks.pop_back();
            if (const auto known = fork_of_.emplace(index, fork).first; known->second != fork)
                complain(index, "the copies of '" + id_of(known->second) + "' and of '" + id_of(fork) +
                                    "' meet here; give each fork a join of its own");
            int& join = std::get<Fork>(system_.stations[at(fork)].primitive).join;
            if (join != outside && join != index)
                complain(fork, "its copies meet in '" + id_of(join) + "' and in '" + id_of(index) +
                                   "'; all copies of an item must meet in one join");
            join = index;
        }
        follow(station.routes[at(item_class)], item_class, forks, index);
    }

    void finish(std::size_t index, const Fork& fork) {
        if (fork.join == outside) {
            complain(static_cast<int>(index),
                     "its copies never meet; let all of them end in one component of "
                     "'technology: join'");
            return;
        }
        const int needed = std::get<Join>(system_.stations[at(fork.join)].primitive).needed;
        if (needed != unlimited && needed > fork.copies)
            complain(fork.join, "it waits for " + std::to_string(needed) + " copies, but '" +
                                    id_of(static_cast<int>(index)) + "' makes " +
                                    std::to_string(fork.copies));
        for (std::size_t k = 0; k < system_.classes.size(); ++k) {
            const auto branches = static_cast<double>(system_.stations[index].routes[k].branches.size());
            system_.stations[index].yields[k] = fork.copies / branches;
            system_.stations[at(fork.join)].yields[k] = 1.0 / fork.copies;
        }
    }

    System& system_;
    const Scenario& scenario_;
    Problems problems_;
    std::map<std::pair<int, int>, Forks> within_;  ///< by station and class
    std::map<int, int> fork_of_;                   ///< by join
    std::vector<std::pair<int, int>> open_;
};

}  // namespace

Problems pair_forks(System& system, const Scenario& scenario) {
    const bool any = std::any_of(system.stations.begin(), system.stations.end(), [](const Station& station) {
        return std::holds_alternative<Fork>(station.primitive) ||
               std::holds_alternative<Join>(station.primitive);
    });
    return any ? Pairing(system, scenario).run() : Problems{};
}

}  // namespace headroom::model
