#include "example.h"
#include "model/kinds/parts.h"

#include <QtTest>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

Component queue(const std::string& id, const ex::Texts& more = {}) {
    ex::Texts texts{{"service", "{exponential: 100 ms}"}};
    texts.insert(texts.end(), more.begin(), more.end());
    return ex::component(id, "queue", texts);
}

System lowered(const Scenario& scenario, const Calibrations& calibrations = {}) {
    Expected<System> system = lower(scenario, ex::catalog(), calibrations);
    if (!system) throw std::runtime_error(system.error().front().sentence());
    if (const std::string fault = fault_of(*system); !fault.empty()) throw std::runtime_error(fault);
    return *system;
}

/// All problems of a scenario that cannot be lowered, one a line.
QByteArray problems_of(const Scenario& scenario, const Calibrations& calibrations = {}) {
    const Expected<System> system = lower(scenario, ex::catalog(), calibrations);
    QByteArray text;
    if (!system)
        for (const Problem& problem : system.error()) text += (problem.sentence() + "\n").c_str();
    return text;
}

Scenario click_analytics() {
    return ex::scenario(
        {ex::stream("clicks", 2000), ex::users("dashboards", 200)},
        {ex::component("brokers", "kafka",
                       {{"nodes", "3 x m5.large"}, {"partitions", "12"}, {"retention", "3 d"}}),
         ex::component("enrich", "flink", {{"nodes", "2 x m5.large"}, {"transform", "sql/enrich.sql"}}),
         ex::component("lake", "s3",
                       {{"roll-every", "60 s"},
                        {"roll-size", "128 MB"},
                        {"lifecycle", "{standard: 30 d, standard-ia: 335 d, glacier-flexible: 6 y}"}}),
         ex::component("warehouse", "redshift",
                       {{"nodes", "2 x ra3.xlplus"}, {"load-every", "60 s"}, {"retention", "1 y"}})},
        {{"clicks", "brokers"},
         {"brokers", "enrich"},
         {"enrich", "lake"},
         {"lake", "warehouse"},
         {"dashboards", "warehouse"}});
}

}  // namespace

class LowerTest : public QObject {
    Q_OBJECT

private slots:
    void a_single_queue() {
        const System system =
            lowered(ex::scenario({ex::stream("jobs", 8)}, {queue("server")}, {{"jobs", "server"}}));
        QCOMPARE(system.stations.size(), std::size_t{1});
        QCOMPARE(system.stations[0].name, std::string("server"));
        const auto& primitive = std::get<Queue>(system.stations[0].primitive);
        QCOMPARE(primitive.servers, 1);
        QCOMPARE(primitive.capacity, unlimited);
        QCOMPARE(primitive.service[0], Distribution::exponential(0.1));
        QCOMPARE(system.stations[0].routes[0].branches[0].station, outside);
        QCOMPARE(system.open.size(), std::size_t{1});
        QCOMPARE(system.open[0].route.branches[0].station, 0);
    }

    void processor_sharing_admits() {
        const System system = lowered(ex::scenario(
            {ex::users("people", 20)},
            {queue("server", {{"discipline", "processor-sharing"}, {"admitted", "5"}, {"servers", "2"}})},
            {{"people", "server"}}));
        const auto& primitive = std::get<Queue>(system.stations[0].primitive);
        QCOMPARE(primitive.discipline, Discipline::processor_sharing);
        QCOMPARE(primitive.admitted, 5);
        QCOMPARE(system.closed.size(), std::size_t{1});
        QCOMPARE(system.closed[0].users, 20);
    }

    void classes_have_times_and_priorities_of_their_own() {
        const auto plan = [](const std::string& service) {
            return ex::scenario({ex::stream("gold", 1), ex::stream("silver", 2)},
                                {queue("server", {{"service", service},
                                                  {"discipline", "priority"},
                                                  {"priorities", "{silver: 1, gold: 2}"}})},
                                {{"gold", "server"}, {"silver", "server"}});
        };
        const System system = lowered(plan("{gold: {exponential: 5 ms}, silver: 20 ms}"));
        const auto& primitive = std::get<Queue>(system.stations[0].primitive);
        QCOMPARE(primitive.discipline, Discipline::priority);
        QCOMPARE(primitive.service[0], Distribution::exponential(0.005));
        QCOMPARE(primitive.service[1], Distribution::constant(0.02));
        QCOMPARE(primitive.priorities, (std::vector<double>{2, 1}));
    }

