#include "model/scenario/document.h"

#include "model/scenario/merge.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <sys/resource.h>
#include <unistd.h>

using namespace headroom::model;
namespace fs = std::filesystem;

class DocumentTest : public QObject {
    Q_OBJECT

private slots:
    void edits_data();
    void edits();
    void refusesEdits();
    void keepsCommentsAndTheRest_data();
    void keepsCommentsAndTheRest();
    void quotes_data();
    void quotes();
    void extends();
    void refusesToExtend();
    void saves();
    void keepsTheOldFileWhenSavingFails();
    void refusesToLoad();
};

namespace {

const std::string scenarios = HEADROOM_SOURCE_DIR "/scenarios/";

FieldPath path_of(const QString& dotted) {
    FieldPath path;
    for (const QString& step : dotted.split('/')) path.push_back(step.toStdString());
    return path;
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }
std::string read(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Comments of a text whose scalars hold no '#'.
std::multiset<std::string> comments(const std::string& text) {
    std::multiset<std::string> found;
    for (std::size_t at = 0; (at = text.find('#', at)) != std::string::npos;) {
        const std::size_t end = std::min({text.find('\n', at), text.find('\r', at), text.size()});
        found.insert(text.substr(at, end - at));
        at = end;
    }
    return found;
}

void collect(const Value& node, const FieldPath& path, std::vector<FieldPath>& paths) {
    if (!path.empty()) paths.push_back(path);
    for (const Value::Entry& entry : node.entries) {
        FieldPath next = path;
        next.push_back(entry.key);
        collect(entry.value, next, paths);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        FieldPath next = path;
        next.push_back(std::to_string(i));
        collect(node.items[i], next, paths);
    }
}

Value& at(Value& root, const FieldPath& path, std::size_t steps) {
    Value* node = &root;
    for (std::size_t i = 0; i < steps; ++i) {
        if (node->is_sequence()) {
            node = &node->items[std::stoul(path[i])];
        } else {
            node = &std::find_if(node->entries.begin(), node->entries.end(), [&](const Value::Entry& entry) {
                        return entry.key == path[i];
                    })->value;
        }
    }
    return *node;
}

std::string sentences(const Problems& problems) {
    std::string text;
    for (const Problem& problem : problems) text += problem.sentence() + "\n";
    return text;
}

const char* const awkward = R"(# top
a: 1   # one
b:     # two
  # three
  c: [x, y, {z: 1}]  # four
  d: {p: 1, q: [2, 3]}   # five
  "e f": 'it''s'   # six
  g: |
    lines
     more

  h:   # seven
  i: ~
list:
  - first   # eight
  # nine
  - k: 1
    l: 2   # ten
  - - n1
    - n2
flow: {
  u: 1,   # eleven
  v: {w: 2},
  # twelve
}
multi: plain text
  over lines   # thirteen
empty: {}
none: []
# last
)";

}  // namespace

