#include "model/topology/topology.h"

#include <QtTest/QTest>
#include <cmath>
#include <sstream>

using namespace headroom::model;

namespace {

/// "a>b b>c" with workloads named w...
Scenario scenario_of(const std::string& links, const std::vector<std::string>& components,
                     const std::vector<std::string>& workloads = {"w"}) {
    Scenario scenario;
    for (const auto& id : workloads) {
        Workload workload;
        workload.id = id;
        scenario.workloads.push_back(workload);
    }
    for (const auto& id : components) {
        Component component;
        component.id = id;
        component.kind = component.technology = "queue";
        scenario.components.push_back(component);
    }
    std::istringstream words(links);
    for (std::string word; words >> word;) {
        const auto arrow = word.find('>');
        scenario.links.push_back({word.substr(0, arrow), word.substr(arrow + 1), {}});
    }
    return scenario;
}

void route(Scenario& scenario, std::size_t component, NamedNumbers routing) {
    Setting setting;
    setting.value = std::move(routing);
    scenario.components[component].settings["routing"] = setting;
}

QString joined(const std::vector<std::string>& words) {
    QStringList list;
    for (const auto& word : words) list << QString::fromStdString(word);
    return list.join(' ');
}

bool has_overlap(const std::map<std::string, Position>& places, const LayoutOptions& options = {}) {
    for (auto a = places.begin(); a != places.end(); ++a)
        for (auto b = std::next(a); b != places.end(); ++b)
            if (std::abs(a->second.x - b->second.x) < options.column * 0.99 &&
                std::abs(a->second.y - b->second.y) < options.row * 0.99)
                return true;
    return false;
}

/// A layered platform of `count` components with pseudo-random links.
Scenario large(int count, bool feedback) {
    std::vector<std::string> ids;
    std::string links = "w>c0 ";
    unsigned state = 12345;
    for (int i = 0; i < count; ++i) {
        ids.push_back("c" + std::to_string(i));
        if (i == 0) continue;
        for (int k = 0; k < 2; ++k) {
            state = state * 1664525u + 1013904223u;
            links += "c" + std::to_string((state >> 8) % unsigned(i)) + ">c" + std::to_string(i) + " ";
        }
        if (feedback && i % 7 == 0) links += "c" + std::to_string(i) + ">c" + std::to_string(i / 2) + " ";
    }
    return scenario_of(links, ids);
}

}  // namespace

class TopologyTest : public QObject {
    Q_OBJECT
private slots:
    void single_points_data() {
        QTest::addColumn<QString>("links");
        QTest::addColumn<QString>("components");
        QTest::addColumn<QString>("expected");
        QTest::newRow("chain: every one") << "w>a a>b b>c"
                                          << "a b c"
                                          << "a b c";
        QTest::newRow("diamond: its ends") << "w>a a>b a>c b>d c>d"
                                           << "a b c d"
                                           << "a d";
        QTest::newRow("two ends: what is common") << "w>a a>b b>c b>d"
                                                  << "a b c d"
                                                  << "a b";
        QTest::newRow("two ways from the start") << "w>a w>b"
                                                 << "a b"
                                                 << "";
        QTest::newRow("feedback") << "w>a a>b b>a b>c"
                                  << "a b c"
                                  << "a b c";
        QTest::newRow("closed cycle is an end as a whole") << "w>a a>b b>a"
                                                           << "a b"
                                                           << "a";
        QTest::newRow("other workload's way does not count") << "w>a a>b"
                                                             << "a b c"
                                                             << "a b";
        QTest::newRow("nothing reached") << ""
                                         << "a"
                                         << "";
    }
    void single_points() {
        QFETCH(QString, links);
        QFETCH(QString, components);
        QFETCH(QString, expected);
        std::vector<std::string> ids;
        for (const QString& id : components.split(' ')) ids.push_back(id.toStdString());
        const TopologyFacts facts = examine(scenario_of(links.toStdString(), ids));
        QCOMPARE(joined(facts.single_points.at("w")), expected);
    }

    void another_workload_beside() {
        const Scenario scenario = scenario_of("w>a a>b b>c c>d v>d v>c", {"a", "b", "c", "d"}, {"w", "v"});
        QCOMPARE(joined(examine(scenario).single_points.at("w")), QString("a b c d"));
        QCOMPARE(joined(examine(scenario).single_points.at("v")), QString("d"));
    }