    void unlimited_servers_are_a_delay_unless_room_is_limited() {
        const auto primitive = [](const auto& parameters) {
            return lowered(ex::scenario({ex::stream("jobs", 8)}, {queue("server", parameters)},
                                        {{"jobs", "server"}}))
                .stations[0]
                .primitive;
        };
        using Parameters = std::vector<std::pair<std::string, std::string>>;
        QVERIFY(std::holds_alternative<Delay>(primitive(Parameters{{"servers", "unlimited"}})));
        const auto limited = primitive(Parameters{{"servers", "unlimited"}, {"capacity", "7"}});
        QCOMPARE(std::get<Queue>(limited).servers, 7);
        QCOMPARE(std::get<Queue>(limited).capacity, 7);
    }

    void several_links_copy_and_one_does_not() {
        const System system =
            lowered(ex::scenario({ex::stream("jobs", 8)}, {queue("a"), queue("b"), queue("c")},
                                 {{"jobs", "a"}, {"a", "b"}, {"a", "c"}}));
        const Route& fork = ex::station(system, "a").routes[0];
        QCOMPARE(fork.routing, Routing::copy);
        QCOMPARE(fork.branches.size(), std::size_t{2});
        QCOMPARE(fork.branches[1].station, ex::index_of(system, "c"));
    }

    void routing_splits_and_the_rest_follows_the_link() {
        const System system = lowered(ex::scenario(
            {ex::stream("jobs", 8)}, {queue("a", {{"routing", "{b: 0.3, a: 0.1}"}}), queue("b"), queue("c")},
            {{"jobs", "a"}, {"a", "c"}}));
        const Route& split = ex::station(system, "a").routes[0];
        QCOMPARE(split.routing, Routing::split);
        QCOMPARE(split.branches.size(), std::size_t{3});
        QCOMPARE(split.branches[0].station, ex::index_of(system, "b"));
        QCOMPARE(split.branches[1].station, ex::index_of(system, "a"));
        QCOMPARE(split.branches[2].station, ex::index_of(system, "c"));
        QCOMPARE(split.branches[2].probability, 1 - 0.3 - 0.1);
    }

    void a_cycle_with_a_way_out() {
        const System system = lowered(ex::scenario({ex::stream("jobs", 8)},
                                                   {queue("a"), queue("b", {{"routing", "{a: 0.25}"}})},
                                                   {{"jobs", "a"}, {"a", "b"}}));
        const Route& back = ex::station(system, "b").routes[0];
        QCOMPARE(back.branches[0].station, ex::index_of(system, "a"));
        QCOMPARE(back.branches[1].station, outside);
        QCOMPARE(back.branches[1].probability, 0.75);
    }

    void routing_looks_at_the_workload() {
        const System system = lowered(
            ex::scenario({ex::stream("gold", 1), ex::stream("silver", 1), ex::stream("tin", 1)},
                         {queue("a", {{"routing", "{gold: b, silver: {c: 0.4}}"}}), queue("b"), queue("c")},
                         {{"gold", "a"}, {"silver", "a"}, {"tin", "a"}, {"a", "b"}}));
        const auto& routes = ex::station(system, "a").routes;
        QCOMPARE(routes[0].branches.size(), std::size_t{1});
        QCOMPARE(routes[0].branches[0].station, ex::index_of(system, "b"));
        QCOMPARE(routes[1].branches[0].station, ex::index_of(system, "c"));
        QCOMPARE(routes[1].branches[1].probability, 0.6);
        QCOMPARE(routes[2].branches[0].station, ex::index_of(system, "b"));
    }

