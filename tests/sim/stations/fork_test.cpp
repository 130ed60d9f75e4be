// Forks and joins at record level, where copies are turned away, copied again, hedged and withdrawn.

#include "../systems.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

namespace {

model::Route copies(std::vector<model::Branch> branches) {
    return {.routing = model::Routing::copy, .branches = std::move(branches)};
}

double balance(const sim::ClassTally& c) {
    return c.arrived + c.created - c.completed - c.merged - c.filtered - c.in_flight - c.rejected - c.lost;
}

/// One request to `n` replicas with a tenth of them slow, of which the first answer counts.
sim::Replication replicas(model::Fork fork, model::Join join, double rate,
                          model::Discipline discipline = model::Discipline::fcfs) {
    SystemBuilder b;
    fork.join = b.station(join);
    const int f = b.station(fork);
    std::vector<model::Branch> to;
    for (int i = 0; i < fork.copies; ++i) {
        model::Queue queue = fcfs(1, Distribution::with_scv(1, 4));
        queue.discipline = discipline;
        to.push_back({b.station(queue)});
        b.link(to.back().station, fork.join);
    }
    b.open(rate, f).link(f, copies(to)).horizon(20'000);
    return sim::simulate_records(b.system(), {.warm_up = 500});
}

}  // namespace

class ForkTest : public QObject {
    Q_OBJECT

private slots:
    // Nested forks with hedging and withdrawal, a branch that rejects, branches that filter and multiply,
    // feedback through the whole, records and users: nothing vanishes, and every user comes back.
    void nothing_vanishes_between_fork_and_join() {
        SystemBuilder b(2);
        const auto times = [](double mean) { return std::vector(2, Distribution::exponential(mean)); };
        const auto queue = [&](double mean, int capacity) {
            return model::Queue{.servers = 1, .capacity = capacity, .service = times(mean)};
        };
        const int all = b.station(model::Join{.needed = 3}),
                  first = b.station(model::Join{.needed = 1, .cancel = true});
        const int outer = b.station(model::Fork{.copies = 5, .join = all});
        const int inner =
            b.station(model::Fork{.copies = 3, .join = first, .hedge_after = model::seconds(0.05)});
        const int full = b.station(queue(0.05, 3)), line = b.station(queue(0.04, model::unlimited));
        const int network = b.station(model::Delay{times(0.2)});
        const int last = b.station(queue(0.1, model::unlimited));
        b.system().stations[static_cast<std::size_t>(network)].yields = {0.9, 1.6};
        for (int k = 0; k < 2; ++k) {
            b.link(outer, copies({{inner}, {full}}), k).link(inner, copies({{line}, {network}}), k);
            b.link(line, first, k).link(network, first, k).link(first, all, k).link(full, all, k);
            b.link(all, last, k)
                .link(last, {model::Routing::split, {{outer, 0.2}, {model::outside, 0.8}}}, k);
        }
        b.open(2, outer).closed(8, Distribution::exponential(2), outer, 1).horizon(3000);
        const auto& system = b.system();
        QCOMPARE(model::fault_of(system), std::string());
        const auto r = sim::simulate_records(system, {});
        for (const auto& c : r.classes) {
            QCOMPARE(balance(c), 0.0);
            QVERIFY(c.completed > 1000 && c.merged > 5 * c.completed);
        }
        QVERIFY(r.classes[0].rejected > 0);
        // A user asks again after each answer, refused or not.
        QVERIFY(r.classes[1].arrived - r.classes[1].completed - r.classes[1].rejected -
                    r.classes[1].filtered <=
                8);
    }

    void a_refused_copy_refuses_the_item() {
        SystemBuilder b;
        const int join = b.station(model::Join{});
        const int fork = b.station(model::Fork{.copies = 2, .join = join});
        const int lines = b.station(fcfs(2, Distribution::exponential(1), 2));
        const int other = b.station(model::Delay{{Distribution::exponential(1)}});
        b.open(1, fork)
            .link(fork, copies({{lines}, {other}}))
            .link(lines, join)
            .link(other, join)
            .horizon(50'000);
        const auto r = sim::simulate_records(b.system(), {});
        QCOMPARE(balance(r.classes[0]), 0.0);
        // Erlang's loss of two servers at one Erlang: 1/5.
        QVERIFY(std::abs(r.classes[0].rejected / r.classes[0].arrived - 0.2) < 0.01);
        QCOMPARE(r.classes[0].created, 2 * r.classes[0].arrived);
    }

    // Two copies of everything double the load; a copy that has not begun when the other is done is
    // withdrawn, which gives most of it back.
    void withdrawing_saves_work() {
        const auto keep = replicas({.copies = 2}, {.needed = 1}, 0.6);
        const auto withdraw = replicas({.copies = 2}, {.needed = 1, .cancel = true}, 0.6);
        const auto busy = [](const sim::Replication& r) {
            return r.stations[2].busy / r.stations[2].capacity;
        };
        QVERIFY(std::abs(busy(keep) - 0.6) < 0.03);
        QVERIFY(busy(withdraw) < 0.9 * busy(keep));
        QVERIFY(withdraw.classes[0].response.mean() < keep.classes[0].response.mean());
        QCOMPARE(balance(withdraw.classes[0]), 0.0);
        for (const auto discipline : {model::Discipline::random, model::Discipline::lcfs_preemptive}) {
            const auto other = replicas({.copies = 2}, {.needed = 1, .cancel = true}, 0.6, discipline);
            QVERIFY(busy(other) < 0.95 * busy(keep));
            QCOMPARE(balance(other.classes[0]), 0.0);
        }
    }

    // The Tail at Scale: a second request after the 95th percentile costs five per cent more requests and
    // cuts the tail by far more.
    void hedging_cuts_the_tail() {
        const auto tail = [](double hedge) {
            SystemBuilder b;
            const int join = b.station(model::Join{.needed = 1});
            model::Fork fork{.copies = 2, .join = join, .hedge_after = model::seconds(hedge)};
            const int f = b.station(fork);
            // 5 ms at the median; one in a hundred takes about a second.
            Distribution leaf{.family = model::Family::empirical, .mean = 0.0155, .scv = 38};
            leaf.probabilities = {0, 0.95, 0.99, 0.9901, 1};
            leaf.values = {0.002, 0.008, 0.012, 1, 1.1};
            const int a = b.station(model::Delay{{leaf}}), c = b.station(model::Delay{{leaf}});
            b.open(20, f).link(f, copies({{a}, {c}})).link(a, join).link(c, join).horizon(10'000);
            return sim::simulate_records(b.system(), {});
        };
        const auto hedged = tail(0.010), single = tail(1e6);
        const double extra = hedged.classes[0].created / hedged.classes[0].arrived - 1;
        QVERIFY(extra > 0.02 && extra < 0.04);
        QVERIFY(single.classes[0].response.quantile(0.995) > 1);
        QVERIFY(hedged.classes[0].response.quantile(0.995) < 0.025);
    }
};

QTEST_APPLESS_MAIN(ForkTest)
#include "fork_test.moc"
