#include "model/scenario/value.h"

#include <QTest>

using namespace headroom::model;

class ParseYamlTest : public QObject {
    Q_OBJECT

private slots:
    void givesPlacesAndRanges();
    void findsEnds_data();
    void findsEnds();
    void expandsAliases();
    void readsJson();
    void tellsNullFromText();
    void keepsPlacesBehindAByteOrderMark();
    void refuses_data();
    void refuses();
    void limitsAliasBombs();
    void staysLinearOnOneLongLine();
};

namespace {

std::string slice(const std::string& text, const Value& value) {
    return text.substr(value.begin, value.end - value.begin);
}

}  // namespace

void ParseYamlTest::givesPlacesAndRanges() {
    const std::string text = "# head\na: 1\nb:\n  - x  # why\n  - {\u00e9: [p, q]}\n";
    const auto tree = parse_yaml(text, "f.yaml");
    QVERIFY(tree.has_value());
    const Value* b = tree->find("b");
    QVERIFY(b != nullptr && b->is_sequence());
    QVERIFY(b->place == (Place{"f.yaml", 4, 3}));
    QCOMPARE(slice(text, b->items[0]), std::string("x"));
    const Value* list = b->items[1].find("\u00e9");
    QVERIFY(list != nullptr);
    QCOMPARE(slice(text, *list), std::string("[p, q]"));
    QVERIFY(list->items[1].place == (Place{"f.yaml", 5, 13}));  // columns count characters
    QVERIFY(tree->entries[0].key_place == (Place{"f.yaml", 2, 1}));
}

void ParseYamlTest::findsEnds_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("slice");
    const auto row = [](const char* name, const char* text, const char* slice) {
        QTest::newRow(name) << QString(text) << QString(slice);
    };
    row("plain", "k: abc  # c\n", "abc");
    row("plain over lines", "k: abc\n  def # c\n", "abc\n  def");
    row("double quotes", "k: \"a\\\"b # no\" # c\n", "\"a\\\"b # no\"");
    row("single quotes", "k: 'it''s' # c\n", "'it''s'");
    row("literal", "k: |\n  a\n\n  b\n\nl: 1\n", "|\n  a\n\n  b");
    row("folded with digit", "k: >2\n   a\n  b\nl: 1\n", ">2\n   a\n  b");
    row("empty literal", "k: |\nl: 1\n", "|");
    row("flow list", "k: [a, [b], {c: d},] # c\n", "[a, [b], {c: d},]");
    row("flow list over lines", "k: [a, # x ]\n  b\n  ]\nl: 1\n", "[a, # x ]\n  b\n  ]");
    row("block list", "k:\n- a\n- b # c\nl: 1\n", "- a\n- b");
    row("block mapping", "k:\n  a: 1\n  b:\n    c: 2\n\nl: 1\n", "a: 1\n  b:\n    c: 2");
    row("nothing", "k:\nl: 1\n", "");
    row("nothing with comment", "k: # c\nl: 1\n", "");
    row("null", "k: null\nl: 1\n", "null");
    row("tilde", "k: ~ # c\n", "~");
    row("anchor", "k: &x abc\n", "&x abc");
    row("tag", "k: !!str 12\n", "!!str 12");
    row("windows lines", "k: abc\r\nl: 1\r\n", "abc");
    row("last without line end", "k: abc", "abc");
    row("value beside key named null", "k:\nnull: 1\n", "");
    row("quoted key", "\"k\": v\n", "v");
}

void ParseYamlTest::findsEnds() {
    QFETCH(QString, text);
    QFETCH(QString, slice);
    const std::string bytes = text.toStdString();
    const auto tree = parse_yaml(bytes, "");
    QVERIFY2(tree, tree ? "" : tree.error().front().sentence().c_str());
    const Value* value = tree->find("k");
    QVERIFY(value != nullptr);
    QCOMPARE(QString::fromStdString(::slice(bytes, *value)), slice);
}

void ParseYamlTest::expandsAliases() {
    const std::string text = "a: &x {p: 1}\nb: *x\nc: [*x, *x]\n";
    const auto tree = parse_yaml(text, "");
    QVERIFY(tree.has_value());
    QCOMPARE(tree->find("b")->find("p")->text, std::string("1"));
    QCOMPARE(slice(text, *tree->find("b")), std::string("*x"));
    QCOMPARE(tree->find("c")->items[1].find("p")->text, std::string("1"));
    QCOMPARE(slice(text, *tree->find("c")), std::string("[*x, *x]"));
}

