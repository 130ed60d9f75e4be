// What exists, what it is called and what leads where, edited in the text.

#include "model/scenario/topology_edit.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace headroom::model;

namespace {

const char* const base = R"(headroom: 1
name: Small      # kept
workloads:
  clicks: {stream: {rate: 10/s}}
  asks: {requests: {rate: 1/s}}
components:
  # the way in
  door: {technology: queue, service: {clicks: 1 ms, asks: 2 ms}, routing: {shop: 0.5}}
  shop: {technology: queue, service: 1 ms}
  till: {technology: queue, service: 1 ms}
links:
  - clicks -> door -> shop -> till
  - "asks -> [door, shop]"
objectives:
  - response time of clicks: p95 <= 1 s
  - utilisation of shop: <= 80 %
layout: {door: [0, 40]}
groups: {Shop floor: [shop, till]}
)";

const Catalog& catalog() {
    static const Catalog loaded = *Catalog::load(*find_resources());
    return loaded;
}

std::string links_of(const Document& document) {
    const Reading reading = read_scenario(document, catalog());
    std::string text;
    for (const Link& link : (reading.scenario ? reading.scenario : reading.draft)->links)
        text += link.from + ">" + link.to + " ";
    return text;
}

}  // namespace

class TopologyEditTest : public QObject {
    Q_OBJECT

private slots:
    void unlinks_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("left");
        QTest::newRow("middle of a chain") << "door"
                                           << "shop"
                                           << "clicks>door asks>door asks>shop shop>till ";
        QTest::newRow("start") << "clicks"
                               << "door"
                               << "door>shop shop>till asks>door asks>shop ";
        QTest::newRow("end") << "shop"
                             << "till"
                             << "clicks>door door>shop asks>door asks>shop ";
        QTest::newRow("of a group") << "asks"
                                    << "shop"
                                    << "clicks>door door>shop shop>till asks>door ";
    }
    void unlinks() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const auto after = without_link(Document(base), from.toStdString(), to.toStdString());
        QVERIFY(after);
        QTEST(QString::fromStdString(links_of(*after)), "left");
        QVERIFY(after->text().find("# kept") != std::string::npos);
    }

    void unlinks_within_groups_without_touching_the_others() {
        const Document document(
            "headroom: 1\nworkloads: {a: {}, b: {}}\ncomponents: {c: {}, d: {}}\nlinks: [\"[a, b] -> [c, "
            "d]\"]\n");
        const auto after = without_link(document, "a", "c");
        QVERIFY(after);
        QCOMPARE(QString::fromStdString(links_of(*after)), QString("b>c b>d a>d "));
    }

    void links_extend_a_chain_that_ends_there() {
        auto after = with_link(Document(base), "till", "door");
        QVERIFY(after);
        QVERIFY(after->text().find("- clicks -> door -> shop -> till -> door\n") != std::string::npos);
        after = with_link(Document(base), "clicks", "shop");
        QVERIFY(after);
        QVERIFY(after->text().find("- clicks -> shop\n") != std::string::npos);
        QVERIFY(!with_link(Document(base), "clicks", "door"));
        QVERIFY(!with_link(Document(base), "door", "door"));
        QVERIFY(!with_link(Document(base), "door", "clicks"));
        QVERIFY(!with_link(Document(base), "door", "nothing"));
    }

    void links_where_there_were_none() {
        const auto after =
            with_link(Document("headroom: 1\nworkloads:\n  a: {}\ncomponents:\n  b: {}\n"), "a", "b");
        QVERIFY(after);
        QCOMPARE(QString::fromStdString(links_of(*after)), QString("a>b "));
    }

    void removes_with_everything_that_names_it() {
        const auto after = without_nodes(Document(base), {"shop"}, catalog());
        QVERIFY2(after, after ? "" : after.error().front().message.c_str());
        QCOMPARE(QString::fromStdString(links_of(*after)), QString("clicks>door asks>door "));
        QVERIFY(after->text().find("shop") == std::string::npos);
        QVERIFY(after->text().find("# the way in") != std::string::npos);
        const auto without_all = without_nodes(*after, {"door", "till", "clicks", "asks"}, catalog());
        QVERIFY(without_all);
        QVERIFY(links_of(*without_all).empty());
        QVERIFY(without_all->text().find("door") == std::string::npos);
    }

    void renames_wherever_it_is_named() {
        auto after = with_node_renamed(Document(base), "shop", "store", catalog());
        QVERIFY(after);
        QVERIFY(after->text().find("shop") == std::string::npos);
        QVERIFY(read_scenario(*after, catalog()).scenario);
        after = with_node_renamed(*after, "clicks", "visits", catalog());
        QVERIFY(after);
        QVERIFY(after->text().find("clicks") == std::string::npos);
        QVERIFY(read_scenario(*after, catalog()).scenario);
        after = with_node_renamed(*after, "door", "gate", catalog());
        QVERIFY(after && after->text().find("layout: {gate: [0, 40]}") != std::string::npos);
        QVERIFY(!with_node_renamed(Document(base), "shop", "door", catalog()));
        QVERIFY(!with_node_renamed(Document(base), "shop", "a b", catalog()));
    }

    void a_copy_keeps_what_lies_between() {
        const auto copied = fragment_of(Document(base), {"door", "shop", "clicks"}, {{"door", {0, 40}}});
        QVERIFY(copied);
        const auto pasted = with_fragment(Document(base), *copied, 40, 40, catalog());
        QVERIFY2(pasted, pasted ? "" : pasted.error().front().message.c_str());
        QCOMPARE(pasted->ids, (Ids{"clicks-2", "door-2", "shop-2"}));
        const Reading reading = read_scenario(pasted->document, catalog());
        QVERIFY2(reading.scenario, reading.problems.empty() ? "" : reading.problems[0].message.c_str());
        QCOMPARE(reading.scenario->links.size(), std::size_t{7});
        QCOMPARE(reading.scenario->layout.at("door-2").x, 40.0);
        const Component* door = reading.scenario->component("door-2");
        QCOMPARE(door->named_numbers("routing").front().first, std::string("shop-2"));
        QVERIFY(with_fragment(Document("headroom: 1\n"), *copied, 0, 0, catalog()));
        for (const char* wrong : {"", "[", "just text", "components: 5", "links: [a -> b]"})
            QVERIFY(!with_fragment(Document(base), wrong, 0, 0, catalog()));
    }

    void a_variant_holds_only_its_difference() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("base.yaml").toStdString();
        std::ofstream(path) << base;
        const Document variant("headroom: 1\nextends: base.yaml\n",
                               folder.filePath("variant.yaml").toStdString());
        auto after = without_nodes(variant, {"till"}, catalog());
        QVERIFY2(after, after ? "" : after.error().front().message.c_str());
        QVERIFY(after->text().find("till: null") != std::string::npos);
        QCOMPARE(QString::fromStdString(links_of(*after)),
                 QString("clicks>door door>shop asks>door asks>shop "));
        after = with_link(variant, "asks", "till");
        QVERIFY(after);
        QVERIFY(QString::fromStdString(links_of(*after)).contains("asks>till"));
        QVERIFY(!with_node_renamed(variant, "till", "desk", catalog()));
    }
};

QTEST_APPLESS_MAIN(TopologyEditTest)
#include "topology_edit_test.moc"
