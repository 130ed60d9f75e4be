// The record level against results that are known exactly: resources/doc has where each comes from.

#include "networks.h"
#include "sim/kernel/statistics.h"
#include "sim/platform/replication.h"

#include <QtTest/QTest>
#include <cmath>
#include <functional>
#include <iostream>
#include <vector>

using namespace headroom;
using model::Distribution;
using model::Family;
using validation::Network;

namespace {

constexpr int replications = 20;
constexpr std::uint64_t seed = 1;

using Figure = std::function<double(const sim::Replication&)>;

double waiting(const sim::Replication& r) { return r.stations[0].visits[0].waiting.mean(); }
double response(const sim::Replication& r) { return r.classes[0].response.mean(); }
double throughput(const sim::Replication& r) { return r.classes[0].measured / r.measured_time; }
double utilisation(const sim::Replication& r) { return r.stations[0].busy / r.stations[0].capacity; }
double loss(const sim::Replication& r) {
    return r.stations[0].visits[0].rejected / r.stations[0].visits[0].arrivals;
}
Figure population(std::size_t station) {
    return [station](const sim::Replication& r) { return r.stations[station].population / r.measured_time; };
}

struct Case {
    std::string name;
    model::System system;
    Figure figure;
    double exact;
    double allowance = 0;  ///< relative error that the figure has by itself
};

Distribution of(Family family, double mean, double scv) {
    return {.family = family, .mean = mean, .scv = scv};
}

std::vector<Case> cases() {
    const Distribution one = Distribution::exponential(1);
    std::vector<Case> all;
    const auto add = [&](std::string name, model::System system, Figure figure, double exact) {
        all.push_back({std::move(name), std::move(system), std::move(figure), exact});
    };

    for (const auto& [rho, exact] :
         {std::pair{0.5, 2.0}, {0.7, 10.0 / 3}, {0.8, 5.0}, {0.9, 10.0}, {0.95, 20.0}}) {
        add("M/M/1 " + std::to_string(rho).substr(0, 4) + " response",
            Network().queue(1, one).open(rho).until(2e5), response, exact);
    }
    const auto mm1 = Network().queue(1, one).open(0.8).until(2e5);
    add("M/M/1 0.8 utilisation", mm1, utilisation, 0.8);
    add("M/M/1 0.8 throughput", mm1, throughput, 0.8);
    add("M/M/1 0.8 population", mm1, population(0), 4);

    // The response is exponential: quantile p is -ln(1 - p) times the mean. The sketch is within half a per
    // cent.
    for (const double p : {0.5, 0.9, 0.99}) {
        add(
            "M/M/1 0.8 response, quantile " + std::to_string(p).substr(0, 4), mm1,
            [p](const sim::Replication& r) { return r.classes[0].response.quantile(p); },
            -5 * std::log(1 - p));
        all.back().allowance = sim::QuantileSketch::relative_error;
    }

    for (const auto& [servers, rho, exact] : {std::tuple{2, 0.8, 1.777778},
                                              {4, 0.8, 0.745541},
                                              {5, 0.9, 1.524986},
                                              {10, 0.95, 1.651171},
                                              {50, 0.9, 0.072773}}) {
        add("M/M/" + std::to_string(servers) + " " + std::to_string(rho).substr(0, 4) + " waiting",
            Network().queue(servers, one).open(rho * servers).until(2e5 / servers), waiting, exact);
    }
    for (const auto& [rho, exact] : {std::pair{0.5, 0.5}, {0.8, 2.0}, {0.9, 4.5}}) {
        add("M/D/1 " + std::to_string(rho).substr(0, 3) + " waiting",
            Network().queue(1, Distribution::constant(1)).open(rho).until(2e5), waiting, exact);
    }
    for (const auto& [name, service, exact] :
         {std::tuple{"erlang, SCV 0.25", of(Family::erlang, 1, 0.25), 2.5},
          {"gamma, SCV 4", of(Family::gamma, 1, 4), 10.0},
          {"hyperexponential, SCV 4", of(Family::hyperexponential, 1, 4), 10.0},
          {"lognormal, SCV 4", Distribution::lognormal(1, 2), 10.0},
          {"weibull, SCV 4", of(Family::weibull, 1, 4), 10.0},
          {"hyperexponential, SCV 16", of(Family::hyperexponential, 1, 16), 34.0}}) {
        add(std::string("M/G/1 0.8 waiting, ") + name, Network().queue(1, service).open(0.8).until(4e5),
            waiting, exact);
    }
    for (const auto& [rho, exact] : {std::pair{0.9, 0.050814}, {1.0, 0.090909}, {1.2, 0.192587}}) {
        add("M/M/1/10 " + std::to_string(rho).substr(0, 3) + " loss",
            Network()
                .station(model::Queue{.servers = 1, .capacity = 10, .service = {one}})
                .open(rho)
                .until(1e5),
            loss, exact);
    }
    for (const auto& [servers, offered, exact] :
         {std::tuple{10, 5.0, 0.018385}, {10, 8.0, 0.121661}, {50, 40.0, 0.018691}}) {
        add("Erlang B " + std::to_string(servers) + ", " + std::to_string(offered).substr(0, 4) + " loss",
            Network()
                .station(model::Queue{.servers = servers, .capacity = servers, .service = {one}})
                .open(offered)
                .until(2e4),
            loss, exact);
    }
    // Erlang's loss formula holds for every service distribution.
    add("M/G/10/10 8 loss, hyperexponential",
        Network()
            .station(
                model::Queue{.servers = 10, .capacity = 10, .service = {of(Family::hyperexponential, 1, 4)}})
            .open(8)
            .until(4e4),
        loss, 0.121661);
    for (const auto& [users, x, r] : {std::tuple{1, 0.90909, 0.1},
                                      {5, 4.36048, 0.14666},
                                      {10, 7.85418, 0.27321},
                                      {15, 9.63503, 0.55682},
                                      {20, 9.98131, 1.00375},
                                      {50, 10.0, 4.0}}) {
        const auto system = Network().queue(1, Distribution::exponential(0.1)).closed(users, one).until(2e4);
        add("closed, " + std::to_string(users) + " users, response", system, response, r);
        if (users < 50) add("closed, " + std::to_string(users) + " users, throughput", system, throughput, x);
    }
    // Any think time has the same answer (a station of infinitely many servers is insensitive).
    add("closed, 10 users, constant think time, response",
        Network().queue(1, Distribution::exponential(0.1)).closed(10, Distribution::constant(1)).until(2e4),
        response, 0.27321);

    // Processor sharing is insensitive to the service distribution: S / (1 - rho).
    for (const auto& [name, service] : {std::pair{"M/M/1-PS", one},
                                        {"M/G/1-PS, SCV 4", of(Family::hyperexponential, 1, 4)},
                                        {"M/D/1-PS", Distribution::constant(1)}}) {
        add(std::string(name) + " 0.8 response",
            Network()
                .station(
                    model::Queue{.discipline = model::Discipline::processor_sharing, .service = {service}})
                .open(0.8)
                .until(2e5),
            response, 5);
    }
    // One item at a time is first come, first served.
    add("M/M/1-PS admitting one, 0.8 waiting",
        Network()
            .station(model::Queue{
                .discipline = model::Discipline::processor_sharing, .admitted = 1, .service = {one}})
            .open(0.8)
            .until(2e5),
        waiting, 4);
    // Several unit-speed servers, shared: as M/M/c in number, so in mean response.
    add("M/M/5-PS 0.9 response",
        Network()
            .station(model::Queue{
                .servers = 5, .discipline = model::Discipline::processor_sharing, .service = {one}})
            .open(4.5)
            .until(4e4),
        response, 1 + 1.524986);

    // Jackson: 0 -> 1 with 0.6, 1 -> 0 with 0.5; visits 1 / (1 - 0.3) and 0.6 of it.
    const double v0 = 1 / 0.7, v1 = 0.6 / 0.7;
    const auto jackson = Network()
                             .queue(1, one, {{1, 0.6}, {model::outside, 0.4}})
                             .queue(2, Distribution::exponential(2), {{0, 0.5}, {model::outside, 0.5}})
                             .open(0.5)
                             .until(2e5);
    const double rho0 = 0.5 * v0, rho1 = 0.5 * v1 * 2 / 2;
    const double n0 = rho0 / (1 - rho0), n1 = 2 * rho1 / (1 - rho1 * rho1);
    add("Jackson with feedback, population of 0", jackson, population(0), n0);
    add("Jackson with feedback, population of 1", jackson, population(1), n1);
    add("Jackson with feedback, response", jackson, response, (n0 + n1) / 0.5);
    add("M/M/1 with feedback 0.5, response",
        Network()
            .queue(1, Distribution::exponential(0.5), {{0, 0.5}, {model::outside, 0.5}})
            .open(0.8)
            .until(2e5),
        response, 5);

    add("M/G/infinity population",
        Network().station(model::Delay{{Distribution::lognormal(2, 3)}}).open(5).until(5e4), population(0),
        10);
    // GI/M/1: response 1 / (1 - s), s = A*(1 - s). For D/M/1 at 0.8: s = exp(-(1 - s) / 0.8) = 0.62863.
    add("D/M/1 0.8 response", Network().queue(1, one).open(0.8, Distribution::constant(1)).until(2e5),
        response, 1 / (1 - 0.62863));
    // Two Erlang stages a gap at 0.8: s = (1.6 / (1.6 + 1 - s))^2.
    add("E2/M/1 0.8 response", Network().queue(1, one).open(0.8, of(Family::erlang, 1, 0.5)).until(2e5),
        response, 1 / (1 - 0.739853));
    return all;
}

struct Outcome {
    sim::Interval at_95, at_999;
};

Outcome simulate(const Case& c) {
    std::vector<double> values;
    for (int i = 0; i < replications; ++i) {
        sim::ReplicationOptions options{.seed = seed, .replication = i};
        options.warm_up = c.system.horizon.value() / 10;
        values.push_back(c.figure(sim::simulate_records(c.system, options)));
    }
    return {sim::confidence_interval(values, 0.95), sim::confidence_interval(values, 0.999)};
}

}  // namespace