    void cycles() {
        const TopologyFacts facts =
            examine(scenario_of("w>a a>b b>c c>a c>d d>d d>e", {"a", "b", "c", "d", "e"}));
        QCOMPARE(facts.cycles.size(), std::size_t(2));
        QCOMPARE(joined(facts.cycles[0]), QString("a b c"));
        QCOMPARE(joined(facts.cycles[1]), QString("d"));
        QCOMPARE(joined(examine(scenario_of("w>a a>b", {"a", "b"})).cycles.empty()
                            ? std::vector<std::string>{}
                            : std::vector<std::string>{"x"}),
                 QString());
    }

    void routing_counts_as_a_way() {
        Scenario scenario = scenario_of("w>a", {"a", "b", "c"});
        route(scenario, 0, {{"b", 0.3}});
        TopologyFacts facts = examine(scenario);
        QCOMPARE(joined(facts.unreachable), QString("c"));
        QCOMPARE(joined(facts.single_points.at("w")), QString("a"));  // seven in ten leave at once
        route(scenario, 0, {{"b", 1.0}});
        facts = examine(scenario);
        QCOMPARE(joined(facts.single_points.at("w")), QString("a b"));
        route(scenario, 0, {{"a", 0.5}});
        facts = examine(scenario);
        QCOMPARE(facts.cycles.size(), std::size_t(1));
    }

    void unreachable_and_order() {
        const TopologyFacts facts = examine(scenario_of("w>b b>a v>a x>y", {"a", "b", "x", "y"}, {"w", "v"}));
        QCOMPARE(joined(facts.unreachable), QString("x y"));
        QCOMPARE(joined(facts.order), QString("w v b a x y"));
        QCOMPARE(joined(facts.single_points.at("v")), QString("a"));
    }

    void layout_of_a_chain_is_straight() {
        const auto places = lay_out(scenario_of("w>a a>b b>c", {"a", "b", "c"}));
        QCOMPARE(places.at("w").x, 0.0);
        QCOMPARE(places.at("c").x, 660.0);
        for (const auto& [id, place] : places) QCOMPARE(place.y, places.at("w").y);
    }

    void sources_stand_before_what_they_feed() {
        const auto places = lay_out(scenario_of("w>a a>b b>c v>c", {"a", "b", "c"}, {"w", "v"}));
        QCOMPARE(places.at("v").x, places.at("b").x);
        QVERIFY(!has_overlap(places));
    }

    void crossings_are_untangled() {
        // Drawn in the order of the file, a>d and b>c would cross.
        const auto places = lay_out(scenario_of("w>a w>b a>d b>c", {"a", "b", "c", "d"}));
        QCOMPARE(places.at("a").y < places.at("b").y, places.at("d").y < places.at("c").y);
    }

    void layout_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("feedback");
        for (const int count : {1, 5, 50, 300}) {
            QTest::addRow("%d", count) << count << false;
            QTest::addRow("%d with feedback", count) << count << true;
        }
    }
    void layout() {
        QFETCH(int, count);
        QFETCH(bool, feedback);
        const Scenario scenario = large(count, feedback);
        const auto places = lay_out(scenario);
        QCOMPARE(places.size(), std::size_t(count + 1));
        QVERIFY(!has_overlap(places));
        const auto again = lay_out(scenario);
        for (const auto& [id, place] : places) {
            QCOMPARE(again.at(id).x, place.x);
            QCOMPARE(again.at(id).y, place.y);
        }
        if (!feedback)
            for (const Link& link : scenario.links) QVERIFY(places.at(link.from).x < places.at(link.to).x);
    }

    void fixed_positions_are_kept() {
        Scenario scenario = scenario_of("w>a a>b b>c", {"a", "b", "c"});
        scenario.layout = {{"a", {1000, 500}}, {"b", {1220, 500}}, {"gone", {0, 0}}};
        const auto places = lay_out(scenario);
        QCOMPARE(places.size(), std::size_t(4));
        QCOMPARE(places.at("a").x, 1000.0);
        QCOMPARE(places.at("b").y, 500.0);
        QCOMPARE(places.at("c").x, 1440.0);
        QVERIFY(!has_overlap(places));
        // Even where the free place is taken.
        scenario.layout["w"] = {1440, 500};
        QVERIFY(!has_overlap(lay_out(scenario)));
    }

    void an_empty_scenario() {
        QVERIFY(lay_out(Scenario{}).empty());
        QVERIFY(examine(Scenario{}).order.empty());
    }
};

QTEST_APPLESS_MAIN(TopologyTest)
#include "topology_test.moc"
