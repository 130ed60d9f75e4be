#include "sim/experiment/crew.h"

#include "model/scenario/read.h"
#include "model/store/packed_run.h"
#include "sim/experiment/study_message.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

using namespace headroom;
using namespace std::chrono_literals;

namespace {

constexpr const char* queue = R"(
headroom: 1
name: A queue
horizon: 10 min
workloads: {jobs: {requests: {rate: 5/s}}}
components: {server: {technology: queue, servers: 1, service: {exponential: 100 ms}}}
links: [jobs -> server]
objectives:
  - response time of jobs: p95 <= 2 s
)";

/// Ranks that are threads of this process.
struct Network {
    std::mutex mutex;
    std::vector<std::deque<sim::RankMessage>> boxes;
    std::vector<bool> all_at_the_end;
};

class ThreadRank : public sim::Ranks {
public:
    ThreadRank(Network& network, int rank) : network_(network), rank_(rank) {}

    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(network_.boxes.size()); }
    int processors() const override { return 1; }
    void send(int to, std::string bytes) override {
        const std::lock_guard lock(network_.mutex);
        network_.boxes[static_cast<std::size_t>(to)].push_back({rank_, std::move(bytes)});
    }
    std::optional<sim::RankMessage> receive() override {
        const std::lock_guard lock(network_.mutex);
        auto& box = network_.boxes[static_cast<std::size_t>(rank_)];
        if (box.empty()) return std::nullopt;
        sim::RankMessage first = std::move(box.front());
        box.pop_front();
        return first;
    }
    void leave(bool all) override {
        const std::lock_guard lock(network_.mutex);
        network_.all_at_the_end.push_back(all);
    }

private:
    Network& network_;
    int rank_;
};

}  // namespace

class CrewTest : public QObject {
    Q_OBJECT

    model::Catalog catalog_ = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();
    QTemporaryDir folder_;
    sim::StudyPlan plan_;

    model::ResultsStore new_store(const char* name) {
        const std::filesystem::path file = folder_.filePath(name).toStdString();
        return std::move(*model::ResultsStore::open(file, model::ResultsStore::Access::read_write));
    }

    /// Everything that a study has found, but for the times that it took.
    static std::vector<std::string> found(const model::Study& study, const model::ResultsStore& store) {
        std::vector<std::string> all;
        for (const model::StudyPoint& point : study.points) {
            if (!point.run) return {};
            model::RunResult result = store.run(*point.run).value();
            result.wall_seconds = 0;
            result.finished_at.clear();
            all.push_back(model::pack(result));
        }
        return all;
    }

    std::vector<std::string> alone() {
        auto store = new_store("alone.db");
        const auto study = sim::run_study(plan_, catalog_, store);
        return found(study.value(), store);
    }

private slots:
    void initTestCase() {
        sim::RunOptions options;
        options.replications = 2;
        options.threads = 1;
        auto factor = sim::parse_factor("workloads.jobs.requests.rate=1/s..9/s:0.5/s");
        plan_ = *sim::plan_sweep(model::Document(queue, "queue.yaml"), {*factor}, options);
        QVERIFY(sim::check_study(plan_, catalog_).has_value());
        QCOMPARE(plan_.points.size(), std::size_t(17));
    }

    void shares_a_study_between_ranks() {
        const std::vector<std::string> expected = alone();
        QCOMPARE(expected.size(), std::size_t(17));
        Network network{.boxes = std::vector<std::deque<sim::RankMessage>>(4)};
        std::array<std::atomic<bool>, 4> served{};
        {
            std::vector<std::jthread> others;
            for (int rank = 1; rank < 4; ++rank)
                others.emplace_back([&, rank] {
                    ThreadRank mine(network, rank);
                    served[static_cast<std::size_t>(rank)] = sim::serve_study(catalog_, mine, 1);
                });
            ThreadRank mine(network, 0);
            sim::Crew crew(mine);
            auto store = new_store("shared.db");
            const auto study = sim::run_study(plan_, catalog_, store, {}, {}, {}, &crew);
            QVERIFY(study.has_value());
            QVERIFY(found(*study, store) == expected);
            QCOMPARE(crew.lost(), 0);
        }
        QVERIFY(served[1] && served[2] && served[3]);
        QCOMPARE(network.all_at_the_end, std::vector<bool>(4, true));
    }