void DocumentTest::edits_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("edit");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* name, const char* before, const char* edit, const char* path,
                        const char* value, const char* after) {
        QTest::newRow(name) << QString(before) << QString(edit) << QString(path) << QString(value)
                            << QString(after);
    };
    row("scalar", "a: 1  # c\nb: 2\n", "with", "a", "12 partitions", "a: 12 partitions  # c\nb: 2\n");
    row("in flow", "a: {b: 1, c: 2} # c\n", "with", "a/b", "7", "a: {b: 7, c: 2} # c\n");
    row("list item", "a: [1, 2]\n", "with", "a/1", "{b: c}", "a: [1, {b: c}]\n");
    row("missing value", "a: # c\nb: 1\n", "with", "a", "x", "a: x # c\nb: 1\n");
    row("null value", "a: ~ # c\n", "with", "a", "x", "a: x # c\n");
    row("block becomes flow", "a: # c\n  b: 1 # d\n  c: 2\ne: 1\n", "with", "a", "{x: 1}",
        "a: {x: 1} # c\n  # d\ne: 1\n");
    row("new key", "a:\n  b: 1 # c\n\nd: 2\n", "with", "a/x", "2", "a:\n  b: 1 # c\n  x: 2\n\nd: 2\n");
    row("new key at the end", "a:\n  b: 1", "with", "a/x", "2", "a:\n  b: 1\n  x: 2");
    row("new mappings", "a: 1\n", "with", "m/n/o", "2", "a: 1\nm:\n  n:\n    o: 2\n");
    row("new mappings in flow", "a: {b: 1}\n", "with", "a/n/o", "2", "a: {b: 1, n: {o: 2}}\n");
    row("into empty flow", "a: {}\n", "with", "a/b", "2", "a: {b: 2}\n");
    row("below missing value", "a: # c\nb: 1\n", "with", "a/x", "2", "a: # c\n  x: 2\nb: 1\n");
    row("into nothing", "# only\n", "with", "a/b", "2", "# only\na:\n  b: 2\n");
    row("into an empty text", "", "with", "a", "2", "a: 2\n");
    row("windows lines", "a:\r\n  b: 1\r\nc: 2\r\n", "with", "a/x", "3",
        "a:\r\n  b: 1\r\n  x: 3\r\nc: 2\r\n");
    row("json", "{\"a\": {\"b\": 1}}", "with", "a/c", "2", "{\"a\": {\"b\": 1, c: 2}}");
    row("literal", "a: |\n  x\n  y\nb: 1\n", "with", "a", "z", "a: z\nb: 1\n");
    row("item in block", "l:\n  - a # c\n  - b # d\nm: 1\n", "item", "l", "x -> y",
        "l:\n  - a # c\n  - b # d\n  - x -> y\nm: 1\n");
    row("item in unindented block", "l:\n- a\nm: 1\n", "item", "l", "b", "l:\n- a\n- b\nm: 1\n");
    row("item in flow", "l: [a, b]\n", "item", "l", "c", "l: [a, b, c]\n");
    row("first item in flow", "l: []\n", "item", "l", "c", "l: [c]\n");
    row("item of a new list", "a: 1\n", "item", "l", "x: y", "a: 1\nl:\n  - x: y\n");
    row("item below nothing", "l:\nm: 1\n", "item", "l", "x", "l:\n  - x\nm: 1\n");
    row("remove", "a: 1\nb: 2 # c\nd: 3\n", "without", "b", "", "a: 1\n# c\nd: 3\n");
    row("remove block", "a:\n  b: 1\n  c: 2\nd: 3\n", "without", "a", "", "d: 3\n");
    row("remove last", "a: 1\nb: 2", "without", "b", "", "a: 1\n");
    row("remove only", "x: 1\na:\n  b: 1\n", "without", "a/b", "", "x: 1\na: {}\n");
    row("remove only of all", "# c\na: 1 # d\n", "without", "a", "", "# c\n{} # d\n");
    row("remove first in flow", "a: {b: 1, c: 2}\n", "without", "a/b", "", "a: {c: 2}\n");
    row("remove last in flow", "a: {b: 1, c: 2}\n", "without", "a/c", "", "a: {b: 1}\n");
    row("remove only in flow", "a: {b: 1}\n", "without", "a/b", "", "a: {}\n");
    row("remove item", "l:\n  - a\n  - b\n", "without", "l/0", "", "l:\n  - b\n");
    row("remove item in flow", "l: [a, b, c]\n", "without", "l/1", "", "l: [a, c]\n");
    row("remove first key of item", "l:\n  - a: 1\n    b: 2\n", "without", "l/0/a", "", "l:\n  - b: 2\n");
    row("rename", "a:\n  b: 1 # c\n", "rename", "a/b", "x", "a:\n  x: 1 # c\n");
    row("rename quoted", "{\"a\": 1}\n", "rename", "a", "b: c", "{\"b: c\": 1}\n");
}

void DocumentTest::edits() {
    QFETCH(QString, before);
    QFETCH(QString, edit);
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(QString, after);
    const Document document(before.toStdString(), "f.yaml");
    const FieldPath where = path_of(path);
    const std::string what = value.toStdString();
    const auto edited = edit == "with"      ? document.with(where, what)
                        : edit == "item"    ? document.with_item(where, what)
                        : edit == "without" ? document.without(where)
                                            : document.with_key_renamed(where, what);
    QVERIFY2(edited, edited ? "" : sentences(edited.error()).c_str());
    QCOMPARE(QString::fromStdString(edited->text()), after);
}