    void rules_pick_among_the_links() {
        const auto route = [](const char* rule) {
            return ex::station(lowered(ex::scenario({ex::stream("jobs", 8)},
                                                    {queue("a", {{"routing", rule}}), queue("b"), queue("c")},
                                                    {{"jobs", "a"}, {"a", "b"}, {"a", "c"}})),
                               "a")
                .routes[0];
        };
        QCOMPARE(route("round-robin").routing, Routing::round_robin);
        QCOMPARE(route("least-loaded").routing, Routing::least_loaded);
        QCOMPARE(route("least-loaded-of-two").sampled, 2);
        QCOMPARE(route("random").routing, Routing::split);
        QCOMPARE(route("by-key").branches[0].probability, 0.5);
    }

    void items_become_others_on_the_way() {
        const System system = lowered(
            ex::scenario({ex::stream("raw", 1), ex::stream("clean", 0)},
                         {queue("a", {{"switching", "{raw: {clean: 0.25}}"}, {"routing", "{clean: c}"}}),
                          queue("b"), queue("c", {{"routing", "{raw: {a: 0.5}}"}})},
                         {{"raw", "a"}, {"clean", "a"}, {"a", "b"}}));
        const auto& route = ex::station(system, "a").routes[0];
        QCOMPARE(route.branches.size(), std::size_t{2});
        QCOMPARE(route.branches[0].station, ex::index_of(system, "c"));
        QCOMPARE(route.branches[0].item_class, 1);
        QCOMPARE(route.branches[0].probability, 0.25);
        QCOMPARE(route.branches[1].item_class, -1);
        QVERIFY(fault_of(system).empty());
    }

    void a_cache_knows_two_ways() {
        const System system = lowered(ex::scenario(
            {ex::stream("reads", 1)},
            {ex::component("cache", "cache", {{"keys", "100"}, {"capacity", "10"}, {"misses", "disk"}}),
             queue("memory"), queue("disk")},
            {{"reads", "cache"}, {"cache", "memory"}}));
        const auto& route = ex::station(system, "cache").routes[0];
        QCOMPARE(route.routing, Routing::outcome);
        QCOMPARE(route.branches[0].station, ex::index_of(system, "memory"));
        QCOMPARE(route.branches[1].station, ex::index_of(system, "disk"));
    }

    void a_fork_knows_its_join() {
        const System system = lowered(ex::scenario(
            {ex::users("people", 5)},
            {ex::component("outer", "fork", {{"copies", "6"}}), ex::component("inner", "fork", {}),
             queue("a"), queue("b"), ex::component("first", "join", {{"wait-for", "any"}}),
             ex::component("all", "join", {})},
            {{"people", "outer"},
             {"outer", "inner"},
             {"outer", "b"},
             {"inner", "a"},
             {"a", "first"},
             {"first", "all"},
             {"b", "all"}}));
        const auto& outer = ex::station(system, "outer");
        QCOMPARE(std::get<Fork>(outer.primitive).join, ex::index_of(system, "all"));
        QCOMPARE(outer.yields[0], 3.0);
        QCOMPARE(ex::station(system, "all").yields[0], 1.0 / 6);
        const auto& inner = std::get<Fork>(ex::station(system, "inner").primitive);
        QCOMPARE(inner.copies, 1);
        QCOMPARE(inner.join, ex::index_of(system, "first"));
        QCOMPARE(std::get<Join>(ex::station(system, "first").primitive).needed, 1);
        QVERIFY(fault_of(system).empty());
    }

