#include "example.h"
#include "model/kinds/parts.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

constexpr double month = 730.0 * 3600.0;

Activity activity(double rate, double size, double batches, int readers) {
    Activity result;
    result.flows = {{.workload = "clicks",
                     .in = per_second(rate),
                     .out = per_second(rate),
                     .bytes_in = DataRate(rate * size),
                     .bytes_out = DataRate(rate * size),
                     .batches = Frequency(batches)}};
    result.readers = readers;
    return result;
}

/// The bill of one component, dimension/detail -> dollars.
std::map<std::string, double> bill_of(const Component& component, const Activity& done) {
    const Kind& kind = *find_kind(component.kind);
    const std::vector<Usage> used = kind.usage(component, done, ex::catalog());
    const std::vector<Buyer> buyers(
        used.size(), {ex::catalog().technology(component.technology), purchase_mix(component)});
    const Expected<Bill> bill = make_bill(used, buyers, *ex::catalog().price_book("aws-us-east-1-2026"));
    if (!bill) throw std::runtime_error(bill.error().front().sentence());
    std::map<std::string, double> amounts;
    for (const BillLine& line : bill->lines)
        amounts[line.dimension + (line.detail.empty() ? "" : "/" + line.detail)] += line.amount;
    return amounts;
}

bool near(double value, double expected, double tolerance) { return std::abs(value - expected) <= tolerance; }

QByteArray check_of(const Component& component) {
    QByteArray text;
    for (const Problem& problem : find_kind(component.kind)->check(component, ex::catalog())) {
        text += problem.severity == Severity::error     ? "error "
                : problem.severity == Severity::warning ? "warning "
                                                        : "note ";
        text += (problem.sentence() + "\n").c_str();
    }
    return text;
}

}  // namespace

class KindsTest : public QObject {
    Q_OBJECT

private slots:
    void every_table_is_complete() {
        std::set<std::string> ids;
        for (const Kind& kind : kinds()) {
            QVERIFY2(ids.insert(kind.id).second, kind.id.c_str());
            QVERIFY(!kind.title.empty() && kind.help.ends_with(".") && !kind.category.empty());
            QVERIFY(!kind.accepts.empty() && kind.check && kind.lower && kind.usage);
            std::set<std::string> names;
            for (const ParameterSpec& spec : kind.parameters) {
                const std::string where = kind.id + "." + spec.name;
                QVERIFY2(names.insert(spec.name).second, where.c_str());
                QVERIFY2(spec.help.ends_with("."), where.c_str());
                QVERIFY2(!spec.example.empty(), where.c_str());
                QVERIFY2(spec.type != ParameterType::choice || !spec.choices.empty(), where.c_str());
                QVERIFY2(spec.type != ParameterType::count || !spec.noun.empty(), where.c_str());
                QVERIFY2(spec.min <= spec.max, where.c_str());
                for (const std::string& text : {spec.default_text, spec.example})
                    if (!text.empty() && spec.type != ParameterType::path) try {
                            ex::setting(spec, text, Origin::kind);
                        } catch (const std::exception& error) {
                            QFAIL((where + ": " + text + ": " + error.what()).c_str());
                        }
            }
        }
        QVERIFY(find_kind("partitioned-log") != nullptr);
        QVERIFY(find_kind("no such kind") == nullptr);
    }

    void every_technology_fits_its_kind() {
        for (const auto& [id, technology] : ex::catalog().technologies()) {
            const Kind* kind = find_kind(technology.kind);
            QVERIFY2(kind != nullptr, id.c_str());
            QVERIFY(!technology.help.empty());
            for (const auto& [name, figure] : technology.defaults)
                QVERIFY2(kind->parameter(name) != nullptr, (id + "." + name).c_str());
            for (const auto& [dimension, prices] : technology.prices)
                QVERIFY2(std::any_of(kind->billing.begin(), kind->billing.end(),
                                     [&](const auto& row) { return row.first == dimension; }),
                         (id + "." + dimension).c_str());
        }
    }

