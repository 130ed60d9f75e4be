#include "sim/analytic/traffic.h"

#include <Eigen/Dense>
#include <algorithm>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

const model::Route& route_of(const model::Station& station, int item_class) {
    return station.routes[at(item_class)];
}

/// The transition matrix of one class over the stations that it reaches: row from, column to.
template <class LetIn>
Eigen::MatrixXd transitions(const model::System& system, int item_class, const std::vector<int>& reached,
                            const std::vector<double>& passed, const ByStation& diverted,
                            const LetIn& let_in) {
    std::vector<int> place(system.stations.size(), -1);
    for (std::size_t i = 0; i < reached.size(); ++i) place[at(reached[i])] = static_cast<int>(i);
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(reached.size()),
                                                   static_cast<Eigen::Index>(reached.size()));
    for (std::size_t i = 0; i < reached.size(); ++i) {
        const model::Station& station = system.stations[at(reached[i])];
        const model::Route& route = route_of(station, item_class);
        for (const model::Branch& branch : route.branches)
            if (branch.station != model::outside &&
                (branch.item_class < 0 || branch.item_class == item_class))
                matrix(static_cast<Eigen::Index>(i), place[at(branch.station)]) +=
                    station.yields[at(item_class)] *
                    weight_of(route, branch, diverted[at(reached[i])][at(item_class)]) *
                    let_in(reached[i], branch.station) * passed[at(reached[i])];
    }
    return matrix;
}

Eigen::VectorXd gather(const std::vector<int>& reached, const std::vector<double>& values) {
    Eigen::VectorXd vector(static_cast<Eigen::Index>(reached.size()));
    for (std::size_t i = 0; i < reached.size(); ++i)
        vector(static_cast<Eigen::Index>(i)) = values[at(reached[i])];
    return vector;
}

std::vector<double> scatter(const std::vector<int>& reached, const Eigen::VectorXd& vector,
                            std::size_t size) {
    std::vector<double> values(size, 0.0);
    for (std::size_t i = 0; i < reached.size(); ++i)
        values[at(reached[i])] = vector(static_cast<Eigen::Index>(i));
    return values;
}

}  // namespace

double weight_of(const model::Route& route, const model::Branch& branch) {
    return route.routing == model::Routing::copy ? 1 : branch.probability;
}

double weight_of(const model::Route& route, const model::Branch& branch, double diverted) {
    if (route.routing != model::Routing::outcome) return weight_of(route, branch);
    return &branch == route.branches.data() ? 1 - diverted : diverted;
}

struct TrafficEquations::Factors {
    Eigen::MatrixXd matrix;
    Eigen::PartialPivLU<Eigen::MatrixXd> equations;  ///< of I - P^T
};

TrafficEquations::TrafficEquations(const model::System& system)
    : system_(system),
      reached_(system.classes.size()),
      diverted_(system.stations.size(), std::vector<double>(system.classes.size(), 0.0)),
      admitted_(system.stations.size(), std::vector<double>(system.classes.size(), 1.0)),
      region_(system.stations.size(), -1),
      factors_(system.classes.size()) {
    for (std::size_t r = 0; r < system.regions.size(); ++r)
        for (const int s : system.regions[r].stations) region_[at(s)] = static_cast<int>(r);
    // Stations at which items become those of a class, by class.
    std::vector<std::vector<int>> switched(system.classes.size());
    for (const auto& station : system.stations)
        for (const auto& route : station.routes)
            for (const auto& branch : route.branches)
                if (branch.item_class >= 0 && branch.station != model::outside)
                    switched[at(branch.item_class)].push_back(branch.station);
    for (std::size_t k = 0; k < system.classes.size(); ++k) {
        std::vector<int> open;
        std::vector<char> seen(system.stations.size(), 0);
        for (const int station : switched[k])
            if (!seen[at(station)]) {
                seen[at(station)] = 1;
                open.push_back(station);
            }
        const auto visit = [&](const model::Route& route) {
            for (const model::Branch& branch : route.branches)
                if (branch.station != model::outside && !seen[at(branch.station)] &&
                    (branch.item_class < 0 || at(branch.item_class) == k)) {
                    seen[at(branch.station)] = 1;
                    open.push_back(branch.station);
                }
        };
        for (const auto& source : system.open)
            if (at(source.item_class) == k) visit(source.route);
        for (const auto& source : system.closed)
            if (at(source.item_class) == k) visit(source.route);
        while (!open.empty()) {
            const int station = open.back();
            open.pop_back();
            reached_[k].push_back(station);
            visit(system.stations[at(station)].routes[k]);
        }
        std::sort(reached_[k].begin(), reached_[k].end());
    }
}

