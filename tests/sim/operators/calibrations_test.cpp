#include "sim/operators/calibrate.h"

#include <QtTest/QtTest>
#include <fstream>

using namespace headroom;

class CalibrationsTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    model::Scenario scenario_;

    std::filesystem::path path(const std::string& name) {
        return std::filesystem::path(folder_.path().toStdString()) / name;
    }
    void write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories(path(name).parent_path());
        std::ofstream(path(name), std::ios::binary) << text;
    }
    static model::Workload stream(const std::string& id, const std::filesystem::path& sample) {
        return {.id = id, .load = model::Stream{.record = {.sample = sample, .key = "user"}}};
    }
    static model::Component processor(const std::string& id, const std::string& sql) {
        model::Component component{.id = id, .technology = "flink", .kind = "stream-processor"};
        component.settings["transform"] = {.value = sql, .text = sql};
        return component;
    }
    /// The steps that were reported: none where nothing was measured.
    std::vector<std::string> steps_;
    model::Expected<model::Calibrations> run() {
        steps_.clear();
        return sim::calibrations_for(
            scenario_, [this](const sim::CalibrationProgress& progress) { steps_.push_back(progress.step); });
    }

private slots:
    void init() {
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path().toStdString())) {
            std::filesystem::remove_all(entry.path());
        }
        qputenv("HEADROOM_CACHE", path("cache").c_str());
        write("sql/enrich.sql", "SELECT user FROM input WHERE price > 1");
        write("data/clicks.jsonl", "{\"user\":1,\"price\":2}\n{\"user\":2,\"price\":0}\n");
        scenario_ = {};
        scenario_.file = path("shop.yaml");
        scenario_.workloads = {stream("logs", {}), stream("clicks", path("data/clicks.jsonl"))};
        scenario_.components = {{.id = "brokers", .technology = "kafka", .kind = "partitioned-log"},
                                processor("enrich", "sql/enrich.sql")};
        scenario_.links = {{"logs", "brokers"}, {"clicks", "brokers"}, {"brokers", "enrich"}};
    }

    void finds_transforms_with_the_sample_that_reaches_them() {
        scenario_.components.push_back(processor("alone", "sql/enrich.sql"));
        auto transforms = sim::transforms_of(scenario_);
        QCOMPARE(transforms.size(), std::size_t{2});
        QCOMPARE(transforms[0].component, std::string("enrich"));
        QVERIFY(transforms[0].transform == path("sql/enrich.sql"));
        QVERIFY(transforms[0].sample == path("data/clicks.jsonl"));
        QCOMPARE(transforms[0].key, std::string("user"));
        QVERIFY(transforms[1].sample.empty());
    }

    void names_the_file_beside_the_scenario() {
        QVERIFY(sim::calibration_file(scenario_, "enrich") == path("calibrations/shop.enrich.json"));
    }

    void follows_a_cycle_once() {
        scenario_.links.push_back({"enrich", "brokers"});
        QCOMPARE(sim::transforms_of(scenario_).front().key, std::string("user"));
    }

    void measures_once_and_again_after_a_change() {
        auto first = run();
        if (!first &&
            first.error().front().sentence().find("without the operator core") != std::string::npos) {
            QSKIP("built without the operator core");
        }
        QVERIFY2(first, first ? "" : first.error().front().sentence().c_str());
        QCOMPARE(first->at("enrich").selectivity, 0.5);
        QVERIFY(!steps_.empty());
        QVERIFY(!std::filesystem::exists(path("calibrations")));

        auto again = run();
        QVERIFY(again && steps_.empty());
        QCOMPARE(again->at("enrich").time_per_row.value, first->at("enrich").time_per_row.value);

        // One of another engine is still used, and it is said.
        model::Calibration older = first->at("enrich");
        older.engine = "DuckDB 0.1";
        QVERIFY(model::save_calibration(older, path("calibrations/shop.enrich.json")));
        auto another_engine = run();
        QVERIFY(another_engine && steps_.empty());
        QVERIFY(another_engine->at("enrich").remarks.front().find("measured with DuckDB 0.1, but here is") !=
                std::string::npos);

        write("sql/enrich.sql", "SELECT user FROM input");
        auto other_sql = run();
        QVERIFY(other_sql && !steps_.empty());
        QCOMPARE(other_sql->at("enrich").selectivity, 1.0);
        QVERIFY(other_sql->at("enrich").remarks.front().find("was made from another transform") !=
                std::string::npos);
        std::filesystem::remove_all(path("calibrations"));

        write("data/clicks.jsonl", "{\"user\":1,\"price\":2}\n");
        auto other_sample = run();
        QVERIFY(other_sample && !steps_.empty());
        QCOMPARE(other_sample->at("enrich").rows_in, 1.0);

        // The file beside the scenario goes before the cache, as long as it fits.
        model::Calibration kept = other_sample->at("enrich");
        kept.time_per_row.value = 0.125;
        std::filesystem::create_directories(path("calibrations"));
        QVERIFY(model::save_calibration(kept, path("calibrations/shop.enrich.json")));
        auto beside = run();
        QVERIFY(beside && steps_.empty());
        QCOMPARE(beside->at("enrich").time_per_row.value, 0.125);

        // A variant takes that of the file in which the transform is written, wherever the variant itself
        // lies.
        scenario_.file = path("variants/sale.yaml");
        model::Setting& transform = scenario_.components[1].settings.at("transform");
        transform.value = path("sql/enrich.sql").string();
        transform.place.file = path("shop.yaml").string();
        auto inherited = run();
        QVERIFY(inherited && steps_.empty());
        QCOMPARE(inherited->at("enrich").time_per_row.value, 0.125);
        scenario_.file = path("shop.yaml");

        scenario_.workloads[1] = stream("clicks", path("data/clicks.jsonl"));
        std::get<model::Stream>(scenario_.workloads[1].load).record.key = "price";
        auto other_key = run();
        QVERIFY(other_key && !steps_.empty());

        write("calibrations/shop.enrich.json", "not a calibration");
        auto damaged = run();
        QVERIFY(damaged && damaged->at("enrich").time_per_row.value < 0.125);
        QVERIFY(damaged->at("enrich").remarks.front().find("beside the scenario cannot be read") !=
                std::string::npos);
    }

    void says_every_problem() {
        scenario_.components.push_back(processor("alone", "sql/enrich.sql"));
        scenario_.components.push_back(processor("lost", "sql/lost.sql"));
        scenario_.links.push_back({"brokers", "lost"});
        auto calibrations = run();
        QVERIFY(!calibrations);
        QStringList sentences;
        for (const auto& problem : calibrations.error())
            sentences << QString::fromStdString(problem.sentence());
        QString all = sentences.join('\n');
        QVERIFY2(all.contains("components.alone.transform: no workload that reaches this component"),
                 qPrintable(all));
        QVERIFY2(all.contains("components.lost.transform: there is no such file"), qPrintable(all));
    }

    void the_examples_come_with_theirs_data() {
        QTest::addColumn<QString>("scenario");
        QTest::addColumn<QString>("component");
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("sample");
        QTest::addColumn<QString>("key");
        QTest::newRow("clicks") << "03-click-analytics"
                                << "enrich"
                                << "enrich.sql"
                                << "clicks.jsonl"
                                << "user_id";
        QTest::newRow("earthquakes") << "04-earthquakes"
                                     << "triage"
                                     << "triage.sql"
                                     << "earthquakes.jsonl"
                                     << "net";
    }
    /// Fails after a change to an example's SQL or sample that left its calibration behind.
    void the_examples_come_with_theirs() {
        QFETCH(QString, scenario);
        QFETCH(QString, component);
        QFETCH(QString, sql);
        QFETCH(QString, sample);
        QFETCH(QString, key);
        std::filesystem::path scenarios = std::filesystem::path(HEADROOM_SOURCE_DIR) / "scenarios";
        scenario_.file = scenarios / (scenario.toStdString() + ".yaml");
        QVERIFY(std::filesystem::exists(scenario_.file));
        scenario_.workloads = {stream("source", scenarios / "data" / sample.toStdString())};
        std::get<model::Stream>(scenario_.workloads[0].load).record.key = key.toStdString();
        scenario_.components = {processor(component.toStdString(), "sql/" + sql.toStdString())};
        scenario_.links = {{"source", component.toStdString()}};
        auto calibrations = run();
        QVERIFY2(calibrations, calibrations ? "" : calibrations.error().front().sentence().c_str());
        QVERIFY2(steps_.empty(), "the calibration beside the scenario is missing or stale");
    }
};

QTEST_APPLESS_MAIN(CalibrationsTest)
#include "calibrations_test.moc"
