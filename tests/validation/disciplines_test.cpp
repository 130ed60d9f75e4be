// Orders of service against their exact results, at record level and in the analytic solver.

#include "networks.h"
#include "sim/analytic/solver.h"
#include "sim/kernel/statistics.h"
#include "sim/platform/replication.h"

#include <QtTest/QTest>
#include <cmath>
#include <functional>
#include <vector>

using namespace headroom;
using model::Discipline;
using model::Distribution;
using model::Family;

namespace {

constexpr int replications = 20;

struct Case {
    std::string name;
    model::System system;
    std::vector<double> waiting, response;  ///< by class, exact; below 0: not compared
    bool solved = true;                     ///< the analytic solver knows the formula
};

Distribution with_scv(double mean, double scv) { return Distribution::with_scv(mean, scv); }

/// One station with a Poisson source for each class.
model::System system_of(model::Queue queue, const std::vector<double>& rates, double until) {
    model::System system;
    const std::size_t classes = rates.size();
    system.components = {"server"};
    for (std::size_t k = 0; k < classes; ++k) {
        system.classes.push_back({"class " + std::to_string(k), "jobs"});
        system.open.push_back({.item_class = static_cast<int>(k),
                               .rate = {.base = model::per_second(rates[k])},
                               .route = {.branches = {{0}}}});
    }
    system.stations.push_back({.name = "server",
                               .component = 0,
                               .primitive = std::move(queue),
                               .routes = std::vector<model::Route>(classes),
                               .sizes = std::vector<model::ItemSize>(classes, model::ItemSize(1)),
                               .yields = std::vector<double>(classes, 1)});
    system.horizon = model::seconds(until);
    return system;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    const Distribution one = Distribution::exponential(1);
    // The order of service does not change the mean wait, rho / (1 - rho) (1 + scv) / 2.
    for (const auto& [name, discipline] :
         {std::pair{"LCFS", Discipline::lcfs}, {"random order", Discipline::random}}) {
        all.push_back({"M/M/1 " + std::string(name) + " 0.8",
                       system_of({.discipline = discipline, .service = {one}}, {0.8}, 2e5),
                       {4},
                       {5}});
        all.push_back({"M/G/1 " + std::string(name) + " 0.7, SCV 4",
                       system_of({.discipline = discipline, .service = {with_scv(1, 4)}}, {0.7}, 2e5),
                       {0.7 / 0.3 * 2.5},
                       {0.7 / 0.3 * 2.5 + 1}});
        // Erlang C for 3 servers at 0.8 is 0.647191; the wait is C / (c - a).
        all.push_back({"M/M/3 " + std::string(name) + " 0.8",
                       system_of({.servers = 3, .discipline = discipline, .service = {one}}, {2.4}, 1e5),
                       {0.647191 / 0.6},
                       {0.647191 / 0.6 + 1}});
    }
    // Insensitive: S / (1 - rho).
    for (const double scv : {0.25, 1.0, 4.0})
        all.push_back({"M/G/1 LCFS preemptive 0.75, SCV " + std::to_string(scv).substr(0, 4),
                       system_of({.discipline = Discipline::lcfs_preemptive, .service = {with_scv(1, scv)}},
                                 {0.75}, 2e5),
                       {0},
                       {4}});
    // On several servers the number present is that of M/M/c, so the mean response too.
    all.push_back(
        {"M/M/3 LCFS preemptive 0.8",
         system_of({.servers = 3, .discipline = Discipline::lcfs_preemptive, .service = {one}}, {2.4}, 1e5),
         {0},
         {0.647191 / 0.6 + 1},
         false});
    // Two classes of mean 1 at 0.3 and 0.5: R = 0.8 (1 + scv) / 2; Cobham: R / 0.7 and R / (0.7 0.2).
    for (const double scv : {0.0, 1.0, 4.0}) {
        const double residual = 0.8 * (1 + scv) / 2, own = 0.3 * (1 + scv) / 2;
        const Distribution service = scv == 0 ? Distribution::constant(1) : with_scv(1, scv);
        const std::string of = ", SCV " + std::to_string(scv).substr(0, 3);
        all.push_back(
            {"M/G/1 priority" + of,
             system_of(
                 {.discipline = Discipline::priority, .service = {service, service}, .priorities = {2, 1}},
                 {0.3, 0.5}, 3e5),
             {residual / 0.7, residual / 0.14},
             {residual / 0.7 + 1, residual / 0.14 + 1}});
        // Preemptive: T1 = 1 + R1 / 0.7; T2 = 1 / 0.7 + R / 0.14.
        all.push_back({"M/G/1 preemptive priority" + of,
                       system_of({.discipline = Discipline::priority_preemptive,
                                  .service = {service, service},
                                  .priorities = {2, 1}},
                                 {0.3, 0.5}, 3e5),
                       {own / 0.7, residual / 0.14},
                       {1 + own / 0.7, 1 / 0.7 + residual / 0.14}});
    }
    // Three classes with times of their own (1, 2, 0.5 s at 0.2, 0.15, 0.4 a second; offered 0.2 each, 0.3 of
    // the second), the last one first: R = 0.2 + 0.6 + 0.1 with exponential service.
    const std::vector<Distribution> own = {Distribution::exponential(1), Distribution::exponential(2),
                                           Distribution::exponential(0.5)};
    const std::vector<double> rates = {0.2, 0.15, 0.4}, priorities = {0, -1, 5};
    const double w2 = 0.9 / 0.8, w0 = 0.9 / (0.8 * 0.6), w1 = 0.9 / (0.6 * 0.3);
    all.push_back({"M/M/1 priority, three classes",
                   system_of({.discipline = Discipline::priority, .service = own, .priorities = priorities},
                             rates, 3e5),
                   {w0, w1, w2},
                   {w0 + 1, w1 + 2, w2 + 0.5}});
    all.push_back(
        {"M/M/1 preemptive priority, three classes",
         system_of({.discipline = Discipline::priority_preemptive, .service = own, .priorities = priorities},
                   rates, 3e5),
         {0.3 / (0.8 * 0.6), 0.9 / (0.6 * 0.3), 0.1 / 0.8},
         {1 / 0.8 + 0.3 / (0.8 * 0.6), 2 / 0.6 + 0.9 / (0.6 * 0.3), 0.5 + 0.1 / 0.8}});
    // M/M/c, one mean for all (Kella and Yechiali, 1985): C / c / ((1 - s_above)(1 - s_p)).
    const double base = 0.647191 / 3;
    all.push_back(
        {"M/M/3 priority",
         system_of(
             {.servers = 3, .discipline = Discipline::priority, .service = {one, one}, .priorities = {2, 1}},
             {1.2, 1.2}, 1e5),
         {base / 0.6, base / (0.6 * 0.2)},
         {base / 0.6 + 1, base / (0.6 * 0.2) + 1}});
    return all;
}

}  // namespace