    void checks_data() {
        QTest::addColumn<QByteArray>("sentences");
        QTest::addColumn<QByteArray>("part");
        auto row = [](const char* name, const Component& component, const char* part) {
            QTest::newRow(name) << check_of(component) << QByteArray(part);
        };
        const ex::Texts brokers{{"nodes", "3 x m5.large"}};
        auto kafka = [&](ex::Texts texts) {
            if (std::none_of(texts.begin(), texts.end(), [](auto& t) { return t.first == "nodes"; }))
                texts.insert(texts.begin(), brokers.begin(), brokers.end());
            return ex::component("brokers", "kafka", texts);
        };
        row("sound", kafka({}), "");
        row("more replicas than nodes", kafka({{"replication", "4"}}),
            "error components.brokers.replication: every replica needs a node of its own: at most 3");
        row("instance type with a slip", kafka({{"nodes", "3 x m5.lareg"}}), "did you mean 'm5.large'?");
        row("no local disks", kafka({{"storage", "local"}}), "m5.large has no local disks");
        row("too many replicas a node", kafka({{"partitions", "5000"}}), "warning");
        row("one replica", kafka({{"replication", "1"}}), "the loss of a node loses records");
        row("few partitions", kafka({{"partitions", "2"}}), "fewer partitions than nodes");
        row("nothing to run", ex::component("e", "flink", {{"nodes", "1 x m5.large"}}), "either 'transform'");
        row("crowded",
            ex::component("e", "flink",
                          {{"nodes", "1 x m5.large"}, {"service", "5 us"}, {"parallelism", "8"}}),
            "the nodes have 2 vCPUs");
        row("class of storage with a slip", ex::component("l", "s3", {{"lifecycle", "{standrad: rest}"}}),
            "did you mean 'standard'?");
        row("towards warmer classes",
            ex::component("l", "s3", {{"lifecycle", "{standard-ia: 40 d, standard: rest}"}}),
            "colder classes only");
        row("moved too early",
            ex::component("l", "s3", {{"lifecycle", "{standard: 5 d, standard-ia: rest}"}}),
            "30 days after they were written");
        row("billed longer than kept",
            ex::component("l", "s3", {{"lifecycle", "{standard: 30 d, glacier-flexible: 10 d}"}}),
            "is billed for at least 90 d");
        row("tiny files", ex::component("l", "s3", {{"roll-size", "10 kB"}}), "warning");
        row("node of another service", ex::component("w", "redshift", {{"nodes", "2 x m5.large"}}),
            "cannot be had as a node of Amazon Redshift");
        row("too many tasks",
            ex::component("e", "flink", {{"nodes", "90000 x m5.large"}, {"service", "5 us"}}),
            "more than 100,000 tasks");
        row("too large a cluster", ex::component("w", "redshift", {{"nodes", "40 x ra3.xlplus"}}),
            "at most 32 nodes");
        row("too many slots", ex::component("w", "redshift", {{"nodes", "2 x ra3.xlplus"}, {"slots", "60"}}),
            "at most 50 slots");
        row("copies without nodes", ex::component("i", "opensearch", {{"nodes", "1 x m5.large"}}),
            "components.i.replicas: every copy of a shard needs a node of its own: with 1 node at most 0, "
            "not 1");
        row("idle cores", ex::component("i", "opensearch", {{"nodes", "4 x m5.large"}, {"shards", "2"}}),
            "fewer shards and replicas (4) than cores (8)");
        row("too many threads",
            ex::component("c", "dms",
                          {{"nodes", "1 x m5.large"},
                           {"sources", "100000"},
                           {"tasks", "1000"},
                           {"apply-threads", "64"}}),
            "sources x tasks x threads are 6.4G threads; at most 100,000 are possible");
        row("an invocation without time", ex::component("f", "lambda", {{"duration", "0 s"}}),
            "components.f.duration: 0 s on average is found; more than 0 s is needed");
        row("an invocation too long", ex::component("f", "lambda", {{"duration", "20 min"}}),
            "ended after 15 min, and takes 20 min on average");
        row("capacity below servers",
            ex::component("q", "queue", {{"service", "1 s"}, {"servers", "4"}, {"capacity", "2"}}),
            "less than the number of servers");
        const ex::Texts one_stage{{"tasks", "4"}, {"task-time", "1 s"}};
        const auto pool = [&](ex::Texts more) {
            more.insert(more.begin(), one_stage.begin(), one_stage.end());
            return ex::component("p", "batch-pool", more);
        };
        row("a stage", pool({}), "");
        row("second stage without a time", pool({{"reduce-tasks", "3"}}), "needs both 'reduce-tasks' and");
        row("shuffle over nothing",
            pool({{"reduce-tasks", "3"}, {"reduce-time", "1 s"}, {"shuffle", "1 GB"}}),
            "'shuffle' and 'network' belong together");
        row("replacement of what lasts", pool({{"replacement", "1 min"}}), "no node is lost");
        row("cache that holds everything", ex::component("c", "cache", {{"keys", "5"}, {"capacity", "5"}}),
            "all keys fit");
        row("limit that diverts and drops",
            ex::component("l", "limiter", {{"rate", "5/s"}, {"over-limit", "q"}, {"excess", "drop"}}),
            "says where the excess goes");
        row("line of a limiter that drops",
            ex::component("l", "limiter", {{"rate", "5/s"}, {"capacity", "9"}, {"excess", "drop"}}),
            "as nobody waits");
        row("admitted without sharing", ex::component("q", "queue", {{"service", "1 s"}, {"admitted", "2"}}),
            "no effect");
    }
    void checks() {
        QFETCH(QByteArray, sentences);
        QFETCH(QByteArray, part);
        if (part.isEmpty())
            QCOMPARE(sentences, QByteArray());
        else
            QVERIFY2(sentences.contains(part), sentences.constData());
    }