void DocumentTest::refusesEdits() {
    const Document document("a: {b: 1}\nl: [x]\nc: &x {d: 1}\ne: *x\n", "f.yaml");
    const auto message = [](const Expected<Document>& edited) {
        return edited ? QString("edited") : QString::fromStdString(edited.error().front().sentence());
    };
    QCOMPARE(message(document.with({"a", "b", "c"}, "1")), QString("f.yaml:1:8: a.b: this has no field 'c'"));
    QCOMPARE(message(document.with({"l", "3"}, "1")), QString("f.yaml:2:4: l: this has no field '3'"));
    QCOMPARE(message(document.with({"a"}, "1, 2")), QString("a: '1, 2' is not one value; put it in quotes"));
    QVERIFY(message(document.with({"a"}, "[1")).startsWith("a: '[1' cannot be read: "));
    QVERIFY(message(document.with({"a"}, "1 # c")).startsWith("f.yaml: a: this part") ||
            document.with({"a"}, "1 # c").has_value());
    QCOMPARE(message(document.with({"e", "d"}, "2")),
             QString("f.yaml:3:11: e.d: this is an alias of another value; edit the text"));
    QCOMPARE(message(document.without({"z"})), QString("f.yaml:1:1: z: there is no such field"));
    QCOMPARE(message(document.with_item({"a"}, "1")), QString("f.yaml:1:4: a: this is not a list"));
    QCOMPARE(message(document.with_key_renamed({"a"}, "l")),
             QString("f.yaml:2:4: a: there is a 'l' already"));
    QVERIFY(!Document("a: [", "f").with({"a"}, "1"));
    QVERIFY(!document.with({}, "1"));
}

void DocumentTest::keepsCommentsAndTheRest_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("awkward") << QString(awkward);
    QTest::newRow("awkward with windows lines") << QString(awkward).replace("\n", "\r\n");
    for (const char* name : {"01-single-queue.yaml", "02-feedback.yaml", "03-click-analytics.yaml"})
        QTest::newRow(name) << QString::fromStdString(read(scenarios + name));
}

/// For every node: after an edit the tree differs there alone, and every comment is still there.
void DocumentTest::keepsCommentsAndTheRest() {
    QFETCH(QString, text);
    const Document document(text.toStdString(), "f.yaml");
    const Value tree = parse_yaml(document.text(), "f.yaml").value();
    std::vector<FieldPath> paths;
    collect(tree, {}, paths);
    QVERIFY(paths.size() > 10);
    const Value replacement = parse_yaml("{new: [1, two]}", "").value();
    int refused = 0;
    const auto check = [&](const Expected<Document>& edited, const Value& expected, const FieldPath& path) {
        if (!edited) {
            ++refused;
            return true;
        }
        const auto now = parse_yaml(edited->text(), "f.yaml");
        const auto before = comments(document.text()), after = comments(edited->text());
        const bool good = now && same_content(*now, expected) && before == after;
        if (!good) qWarning("%s\n%s", path.back().c_str(), edited->text().c_str());
        return good;
    };
    for (const FieldPath& path : paths) {
        Value expected = tree;
        at(expected, path, path.size()) = replacement;
        QVERIFY(check(document.with(path, "{new: [1, two]}"), expected, path));

        expected = tree;
        Value& parent = at(expected, path, path.size() - 1);
        if (parent.is_sequence()) {
            parent.items.erase(parent.items.begin() + std::stol(path.back()));
        } else {
            std::erase_if(parent.entries,
                          [&](const Value::Entry& entry) { return entry.key == path.back(); });
        }
        QVERIFY(check(document.without(path), expected, path));

        expected = tree;
        Value& node = at(expected, path, path.size());
        if (node.is_mapping()) {
            Value::Entry& entry = node.entries.emplace_back();
            entry.key = "fresh";
            entry.value = replacement;
            FieldPath fresh = path;
            fresh.push_back("fresh");
            QVERIFY(check(document.with(fresh, "{new: [1, two]}"), expected, path));
        } else if (node.is_sequence()) {
            node.items.push_back(replacement);
            QVERIFY(check(document.with_item(path, "{new: [1, two]}"), expected, path));
        }
        expected = tree;
        Value& owner = at(expected, path, path.size() - 1);
        if (owner.is_mapping()) {
            for (Value::Entry& entry : owner.entries)
                if (entry.key == path.back()) entry.key = "renamed key";
            QVERIFY(check(document.with_key_renamed(path, "renamed key"), expected, path));
        }
    }
    // What cannot be edited says so; that must stay the exception.
    QVERIFY2(refused * 20 <= static_cast<int>(paths.size()), std::to_string(refused).c_str());
}