Entry TrafficEquations::entry(int item_class, const std::vector<double>& source_rates,
                              double closed_rate) const {
    Entry entry{std::vector<double>(system_.stations.size(), 0.0), 0};
    const auto add = [&](const model::Route& route, double rate) {
        for (const model::Branch& branch : route.branches)
            if (branch.station == model::outside)
                entry.through += rate * weight_of(route, branch);
            else
                entry.stations[at(branch.station)] +=
                    rate * weight_of(route, branch) * let_in(model::outside, branch.station, item_class);
    };
    for (std::size_t i = 0; i < system_.open.size(); ++i)
        if (system_.open[i].item_class == item_class) add(system_.open[i].route, source_rates[i]);
    for (const auto& source : system_.closed)
        if (source.item_class == item_class) add(source.route, closed_rate);
    return entry;
}

double TrafficEquations::let_in(int from, int to, int item_class) const {
    const int before = from == model::outside ? -1 : region_[at(from)];
    return before == region_[at(to)] ? 1 : admitted_[at(to)][at(item_class)];
}

double TrafficEquations::coming(int item_class, int station, const std::vector<double>& source_rates,
                                const std::vector<double>& arrivals,
                                const std::vector<double>& passed) const {
    double sum = 0;
    const auto add = [&](const model::Route& route, double rate, double diverted) {
        for (const model::Branch& branch : route.branches)
            if (branch.station == station) sum += rate * weight_of(route, branch, diverted);
    };
    for (std::size_t i = 0; i < system_.open.size(); ++i)
        if (system_.open[i].item_class == item_class) add(system_.open[i].route, source_rates[i], 0);
    for (const int s : reached(item_class))
        if (region_[at(s)] != region_[at(station)])
            add(route_of(system_.stations[at(s)], item_class),
                arrivals[at(s)] * passed[at(s)] * system_.stations[at(s)].yields[at(item_class)],
                diverted_[at(s)][at(item_class)]);
    return sum;
}

void TrafficEquations::add_switched(int item_class, const ByStation& arrivals, const ByStation& passed,
                                    Entry& entry) const {
    for (std::size_t s = 0; s < system_.stations.size(); ++s)
        for (std::size_t k = 0; k < system_.classes.size(); ++k)
            for (const model::Branch& branch : system_.stations[s].routes[k].branches)
                if (branch.item_class == item_class && at(item_class) != k)
                    (branch.station == model::outside ? entry.through : entry.stations[at(branch.station)]) +=
                        arrivals[s][k] * passed[s][k] * system_.stations[s].yields[k] * branch.probability;
}

std::vector<double> TrafficEquations::arrivals(int item_class, const Entry& entry,
                                               const std::vector<double>& passed) const {
    const std::vector<int>& reached = this->reached(item_class);
    Eigen::MatrixXd matrix = transitions(system_, item_class, reached, passed, diverted_,
                                         [&](int from, int to) { return let_in(from, to, item_class); });
    std::shared_ptr<const Factors>& factors = factors_[at(item_class)];
    if (!factors || factors->matrix != matrix) {
        const Eigen::MatrixXd equations =
            Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols()) - matrix.transpose();
        factors = std::make_shared<const Factors>(Factors{std::move(matrix), equations.partialPivLu()});
    }
    const Eigen::VectorXd rates = factors->equations.solve(gather(reached, entry.stations));
    if (!rates.allFinite() || (rates.size() > 0 && rates.minCoeff() < -1e-9 * rates.cwiseAbs().maxCoeff()))
        return {};
    return scatter(reached, rates.cwiseMax(0), system_.stations.size());
}