void ParseYamlTest::readsJson() {
    const auto tree = parse_yaml(R"({"a": [1, true, null, "x\n"], "b": {}})", "");
    QVERIFY(tree.has_value());
    QCOMPARE(tree->find("a")->items.size(), std::size_t(4));
    QVERIFY(tree->find("a")->items[2].is_null());
    QCOMPARE(tree->find("a")->items[3].text, std::string("x\n"));
    QVERIFY(tree->find("b")->is_mapping());
}

void ParseYamlTest::tellsNullFromText() {
    const auto tree = parse_yaml("a: null\nb: 'null'\nc: ~\nd:\ne: nullable\n", "");
    QVERIFY(tree.has_value());
    QVERIFY(tree->find("a")->is_null());
    QVERIFY(tree->find("b")->is_scalar() && tree->find("b")->quoted);
    QVERIFY(tree->find("c")->is_null());
    QVERIFY(tree->find("d")->is_null());
    QVERIFY(tree->find("e")->is_scalar());
}

void ParseYamlTest::keepsPlacesBehindAByteOrderMark() {
    const std::string text =
        "\xEF\xBB\xBF"
        "a: b\n";
    const auto tree = parse_yaml(text, "");
    QVERIFY(tree.has_value());
    QCOMPARE(slice(text, *tree->find("a")), std::string("b"));
    QVERIFY(tree->find("a")->place == (Place{"", 1, 4}));
}

void ParseYamlTest::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const QByteArray& text, const char* sentence) {
        QTest::newRow(name) << text << QString(sentence);
    };
    row("empty", "", "f: the file is empty");
    row("comments only", "# nothing\n\n", "f: the file is empty");
    row("marker only", "---\n", "f: the file is empty");
    row("binary", QByteArray("a: \0b", 5), "f:1:4: the file holds binary data, not text");
    row("control",
        "a: \x04"
        "b",
        "f:1:4: the file holds binary data, not text");
    row("latin 1", "a: caf\xE9\n", "f:1:7: the file is not UTF-8 text from here on");
    row("overlong", "a: \xC0\xAF", "f:1:4: the file is not UTF-8 text from here on");
    row("cut character", "a: \xE2\x82", "f:1:4: the file is not UTF-8 text from here on");
    row("utf-16",
        QByteArray("\xFF\xFE"
                   "a\0",
                   4),
        "f:1:1: the file is UTF-16 text; save it as UTF-8");
    row("duplicate", "a: 1\nb: 2\na: 3\n",
        "f:3:1: 'a' stands here a second time; the first is in line 1, column 1");
    row("duplicate in flow", "x: {a: 1, a: 2}\n",
        "f:1:11: 'a' stands here a second time; the first is in line 1, column 5");
    row("two documents", "a: 1\n---\nb: 2\n", "f:2:1: a second document begins here; a file holds one");
    row("list as key", "[a, b]: 1\n", "f:1:1: a list or a mapping stands where a key is expected");
    row("no key", ": 1\n", "f:1:1: a key is missing in front of the colon");
}

void ParseYamlTest::refuses() {
    QFETCH(QByteArray, text);
    QFETCH(QString, sentence);
    const auto tree = parse_yaml(text.toStdString(), "f");
    QVERIFY(!tree);
    QCOMPARE(tree.error().size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(tree.error().front().sentence()), sentence);
}

void ParseYamlTest::limitsAliasBombs() {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int k = 0; k < 9; ++k) text += ", " + last;
        text += "]\n";
    }
    const auto tree = parse_yaml(text, "f");
    QVERIFY(!tree);
    QVERIFY(QString::fromStdString(tree.error().front().message).contains("more than 500000 values"));
    QVERIFY(!parse_yaml("a: &x [*x]\n", "f"));
    QVERIFY(!parse_yaml("a: *nowhere\n", "f"));
    QVERIFY(!parse_yaml(std::string(100'000, '['), "f"));
    std::string dashes;
    for (int i = 0; i < 10'000; ++i) dashes += "- ";
    QVERIFY(!parse_yaml(dashes, "f"));
    QVERIFY(!parse_yaml("a: 1", "f", {.bytes = 2}));
}

void ParseYamlTest::staysLinearOnOneLongLine() {
    std::string text = "[";
    for (int i = 0; i < 100'000; ++i) text += "a,";
    const auto tree = parse_yaml(text + "]", "f");
    QVERIFY(tree.has_value());
    QCOMPARE(tree->items.back().place.column, 200'000);
}

QTEST_APPLESS_MAIN(ParseYamlTest)
#include "parse_yaml_test.moc"