class ClosedFormsTest : public QObject {
    Q_OBJECT

private slots:
    // The seed was chosen once. One case in twenty may lie outside its own 95 % interval, and is reported;
    // none may lie outside the 99.9 % interval.
    void the_record_level_agrees_data() {
        QTest::addColumn<int>("row");
        int row = 0;
        for (const Case& c : cases()) QTest::newRow(c.name.c_str()) << row++;
    }
    void the_record_level_agrees() {
        QFETCH(int, row);
        const Case c = cases()[static_cast<std::size_t>(row)];
        const Outcome outcome = simulate(c);
        const double off = std::abs(outcome.at_95.mean - c.exact) - c.allowance * c.exact;
        const QString figures = QString("%1: exact %2, simulated %3 +- %4")
                                    .arg(QString::fromStdString(c.name))
                                    .arg(c.exact)
                                    .arg(outcome.at_95.mean)
                                    .arg(outcome.at_95.half_width);
        ++all_;
        if (off > outcome.at_95.half_width) {
            ++outside_;
            qInfo("outside its 95 %% interval: %s", qPrintable(figures));
        }
        QVERIFY2(off <= outcome.at_999.half_width, qPrintable(figures));
        // An interval that is wide says nothing.
        QVERIFY2(outcome.at_95.half_width < 0.12 * c.exact, qPrintable(figures));
    }
    void about_one_in_twenty_is_outside_its_interval() {
        qInfo("%d of %d outside their 95 %% intervals", outside_, all_);
        QVERIFY(outside_ <= all_ / 7);
    }

private:
    int all_ = 0, outside_ = 0;
};

QTEST_APPLESS_MAIN(ClosedFormsTest)
#include "closed_forms_test.moc"
