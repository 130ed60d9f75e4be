#include "sim/experiment/study.h"

#include <QTest>
#include <set>

using namespace headroom;

class StudyTest : public QObject {
    Q_OBJECT

private slots:
    void reads_factors_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("levels");
        QTest::newRow("list") << "components.w.slots=3,5, 8" << QStringList{"3", "5", "8"};
        QTest::newRow("one") << "components.w.slots=3" << QStringList{"3"};
        QTest::newRow("pools") << "components.w.nodes=2 x m5.large,4 x m5.large"
                               << QStringList{"2 x m5.large", "4 x m5.large"};
        QTest::newRow("mappings") << "components.s.service={erlang: {mean: 5 ms, stages: 2}},5 ms"
                                  << QStringList{"{erlang: {mean: 5 ms, stages: 2}}", "5 ms"};
        QTest::newRow("quoted") << "name=\"a, b\",c" << QStringList{"\"a, b\"", "c"};
        QTest::newRow("paths") << "components.e.transform=../sql/a.sql" << QStringList{"../sql/a.sql"};
        QTest::newRow("range") << "components.w.slots=1..9:4" << QStringList{"1", "5", "9"};
        QTest::newRow("range that misses its end")
            << "components.w.slots=1..9:3" << QStringList{"1", "4", "7"};
        QTest::newRow("range of fractions") << "a.b=0.1..0.3:0.1" << QStringList{"0.1", "0.2", "0.3"};
        QTest::newRow("range with units") << "a.b=10 s..1 min:25 s" << QStringList{"10 s", "35 s", "60 s"};
        QTest::newRow("range down") << "a.b=3 ms..1 ms:-1 ms" << QStringList{"3 ms", "2 ms", "1 ms"};
        QTest::newRow("range of rates") << "a.b=1/s..5/s:2/s" << QStringList{"1/s", "3/s", "5/s"};
    }
    void reads_factors() {
        QFETCH(QString, text);
        QFETCH(QStringList, levels);
        const auto factor = sim::parse_factor(text.toStdString());
        QVERIFY2(factor.has_value(), factor ? "" : factor.error().front().message.c_str());
        QStringList found;
        for (const std::string& level : factor->levels) found << QString::fromStdString(level);
        QCOMPARE(found, levels);
    }

    void refuses_factors_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "a.b", "a.b=", "=3", "a.b=1,,2", "a.b=1..3", "a.b=1..3:0", "a.b=3..1:1",
                                 "a.b=1 s..3:1", "a.b=1..1000000000:1", "a.b=x..y:z", "a.b=1..nan:1"})
            QTest::newRow(text) << text;
    }
    void refuses_factors() {
        QFETCH(QString, text);
        const auto factor = sim::parse_factor(text.toStdString());
        QVERIFY(!factor);
        QCOMPARE(factor.error().size(), std::size_t(1));
    }

    void reads_intervals() {
        const auto factor = sim::parse_interval("a.b=10 s..1 min", "--uncertain");
        QVERIFY(factor.has_value() && factor->range.has_value());
        QCOMPARE(factor->at(0), std::string("10 s"));
        QCOMPARE(factor->at(0.5), std::string("35 s"));
        const auto nodes = sim::parse_interval("a.b=2 x m5.large..4 x m5.large", "--uncertain");
        QVERIFY(nodes.has_value());
        QCOMPARE(nodes->at(0.1), std::string("2 x m5.large"));
        QCOMPARE(nodes->at(0.999), std::string("4 x m5.large"));
        for (const char* text :
             {"a.b", "a.b=1", "a.b=1..1", "a.b=1 s..2 MB", "a.b=2 x m5.large..4 x m5.xlarge"})
            QVERIFY2(!sim::parse_interval(text, "--uncertain"), text);
    }

    /// Each of n equal parts of every factor holds exactly one point.
    void draws_latin_hypercubes() {
        constexpr int n = 20;
        const auto points = sim::latin_hypercube(n, 3, 7);
        QCOMPARE(points.size(), std::size_t(n));
        for (std::size_t d = 0; d < 3; ++d) {
            std::set<int> parts;
            for (const auto& point : points) parts.insert(static_cast<int>(point[d] * n));
            QCOMPARE(parts.size(), std::size_t(n));
        }
        QCOMPARE(sim::latin_hypercube(n, 3, 7), points);
        QVERIFY(sim::latin_hypercube(n, 3, 8) != points);
    }

    /// The mean of x y z over the cube is 1/8; a Sobol sequence is nearer to it than chance would be.
    void draws_sobol_points() {
        const auto points = sim::sobol_points(1024, 3);
        double sum = 0;
        for (const auto& p : points) sum += p[0] * p[1] * p[2];
        // Chance: a standard deviation of 0.0046 (variance of x y z is 1/27 - 1/64).
        QVERIFY(std::abs(sum / 1024 - 0.125) < 0.001);
        QCOMPARE(points[0], (std::vector<double>{0.5, 0.5, 0.5}));
    }

    void draws_factors_by_design() {
        auto a = *sim::parse_factor("a.b=x,y");
        const auto b = *sim::parse_interval("c.d=0..9", "--vary");
        QVERIFY(!sim::plan_study({a, b}, "s"));
        const auto study = sim::plan_study({a, b}, "s", {sim::Design::Kind::latin_hypercube, 10});
        QVERIFY(study.has_value());
        std::multiset<std::string> first, second;
        for (const auto& point : study->points) {
            first.insert(point.settings[0].second);
            second.insert(point.settings[1].second);
        }
        QCOMPARE(first.count("x"), std::size_t(5));
        for (const char* digit : {"0", "4", "9"}) QCOMPARE(second.count(digit), std::size_t(1));
    }

    void combines_factors() {
        const auto study =
            sim::plan_study({*sim::parse_factor("a.b=1,2"), *sim::parse_factor("c.d=x,y,z")}, "s");
        QVERIFY(study.has_value());
        QCOMPARE(study->points.size(), std::size_t(6));
        QCOMPARE(study->points[4].index, 4);
        QCOMPARE(study->points[4].settings,
                 (std::vector<std::pair<std::string, std::string>>{{"a.b", "2"}, {"c.d", "y"}}));
        QVERIFY(
            !sim::plan_study({*sim::parse_factor("a.b=1..200:1"), *sim::parse_factor("c.d=1..200:1")}, "s"));
    }
};

QTEST_APPLESS_MAIN(StudyTest)
#include "study_test.moc"