    // The published limit of 3 brokers with replication 3 and two consumer groups, gp2 at 250 MB/s: 70.3 MB/s
    // on m5.large and 117.2 MB/s on m5.xlarge, both bound by the network.
    void limit_of_a_log_data() {
        QTest::addColumn<std::string>("nodes");
        QTest::addColumn<double>("megabytes");
        QTest::newRow("m5.large") << std::string("3 x m5.large") << 70.3;
        QTest::newRow("m5.xlarge") << std::string("3 x m5.xlarge") << 117.2;
    }
    void limit_of_a_log() {
        QFETCH(std::string, nodes);
        QFETCH(double, megabytes);
        const Scenario scenario = ex::scenario({ex::stream("clicks", 1000, 1024)},
                                               {ex::component("brokers", "kafka",
                                                              {{"nodes", nodes},
                                                               {"consumer-groups", "2"},
                                                               {"record-overhead", "0 B"},
                                                               {"storage-throughput", "250 MB/s"}})},
                                               {{"clicks", "brokers"}});
        const System system = lower(scenario, ex::catalog(), {}).value();
        const auto& append = std::get<Queue>(ex::station(system, "brokers.append").primitive);
        const double limit = append.servers * 1024 / append.service[0].mean;
        QVERIFY2(near(limit / 1e6, megabytes, 0.05), std::to_string(limit).c_str());
    }

    void hashing_keeps_the_whole_and_the_hot_key() {
        const std::vector<double> keys{0.3, 0.2, 0.1};
        const std::vector<double> shares = hashed_shares(keys, 8);
        QVERIFY(near(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12));
        QVERIFY(*std::max_element(shares.begin(), shares.end()) >= 0.3 + 0.4 / 8 - 1e-12);
        for (const double share : hashed_shares({}, 4)) QCOMPARE(share, 0.25);
        const std::vector<double> over = hashed_shares({0.9, 0.9}, 3);  // shares that were rounded up
        QVERIFY(near(std::accumulate(over.begin(), over.end(), 0.0), 1, 1e-12));
    }

    void popular_keys_by_zipf() {
        const std::vector<double> few = zipf_shares(4, 1);
        QCOMPARE(few.size(), std::size_t{4});
        QVERIFY(near(few[0], 12.0 / 25, 1e-12) && near(few[3], 3.0 / 25, 1e-12));
        for (const double share : zipf_shares(10, 0)) QVERIFY(near(share, 0.1, 1e-12));
        // The harmonic number of a million is 14.392727.
        const std::vector<double> many = zipf_shares(1e6, 1);
        QCOMPARE(many.size(), std::size_t{1000});
        QVERIFY(near(many[0], 1 / 14.392727, 1e-6) && near(many[999], 1e-3 / 14.392727, 1e-6));
    }