class DisciplinesTest : public QObject {
    Q_OBJECT

private slots:
    void the_record_level_agrees_data() {
        QTest::addColumn<int>("row");
        int row = 0;
        for (const Case& c : cases()) QTest::newRow(c.name.c_str()) << row++;
    }
    void the_record_level_agrees() {
        QFETCH(int, row);
        const Case c = cases()[static_cast<std::size_t>(row)];
        const std::size_t classes = c.response.size();
        std::vector<std::vector<double>> waiting(classes), response(classes);
        for (int i = 0; i < replications; ++i) {
            const auto r = sim::simulate_records(
                c.system,
                {.seed = 1, .replication = i, .warm_up = c.system.horizon.value() / 10, .stop = {}});
            for (std::size_t k = 0; k < classes; ++k) {
                waiting[k].push_back(r.stations[0].visits[k].waiting.mean());
                response[k].push_back(r.stations[0].visits[k].response.mean());
            }
        }
        for (std::size_t k = 0; k < classes; ++k) {
            compare(waiting[k], c.waiting[k], "waiting of class " + std::to_string(k));
            compare(response[k], c.response[k], "response of class " + std::to_string(k));
        }
    }
    void the_solver_agrees_data() { the_record_level_agrees_data(); }
    void the_solver_agrees() {
        QFETCH(int, row);
        const Case c = cases()[static_cast<std::size_t>(row)];
        const auto estimate = sim::solve(c.system);
        QVERIFY(estimate.known);
        for (std::size_t k = 0; k < c.response.size(); ++k) {
            const auto& station = estimate.stations[0];
            if (!c.solved) {
                QVERIFY(!std::isfinite(station.response[k]));
                QVERIFY(!std::isfinite(station.waiting[k]));
                continue;
            }
            QVERIFY(std::abs(station.waiting[k] - c.waiting[k]) <= 1e-5 * c.waiting[k]);
            QVERIFY(std::abs(station.response[k] - c.response[k]) <= 1e-5 * c.response[k]);
        }
    }
    void the_solver_is_silent_where_it_has_no_formula() {
        const Distribution one = Distribution::exponential(1);
        model::Queue queue{
            .discipline = Discipline::priority, .capacity = 5, .service = {one, one}, .priorities = {2, 1}};
        QVERIFY(!sim::solve(system_of(queue, {0.3, 0.5}, 1e3)).known);
        queue.capacity = model::unlimited;
        QVERIFY(sim::solve(system_of(queue, {0.3, 0.5}, 1e3)).known);
        QVERIFY(!sim::solve(system_of(queue, {0.6, 0.5}, 1e3)).known);  // overloaded
    }
    void the_flow_level_refuses() {
        const Distribution one = Distribution::exponential(1);
        // Where what piles up, in the reverse order, is too much to be followed.
        const auto reverse = [&](double rate) {
            return system_of({.discipline = Discipline::lcfs, .service = {one}}, {rate}, 1e8);
        };
        QVERIFY(sim::flow_gap(reverse(1.5)).find("'server' needs the record level") != std::string::npos);
        QVERIFY_EXCEPTION_THROWN(sim::simulate_flow(reverse(1.5), {.stop = {}}), std::invalid_argument);
        QVERIFY(sim::flow_gap(reverse(0.5)).empty());
        QVERIFY(sim::flow_gap(system_of({.service = {one}}, {0.5}, 1e3)).empty());
    }
    // tallies() throws where items do not balance.
    void full_rooms_keep_every_item() {
        const Distribution one = Distribution::exponential(1);
        for (const Discipline discipline : {Discipline::lcfs, Discipline::lcfs_preemptive, Discipline::random,
                                            Discipline::priority, Discipline::priority_preemptive}) {
            const auto system = system_of({.servers = 2,
                                           .discipline = discipline,
                                           .capacity = 6,
                                           .service = {one, one},
                                           .priorities = {1, 2}},
                                          {1.5, 1.5}, 1e4);
            const auto r = sim::simulate_records(system, {.stop = {}});
            QVERIFY(r.classes[0].rejected > 0);
            // M/M/2/6 at an offered load of 3 loses 0.3596, whoever is served first.
            const double lost = (r.classes[0].rejected + r.classes[1].rejected) /
                                (r.classes[0].arrived + r.classes[1].arrived);
            QVERIFY2(std::abs(lost - 0.3596) < 0.02, qPrintable(QString::number(lost)));
        }
    }

private:
    static void compare(const std::vector<double>& values, double exact, const std::string& what) {
        const auto interval = sim::confidence_interval(values, 0.999);
        const QString figures = QString("%1: exact %2, simulated %3 +- %4")
                                    .arg(QString::fromStdString(what))
                                    .arg(exact)
                                    .arg(interval.mean)
                                    .arg(interval.half_width);
        QVERIFY2(std::abs(interval.mean - exact) <= interval.half_width + 1e-9, qPrintable(figures));
        QVERIFY2(interval.half_width < 0.15 * exact + 1e-9, qPrintable(figures));
    }
};

QTEST_APPLESS_MAIN(DisciplinesTest)
#include "disciplines_test.moc"