    void what_cannot_be_lowered_data() {
        QTest::addColumn<QByteArray>("sentences");
        QTest::addColumn<QByteArray>("part");
        auto row = [](const char* name, const Scenario& scenario, const char* part) {
            QTest::newRow(name) << problems_of(scenario) << QByteArray(part);
        };
        const auto jobs = ex::stream("jobs", 8);
        row("endless cycle",
            ex::scenario({jobs}, {queue("a"), queue("b")}, {{"jobs", "a"}, {"a", "b"}, {"b", "a"}}),
            "a -> b -> a never ends: give one of them a `routing` with a probability of leaving");
        row("endless self loop", ex::scenario({jobs}, {queue("a", {{"routing", "{a: 1}"}})}, {{"jobs", "a"}}),
            "a -> a never ends");
        row("nearly endless self loop",
            ex::scenario({jobs}, {queue("a", {{"routing", "{a: 0.999999999}"}})}, {{"jobs", "a"}}),
            "a -> a never ends");
        row("endless part of a cycle",
            ex::scenario({jobs}, {queue("a", {{"routing", "{b: 0.5}"}}), queue("b"), queue("c")},
                         {{"jobs", "a"}, {"b", "c"}, {"c", "b"}}),
            "b -> c -> b never ends");
        row("cycle of copies",
            ex::scenario({jobs}, {queue("a"), queue("b"), queue("c")},
                         {{"jobs", "a"}, {"a", "b"}, {"a", "c"}, {"b", "a"}}),
            "multiply without end");
        row("cycle through a log",
            ex::scenario({jobs},
                         {ex::component("k", "kafka", {{"nodes", "3 x m5.large"}}),
                          queue("q", {{"routing", "{k: 0.5}"}})},
                         {{"jobs", "k"}, {"k", "q"}}),
            "cannot stand in one; only the plain kinds of queueing networks can");
        row("requests to a log",
            ex::scenario({ex::users("people", 5)}, {ex::component("k", "kafka", {{"nodes", "3 x m5.large"}})},
                         {{"people", "k"}}),
            "the requests of 'people' arrive here, but a partitioned log takes only streams of records");
        row("link to nowhere", ex::scenario({jobs}, {queue("server")}, {{"jobs", "sever"}}),
            "there is no component 'sever'; did you mean 'server'?");
        row("routing to nowhere",
            ex::scenario({jobs}, {queue("server", {{"routing", "{sever: 0.5}"}})}, {{"jobs", "server"}}),
            "there is no component 'sever'");
        row("workload without a link", ex::scenario({jobs}, {queue("a")}, {}), "no link leads from 'jobs'");
        row("rest of a routing over two links",
            ex::scenario({jobs}, {queue("a", {{"routing", "{b: 0.5}"}}), queue("b"), queue("c"), queue("d")},
                         {{"jobs", "a"}, {"a", "c"}, {"a", "d"}}),
            "give each of them a probability");
        row("users that fork",
            ex::scenario({ex::users("people", 5)}, {queue("a"), queue("b"), queue("c")},
                         {{"people", "a"}, {"a", "b"}, {"a", "c"}}),
            "would be copied after 'a'");
        const auto plain = [](const char* id, const char* technology, const ex::Texts& texts = {}) {
            return ex::component(id, technology, texts);
        };
        row("rule without a choice",
            ex::scenario({jobs}, {queue("a", {{"routing", "round-robin"}}), queue("b")},
                         {{"jobs", "a"}, {"a", "b"}}),
            "'round-robin' picks among the linked components; links to two or more are expected");
        row("one workload that never leaves",
            ex::scenario({jobs, ex::stream("others", 1)},
                         {queue("a", {{"routing", "{others: b}"}}), queue("b", {{"routing", "{others: a}"}})},
                         {{"jobs", "a"}, {"others", "a"}}),
            "a -> b -> a never ends for 'others'");
        row("items that become others by turns",
            ex::scenario({jobs, ex::stream("others", 1)},
                         {queue("a", {{"routing", "round-robin"}, {"switching", "{jobs: others}"}}),
                          queue("b"), queue("c")},
                         {{"jobs", "a"}, {"others", "a"}, {"a", "b"}, {"a", "c"}}),
            "items that become others are routed by probabilities");
        row("items that become others between fork and join",
            ex::scenario(
                {jobs, ex::stream("others", 1)},
                {plain("f", "fork"), queue("a", {{"switching", "{jobs: others}"}}), plain("j", "join")},
                {{"jobs", "f"}, {"others", "f"}, {"f", "a"}, {"a", "j"}}),
            "that can happen before the fork or after the join");
        row("two links from a cache",
            ex::scenario({jobs},
                         {plain("c", "cache", {{"keys", "9"}, {"capacity", "3"}, {"misses", "a"}}),
                          queue("a"), queue("b")},
                         {{"jobs", "c"}, {"c", "a"}, {"c", "b"}}),
            "several links lead on from here; one is expected, as 'misses' names where the others go");
        row("misses to nowhere",
            ex::scenario(
                {jobs},
                {plain("c", "cache", {{"keys", "9"}, {"capacity", "3"}, {"misses", "dsk"}}), queue("disk")},
                {{"jobs", "c"}}),
            "there is no component 'dsk'; did you mean 'disk'?");
        row("copies that never meet",
            ex::scenario({jobs}, {plain("f", "fork"), queue("a"), queue("b")},
                         {{"jobs", "f"}, {"f", "a"}, {"f", "b"}}),
            "copies that 'f' makes leave after 'a'; let all of them end in one component of 'technology: "
            "join'");
        row("join without a fork", ex::scenario({jobs}, {plain("j", "join")}, {{"jobs", "j"}}),
            "a join needs a component of 'technology: fork' before it");
        row("copies that meet in two joins",
            ex::scenario({jobs},
                         {plain("f", "fork"), queue("a"), queue("b"), plain("j", "join"), plain("k", "join")},
                         {{"jobs", "f"}, {"f", "a"}, {"f", "b"}, {"a", "j"}, {"b", "k"}}),
            "all copies of an item must meet in one join");
        row("copies that meet others without a join",
            ex::scenario({jobs}, {plain("f", "fork"), queue("a"), plain("j", "join")},
                         {{"jobs", "f"}, {"jobs", "a"}, {"f", "a"}, {"a", "j"}}),
            "only a join can stand where they meet");
        row("join that waits for too many",
            ex::scenario(
                {jobs}, {plain("f", "fork"), queue("a"), queue("b"), plain("j", "join", {{"wait-for", "3"}})},
                {{"jobs", "f"}, {"f", "a"}, {"f", "b"}, {"a", "j"}, {"b", "j"}}),
            "it waits for 3 copies, but 'f' makes 2");
        row("transform that was not measured", click_analytics(), "has not been measured");
    }
    void what_cannot_be_lowered() {
        QFETCH(QByteArray, sentences);
        QFETCH(QByteArray, part);
        QVERIFY2(sentences.contains(part), sentences.constData());
        QCOMPARE(sentences.count('\n'), 1);
    }