void DocumentTest::quotes_data() {
    QTest::addColumn<QString>("quoted");
    const auto row = [](const char* text, const char* quoted) { QTest::newRow(text) << QString(quoted); };
    row("kafka", "kafka");
    row("3 x m5.large", "3 x m5.large");
    row("$23/TB-month", "$23/TB-month");
    row("-3 d", "-3 d");
    row("20:00", "\"20:00\"");
    row("", "\"\"");
    row("null", "\"null\"");
    row("true", "\"true\"");
    row("a, b", "\"a, b\"");
    row("a # b", "\"a # b\"");
    row("- x", "\"- x\"");
    row("say \"hi\"", "\"say \\\"hi\\\"\"");
    row("a\nb\t\x01", "\"a\\nb\\t\\x01\"");
    row(" a", "\" a\"");
    row("\u00e9t\u00e9", "\u00e9t\u00e9");
    row("<= 5 s", "<= 5 s");
    row("clicks -> brokers", "clicks -> brokers");
}

void DocumentTest::quotes() {
    QFETCH(QString, quoted);
    const std::string text = QTest::currentDataTag();
    QCOMPARE(QString::fromStdString(quote_scalar(text)), quoted);
    const auto tree = parse_yaml("{k: [" + quote_scalar(text) + "]}", "");
    QVERIFY(tree && tree->find("k")->items.size() == 1);
    QCOMPARE(tree->find("k")->items[0].text, text);
    QVERIFY(tree->find("k")->items[0].is_scalar());
}

void DocumentTest::extends() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    fs::create_directory(root / "base");
    write(root / "base/a.yaml", "x: 1\nm: {p: 1, q: 2, r: 3}\nl: [1, 2]\ns: {exponential: 5 ms}\n");
    write(root / "b.yaml",
          "extends: base/a.yaml\nm: {q: 5, r: null, t: 6}\nl: [3]\ns: {lognormal: {mean: 1 s, cv: 2}}\n");
    write(root / "c.yaml", "extends: b.yaml\nx: 9\n");
    const auto tree = Document::load(root / "c.yaml").value().tree();
    QVERIFY2(tree, tree ? "" : sentences(tree.error()).c_str());
    QCOMPARE(tree->find("x")->text, std::string("9"));
    const Value* m = tree->find("m");
    QCOMPARE(to_flow(*m), std::string("{p: 1, q: 5, t: 6}"));
    QCOMPARE(m->find("p")->place.file, (root / "base/a.yaml").string());
    QCOMPARE(m->find("p")->place.line, 2);
    QCOMPARE(m->find("q")->place.file, (root / "b.yaml").string());
    QCOMPARE(tree->find("x")->place.file, (root / "c.yaml").string());
    QCOMPARE(to_flow(*tree->find("l")), std::string("[3]"));
    QCOMPARE(to_flow(*tree->find("s")), std::string("{lognormal: {mean: 1 s, cv: 2}}"));
}