    /// One rank takes points and is never heard of again, another cannot run what it is given, a third talks
    /// nonsense.
    void does_without_those_who_fail() {
        const std::vector<std::string> expected = alone();
        Network network{.boxes = std::vector<std::deque<sim::RankMessage>>(4)};
        std::atomic<bool> over = false;
        std::atomic<int> given = 0;
        {
            std::jthread unable([&] {
                ThreadRank mine(network, 1);
                mine.send(0, sim::bytes_of({sim::StudyMessage::Kind::hello, 1}));
                while (!over) {
                    while (auto received = mine.receive())
                        if (const auto message = sim::message_of(received->bytes);
                            message->kind == sim::StudyMessage::Kind::point) {
                            ++given;
                            mine.send(0, sim::bytes_of({sim::StudyMessage::Kind::failed, message->number}));
                        }
                    mine.send(0, sim::bytes_of({sim::StudyMessage::Kind::alive}));
                    std::this_thread::sleep_for(5ms);
                }
            });
            ThreadRank dead(network, 2), mad(network, 3), mine(network, 0);
            dead.send(0, sim::bytes_of({sim::StudyMessage::Kind::hello, 3}));
            mad.send(0, "");
            mad.send(0, "hello?");
            mad.send(0, sim::bytes_of({sim::StudyMessage::Kind::hello, -5}));
            mad.send(0, sim::bytes_of({sim::StudyMessage::Kind::result, 0, "no result"}));
            mad.send(0, sim::bytes_of({sim::StudyMessage::Kind::failed, 123456}));
            mad.send(0, sim::bytes_of({sim::StudyMessage::Kind::leaving}));
            sim::Crew crew(mine, 300ms);
            auto store = new_store("lossy.db");
            const auto study = sim::run_study(plan_, catalog_, store, {}, {}, {}, &crew);
            QVERIFY(study.has_value());
            QVERIFY(found(*study, store) == expected);
            QVERIFY(crew.lost() >= 1);
            over = true;
        }
        QVERIFY(given > 0);
        QVERIFY(!network.all_at_the_end.front());
    }

    /// What a point is survives the way to another process: its calibrations with every digit.
    void sends_points_whole() {
        model::Calibration calibration;
        calibration.component = "enrich";
        calibration.engine = "DuckDB";
        calibration.transform_hash = "a";
        calibration.time_per_row = {1.0 / 3e6, 1.0 / 7e8};
        calibration.remarks = {"stale"};
        sim::StudyPlan::Point point{.base = 1, .changes = {{{"a", "b c"}, "ü: [1, 2]"}, {{"d"}, ""}}};
        point.calibrations =
            std::make_shared<const model::Calibrations>(model::Calibrations{{"enrich", calibration}});
        const auto again = sim::point_of(sim::body_of(point));
        QVERIFY(again.has_value());
        QCOMPARE(again->base, point.base);
        QCOMPARE(again->changes, point.changes);
        const model::Calibration& received = again->calibrations->at("enrich");
        QCOMPARE(received.time_per_row.value, calibration.time_per_row.value);
        QCOMPARE(received.time_per_row.half_width, calibration.time_per_row.half_width);
        QCOMPARE(received.remarks, calibration.remarks);

        sim::StudyPlan plan = plan_;
        plan.closed_forms = true;
        plan.options = {.level = model::Level::record,
                        .horizon = model::seconds(1.0 / 3),
                        .seed = ~std::uint64_t{0},
                        .replications = std::nullopt};
        const auto received_plan = sim::plan_of(sim::body_of(plan));
        QVERIFY(received_plan.has_value());
        QCOMPARE(received_plan->points.size(), plan.points.size());
        QCOMPARE(received_plan->bases.front().text(), plan.bases.front().text());
        QVERIFY(received_plan->closed_forms);
        QVERIFY(received_plan->options.level == plan.options.level);
        QCOMPARE(received_plan->options.horizon->value(), 1.0 / 3);
        QCOMPARE(*received_plan->options.seed, ~std::uint64_t{0});
        QVERIFY(!received_plan->options.replications);
    }

    /// Any bytes are a message, or none.
    void survives_any_bytes() {
        std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same bytes every time
        const std::string result = model::pack(sim::run_point(plan_, catalog_, 0, 1, {}, {}).value());
        QVERIFY(model::unpack(result).has_value());
        const std::string bodies[] = {sim::body_of(plan_), sim::body_of(plan_.points[3]), result};
        int refused = 0;
        for (int i = 0; i < 6000; ++i) {
            std::string bytes = bodies[i % 3];
            for (unsigned j = random() % 4; j > 0; --j)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            if (random() % 4 == 0) bytes.resize(random() % bytes.size());
            if (i % 3 == 0) refused += !sim::plan_of(bytes);
            if (i % 3 == 1) refused += !sim::point_of(bytes);
            if (i % 3 == 2) refused += !model::unpack(bytes);
            (void)sim::message_of(bytes);
        }
        QVERIFY(refused > 500);
        QVERIFY(!sim::message_of("") && !sim::message_of("hell") && !sim::message_of("xabcd"));
        QVERIFY(!model::unpack("").has_value());
    }
};

QTEST_APPLESS_MAIN(CrewTest)
#include "crew_test.moc"