    void an_unreached_component_is_noted() {
        const System system =
            lowered(ex::scenario({ex::stream("jobs", 8)}, {queue("a"), queue("b")}, {{"jobs", "a"}}));
        QCOMPARE(system.components.size(), std::size_t{2});
        QCOMPARE(system.stations.size(), std::size_t{1});
        QCOMPARE(system.notes.size(), std::size_t{1});
        QVERIFY(system.notes[0].starts_with("b: no workload reaches it"));
    }

    void a_long_chain_is_no_trouble() {
        std::vector<Component> components;
        std::vector<std::pair<std::string, std::string>> links{{"jobs", "q0"}};
        for (int i = 0; i < 5000; ++i) {
            components.push_back(queue("q" + std::to_string(i)));
            if (i > 0) links.emplace_back("q" + std::to_string(i - 1), "q" + std::to_string(i));
        }
        QCOMPARE(lowered(ex::scenario({ex::stream("jobs", 1)}, components, links)).stations.size(),
                 std::size_t{5000});
    }

    void a_whole_platform() {
        const System system = lowered(click_analytics(), {{"enrich", ex::calibration()}});
        std::vector<std::string> names;
        for (const Station& station : system.stations) names.push_back(station.name);
        QCOMPARE(names, (std::vector<std::string>{"brokers.append", "brokers.commit", "enrich", "lake.write",
                                                  "lake.files", "warehouse.load", "warehouse.tables",
                                                  "warehouse.plan", "warehouse.queries"}));
        // Two read points: the lake and the warehouse.
        QCOMPARE(system.read_points.size(), std::size_t{2});
        QCOMPARE(system.read_points[0].station, ex::index_of(system, "lake.files"));
        QCOMPARE(system.read_points[1].component, 3);

        // 3 x m5.large, replication 3, one group: 81.25 MB/s of EBS a node over 3 replicas; 230 + 22 bytes.
        const auto& append = std::get<Queue>(ex::station(system, "brokers.append").primitive);
        QCOMPARE(append.servers, 3);
        QCOMPARE(append.service[0].mean, 252 / (81.25e6 / 3));
        QCOMPARE(append.service[1].mean, 0.0);

        // (0.5 us + 1 ms / 10,000) / 8 % = 7.5 us on each of 4 vCPUs.
        const auto& tasks = std::get<PartitionedLog>(ex::station(system, "enrich").primitive);
        QCOMPARE(tasks.consumers, 4);
        QCOMPARE(tasks.shares.size(), std::size_t{12});
        QCOMPARE(tasks.service[0].mean, 7.5e-6);
        QCOMPARE(tasks.service[0].scv, 0.04);
        QCOMPARE(ex::station(system, "enrich").yields[0], 0.9);

        // Parquet from there on, as measured.
        QCOMPARE(ex::station(system, "enrich").sizes[0].value(), 230.0);
        QCOMPARE(ex::station(system, "lake.write").sizes[0].value(), 32.0);
        QCOMPARE(ex::station(system, "warehouse.load").sizes[0].value(), 32.0);
        QCOMPARE(ex::station(system, "warehouse.tables").sizes[0].value(), 32 * 1.43);
        const auto& files = std::get<Store>(ex::station(system, "lake.files").primitive);
        QCOMPARE(files.tiers.size(), std::size_t{3});
        QCOMPARE(files.tiers[1].name, std::string("standard-ia"));

        // 80 MB over 2 x 0.65 GB/s, of which 1,800 records a second of 32 bytes leave what they do not load.
        const auto& queries = std::get<Queue>(ex::station(system, "warehouse.queries").primitive);
        QCOMPARE(queries.admitted, 5);
        QCOMPARE(queries.service[1].mean, 80e6 / 1.3e9 / (1 - 1800 * 32 / (4 * 39e6)));
        QCOMPARE(queries.service[1].scv, 1.0);
        QCOMPARE(queries.service[0].mean, 0.0);
        const auto& load = std::get<Batch>(ex::station(system, "warehouse.load").primitive);
        QCOMPARE(load.rate.value(), 2 * 2 * 39e6);
    }