TrafficEquations::Remaining TrafficEquations::remaining(int item_class, const std::vector<double>& passed,
                                                        const std::vector<double>& mean,
                                                        const std::vector<double>& variance) const {
    const std::vector<int>& reached = this->reached(item_class);
    const std::size_t size = system_.stations.size();
    const Eigen::MatrixXd matrix =
        transitions(system_, item_class, reached, passed, diverted_,
                    [&](int from, int to) { return let_in(from, to, item_class); });
    const Eigen::PartialPivLU<Eigen::MatrixXd> solver(
        Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols()) - matrix);
    Eigen::VectorXd leaving = Eigen::VectorXd::Zero(matrix.rows());
    for (std::size_t i = 0; i < reached.size(); ++i) {
        const model::Station& station = system_.stations[at(reached[i])];
        const model::Route& route = route_of(station, item_class);
        for (const model::Branch& branch : route.branches)
            if (branch.station == model::outside)
                leaving(static_cast<Eigen::Index>(i)) +=
                    station.yields[at(item_class)] *
                    weight_of(route, branch, diverted_[at(reached[i])][at(item_class)]) *
                    passed[at(reached[i])];
    }
    const Eigen::VectorXd m = gather(reached, mean), v = gather(reached, variance);
    const Eigen::VectorXd completions = solver.solve(leaving);
    // T = R N + P T;  T2 = (V + R^2) N + 2 R P T + P T2
    const Eigen::VectorXd time = solver.solve(m.cwiseProduct(completions));
    const Eigen::VectorXd square =
        solver.solve((v + m.cwiseAbs2()).cwiseProduct(completions) + 2 * m.cwiseProduct(matrix * time));
    return {scatter(reached, completions, size), scatter(reached, time, size),
            scatter(reached, square, size)};
}

std::vector<double> TrafficEquations::ages(int item_class, const std::vector<double>& arrivals,
                                           const std::vector<double>& passed,
                                           const std::vector<double>& mean) const {
    const std::vector<int>& reached = this->reached(item_class);
    const Eigen::MatrixXd matrix =
        transitions(system_, item_class, reached, passed, diverted_,
                    [&](int from, int to) { return let_in(from, to, item_class); });
    const Eigen::VectorXd rates = gather(reached, arrivals), m = gather(reached, mean);
    // rate x age = P^T (rate x (age + visit))
    const Eigen::VectorXd product =
        (Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols()) - matrix.transpose())
            .partialPivLu()
            .solve(matrix.transpose() * rates.cwiseProduct(m));
    Eigen::VectorXd ages = Eigen::VectorXd::Zero(rates.size());
    for (Eigen::Index i = 0; i < rates.size(); ++i)
        if (rates(i) > 0) ages(i) = product(i) / rates(i);
    return scatter(reached, ages, system_.stations.size());
}

double TrafficEquations::completions(int item_class, const Entry& entry, const std::vector<double>& arrivals,
                                     const std::vector<double>& passed) const {
    double sum = entry.through;
    for (const int station : reached(item_class)) {
        const model::Station& s = system_.stations[at(station)];
        const model::Route& route = route_of(s, item_class);
        for (const model::Branch& branch : route.branches)
            if (branch.station == model::outside)
                sum += arrivals[at(station)] * passed[at(station)] * s.yields[at(item_class)] *
                       weight_of(route, branch, diverted_[at(station)][at(item_class)]);
    }
    return sum;
}

}  // namespace headroom::sim