void DocumentTest::refusesToExtend() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    write(root / "a.yaml", "extends: b.yaml\n");
    write(root / "b.yaml", "x: 1\nextends: a.yaml\n");
    write(root / "self.yaml", "extends: ./self.yaml\n");
    write(root / "lost.yaml", "extends: nowhere.yaml\n");
    write(root / "list.yaml", "extends: [a]\n");
    write(root / "folder.yaml", "extends: .\n");
    write(root / "bad.yaml", "x: [\n");
    write(root / "onbad.yaml", "extends: bad.yaml\n");
    const auto sentence = [&](const char* name) {
        const auto tree = Document::load(root / name).value().tree();
        return tree ? QString("read")
                    : QString::fromStdString(tree.error().front().sentence()).remove(folder.path() + "/");
    };
    QCOMPARE(sentence("a.yaml"), QString("b.yaml:2:10: extends: 'a.yaml' extends this file in turn"));
    QCOMPARE(sentence("self.yaml"),
             QString("self.yaml:1:10: extends: './self.yaml' extends this file in turn"));
    QCOMPARE(sentence("lost.yaml"), QString("lost.yaml:1:10: extends: there is no file 'nowhere.yaml'"));
    QCOMPARE(sentence("list.yaml"),
             QString("list.yaml:1:10: extends: the name of another scenario file is expected"));
    QVERIFY(sentence("folder.yaml").startsWith("folder.yaml:1:10: extends: there is no file"));
    QVERIFY(sentence("onbad.yaml").startsWith("bad.yaml:2:1: this is not well-formed YAML"));
}

void DocumentTest::saves() {
    QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "a.yaml";
    Document document("a: 1\n");
    QVERIFY(document.save(file).has_value());
    QCOMPARE(read(file), std::string("a: 1\n"));
    QCOMPARE(document.file(), file);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    const fs::path link = file.parent_path() / "link.yaml";
    fs::create_symlink("a.yaml", link);
    QVERIFY(Document("b: 2\n").save(link).has_value());
    QVERIFY(fs::is_symlink(link));
    QCOMPARE(read(file), std::string("b: 2\n"));
    QVERIFY(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    QCOMPARE(std::distance(fs::directory_iterator(file.parent_path()), {}), 2);
}

void DocumentTest::keepsTheOldFileWhenSavingFails() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    const auto sentence = [&](const Expected<void>& saved) {
        return saved ? QString("saved")
                     : QString::fromStdString(saved.error().front().sentence()).remove(folder.path() + "/");
    };
    QCOMPARE(sentence(Document("a: 1").save(root / "none/a.yaml")),
             QString("none/a.yaml: there is no folder '%1' to write to").arg("none"));
    QVERIFY(sentence(Document("a: 1").save(root)).contains("this is a folder; name a file"));
    write(root / "a.yaml", "old: 1\n");
    // A limit on the size of files stands in for a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = before;
    small.rlim_cur = 16;
    setrlimit(RLIMIT_FSIZE, &small);
    const auto saved = Document("new: " + std::string(1000, 'x')).save(root / "a.yaml");
    setrlimit(RLIMIT_FSIZE, &before);
    QCOMPARE(sentence(saved), QString("a.yaml: the file cannot be written: file too large"));
    QCOMPARE(read(root / "a.yaml"), std::string("old: 1\n"));
    QCOMPARE(std::distance(fs::directory_iterator(root), {}), 1);
    if (geteuid() == 0) return;  // the superuser may write everywhere
    fs::permissions(root, fs::perms::owner_read | fs::perms::owner_exec);
    QCOMPARE(sentence(Document("a: 1").save(root / "a.yaml")),
             QString("a.yaml: the file cannot be written: permission denied"));
    fs::permissions(root, fs::perms::owner_all);
    QCOMPARE(read(root / "a.yaml"), std::string("old: 1\n"));
}

void DocumentTest::refusesToLoad() {
    const auto sentence = [](const fs::path& file) {
        const auto document = Document::load(file);
        return document ? QString("loaded") : QString::fromStdString(document.error().front().sentence());
    };
    QCOMPARE(sentence("/nowhere/x.yaml"), QString("/nowhere/x.yaml: there is no such file"));
    QCOMPARE(sentence("/tmp"), QString("/tmp: this is a folder, not a file"));
    QCOMPARE(sentence("/dev/zero"), QString("/dev/zero: this is not a regular file"));
    QTemporaryDir folder;
    const fs::path large = fs::path(folder.path().toStdString()) / "large.yaml";
    write(large, "");
    fs::resize_file(large, 17u << 20);
    QVERIFY(sentence(large).endsWith("the file has 17825792 bytes; at most 16777216 are read"));
}

QTEST_APPLESS_MAIN(DocumentTest)
#include "document_test.moc"