    void longer_records_take_longer_by_the_measured_cost_of_a_byte() {
        Calibration measured = ex::calibration();
        const Scenario scenario = click_analytics();
        const auto mean = [&] {
            const System system = lowered(scenario, {{"enrich", measured}});
            return std::get<PartitionedLog>(ex::station(system, "enrich").primitive).service[0].mean;
        };
        measured.bytes_in = ItemSize(200);
        const double shorter = mean();
        measured.time_per_byte = {1e-9, 1e-11};
        // The records of the workload have 230 bytes, the sample's 200: 30 ns more of 600.
        QVERIFY(std::abs(mean() / shorter - 630.0 / 600) < 1e-9);
    }

    void a_linger_sends_records_in_batches() {
        Scenario scenario = click_analytics();
        scenario.components[0] =
            ex::component("brokers", "kafka", {{"nodes", "3 x m5.large"}, {"linger", "5 ms"}});
        const System system = lowered(scenario, {{"enrich", ex::calibration()}});
        const auto& linger = std::get<Batch>(ex::station(system, "brokers.linger").primitive);
        QCOMPARE(linger.max_wait.value(), 5e-3);
        QCOMPARE(system.open[0].route.branches[0].station, ex::index_of(system, "brokers.linger"));
    }

    void output_waits_for_its_checkpoint() {
        Scenario scenario = click_analytics();
        scenario.components[1] = ex::component("enrich", "flink",
                                               {{"nodes", "2 x m5.large"},
                                                {"service", "5 us"},
                                                {"selectivity", "0.5"},
                                                {"output-size", "100 B"},
                                                {"delivery", "exactly-once"},
                                                {"parallelism", "24"}});
        const System system = lowered(scenario);
        const auto& commit = std::get<Batch>(ex::station(system, "enrich.commit").primitive);
        QCOMPARE(commit.max_wait.value(), 60.0);
        QCOMPARE(ex::station(system, "enrich.transform").yields[0], 0.5);
        QCOMPARE(ex::station(system, "enrich.commit").yields[0], 1.0);
        QCOMPARE(ex::station(system, "enrich.commit").sizes[0].value(), 100.0);
        // Twelve partitions keep at most twelve tasks busy, which share four vCPUs.
        const auto& tasks = std::get<PartitionedLog>(ex::station(system, "enrich.transform").primitive);
        QCOMPARE(tasks.consumers, 12);
        QCOMPARE(tasks.service[0].mean, 15e-6);
        // No measurement: sizes by the published data set.
        QCOMPARE(ex::station(system, "lake.write").sizes[0].value(), 100 * (14.78 / 232.73));
        QVERIFY(std::any_of(system.notes.begin(), system.notes.end(), [](const std::string& note) {
            return note.starts_with("enrich: ") && note.find("declared, not measured") != std::string::npos;
        }));
    }