    void bill_of_a_log() {
        const auto bill =
            bill_of(ex::component("brokers", "kafka", {{"nodes", "3 x m5.large"}, {"retention", "3 d"}}),
                    activity(2000, 230, 0, 1));
        QVERIFY(near(bill.at("nodes/m5.large"), 3 * 0.096 * 730, 1e-9));
        const double rate = 2000.0 * 252;
        QVERIFY(near(bill.at("storage/gp3"), rate * 3 * 86400 * 3 / 1e9 * 0.08, 1e-9));
        // In and out: two thirds to another zone each; two replicas elsewhere. Charged at both ends.
        QVERIFY(
            near(bill.at("cross-zone transfer"), 2 * (2.0 / 3 * 2 + 2) * rate * month / 1e9 * 0.01, 1e-9));
    }

    void bill_of_an_object_store() {
        const auto bill = bill_of(
            ex::component("lake", "s3",
                          {{"lifecycle", "{standard: 30 d, standard-ia: 335 d, glacier-flexible: 6 y}"}}),
            activity(2000, 36, 1.0 / 60, 1));
        const double day = 2000.0 * 36 * 86400 / 1e9;  // GB
        const double files = month / 60;
        QVERIFY(near(bill.at("storage/standard"), day * 30 * 0.023, 1e-9));
        QVERIFY(near(bill.at("storage/standard-ia"), day * 335 * 0.0125, 1e-9));
        // With each archived file of 4.32 MB 32 kB of metadata at its price and 8 kB at standard's.
        const double archived = (4.32e6 + 32e3) / 4.32e6;
        QVERIFY(near(bill.at("storage/glacier-flexible"), day * 6 * 365 * archived * 0.0036, 1e-9));
        QVERIFY(
            near(bill.at("storage/glacier-flexible, index"), day * 6 * 365 * (8e3 / 4.32e6) * 0.023, 1e-9));
        QVERIFY(near(bill.at("transitions/standard-ia"), files / 1000 * 0.01, 1e-9));
        QVERIFY(near(bill.at("transitions/glacier-flexible"), files / 1000 * 0.03, 1e-9));
        QVERIFY(near(bill.at("put requests/standard"), files / 1000 * 0.005, 1e-9));
        QVERIFY(near(bill.at("get requests/standard"), files / 1000 * 0.0004, 1e-9));
    }

    void small_and_short_lived_files_cost_more() {
        const Component lake =
            ex::component("lake", "s3", {{"lifecycle", "{standard: 30 d, standard-ia: 10 d}"}});
        // Files of 1 kB are billed as 128 kB in this class, and for 30 days.
        const auto bill = bill_of(lake, activity(1, 1000, 1, 0));
        QVERIFY(near(bill.at("storage/standard-ia"), 128e3 * 30 * 86400 / 1e9 * 0.0125, 1e-9));
        QVERIFY(near(bill.at("storage/standard"), 1e3 * 30 * 86400 / 1e9 * 0.023, 1e-9));
    }

    void bill_of_a_warehouse() {
        const auto bill =
            bill_of(ex::component("w", "redshift", {{"nodes", "2 x ra3.xlplus"}, {"retention", "1 y"}}),
                    activity(2000, 36, 1.0 / 60, 0));
        QVERIFY(near(bill.at("nodes/ra3.xlplus"), 2 * 1.086 * 730, 1e-9));
        QVERIFY(near(bill.at("storage/managed"), 2000.0 * 36 * 1.43 * 365 * 86400 / 1e9 * 0.024, 1e-9));
    }

    void idle_components_cost_their_nodes_only() {
        for (const auto& component :
             {ex::component("b", "kafka", {{"nodes", "3 x m5.large"}}), ex::component("l", "s3", {}),
              ex::component("w", "redshift", {{"nodes", "2 x ra3.xlplus"}})})
            for (const auto& [line, amount] : bill_of(component, Activity{})) {
                QVERIFY2(std::isfinite(amount), line.c_str());
                QVERIFY2(line.starts_with("nodes") || amount == 0, line.c_str());
            }
    }
};

QTEST_APPLESS_MAIN(KindsTest)
#include "kinds_test.moc"