    void several_writers_fill_files_of_their_own() {
        Scenario scenario = click_analytics();
        scenario.components[2] = ex::component("lake", "s3", {{"writers", "4"}, {"format", "parquet+zstd"}});
        const System system = lowered(scenario, {{"enrich", ex::calibration()}});
        const auto& write = std::get<Batch>(ex::station(system, "lake.write").primitive);
        QCOMPARE(write.max_size.value(), 4 * 128e6);
        QCOMPARE(write.rate.value(), 4 * 90e6);
        QCOMPARE(ex::station(system, "lake.write").sizes[0].value(), 20.0);
    }

    void skewed_keys_make_hot_partitions() {
        Scenario scenario = click_analytics();
        std::get<Stream>(scenario.workloads[0].load).record.key = "user_id";
        Calibration measured = ex::calibration();
        measured.key_shares = {0.5, 0.1};
        const System system = lowered(scenario, {{"enrich", measured}});
        const auto& shares = std::get<PartitionedLog>(ex::station(system, "enrich").primitive).shares;
        const double hottest = *std::max_element(shares.begin(), shares.end());
        QVERIFY(hottest >= 0.5 + 0.4 / 12 - 1e-12);
        // The same again: nothing about it is random.
        QCOMPARE(std::get<PartitionedLog>(
                     ex::station(lowered(scenario, {{"enrich", measured}}), "enrich").primitive)
                     .shares,
                 shares);
    }

    void declared_keys_make_hot_partitions() {
        Scenario scenario = click_analytics();
        Record& record = std::get<Stream>(scenario.workloads[0].load).record;
        record.keys = 1;
        const auto shares = [&] {
            const System system = lowered(scenario, {{"enrich", ex::calibration()}});
            return std::get<PartitionedLog>(ex::station(system, "enrich").primitive).shares;
        };
        const std::vector<double> one = shares();
        QCOMPARE(*std::max_element(one.begin(), one.end()), 1.0);
        record.keys = 1000;
        record.skew = 1.2;
        const std::vector<double> skewed = shares();
        QVERIFY(*std::max_element(skewed.begin(), skewed.end()) >= zipf_shares(1000, 1.2)[0]);
    }

    void order_of_links_does_not_matter() {
        Scenario scenario = click_analytics();
        const System first = lowered(scenario, {{"enrich", ex::calibration()}});
        std::reverse(scenario.links.begin(), scenario.links.end());
        const System second = lowered(scenario, {{"enrich", ex::calibration()}});
        QCOMPARE(first.stations.size(), second.stations.size());
        for (std::size_t i = 0; i < first.stations.size(); ++i)
            QCOMPARE(first.stations[i].name, second.stations[i].name);
        QCOMPARE(first.notes, second.notes);
    }
};

QTEST_APPLESS_MAIN(LowerTest)
#include "lower_test.moc"
