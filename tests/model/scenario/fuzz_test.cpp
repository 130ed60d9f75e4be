#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "model/units/unit.h"

#include <QTest>
#include <fstream>
#include <random>

using namespace headroom::model;
namespace fs = std::filesystem;

/// Mutated inputs, the same on every run: nothing crashes, nothing is thrown, and whoever gets no result is
/// told why.
class FuzzTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void readsAnything_data();
    void readsAnything();
    void editsAnything();
    void parsesAnyQuantity();
    void survivesHostileShapes();

private:
    const Catalog catalog_ = Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();
    std::vector<std::string> corpus_;
};

namespace {

const fs::path folder = HEADROOM_SOURCE_DIR "/scenarios";

constexpr const char* fragments[] = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "#",
    " #",
    "'",
    "\"",
    "|",
    ">",
    "|2\n",
    ">-\n",
    "&a ",
    "*a",
    "!!str ",
    "!<x> ",
    "? ",
    ",",
    "null",
    "~",
    "<<: *a",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\t",
    "\r\n",
    "1e999",
    "-1",
    "99999999999999999999",
    "1,000",
    "$",
    " %",
    "\xC2\xB5s",
    "\xE2\x88\x9E",
    "\xFF",
    "\x04",
    "extends: 01-single-queue.yaml\n",
    "technology: queue",
    "speeds: [1, 1.5, ",
    "when-full: block, capacity: 2",
    "when-full: retry, retry-after: ",
    "patience: {exponential: 1 s}, batch: 3",
    "mmpp: {a: {rate: 1/s, stay: 1 s}, b: ",
    "bulk: {1: 0.5, 2: ",
    "trace: {file: data/clicks.jsonl, gaps: ",
    "interarrival: {gamma: {cv: ",
    "{empirical: [1 s, ",
    "timeout: 1 s, retries: {attempts: 2, ",
    "regions: {r: {components: [server], capacity: ",
    "routing: {server: 1}",
    "-> ",
    "[a, ",
    "{exponential: ",
    "{scv: 0, mean: ",
    "p99 <= ",
    "0x7fffffff",
    "1e-320",
    "day 0",
    "rest",
    "technology: fork, copies: 3",
    "technology: join, wait-for: any, cancel: true",
    "hedge-after: 5 ms",
    "routing: least-loaded",
    "routing: {dashboards: {lake: 0.5}}",
    "switching: {clicks: {dashboards: 1}}",
    "technology: limiter, rate: 5/s, burst: 9, over-limit: lake",
    "technology: cache, keys: 9, capacity: 3, skew: 0, misses: lake, life: 1 s",
    "technology: batch-pool, tasks: 9, task-time: 1 s, node-life: 1 s"};

std::string mutated(const std::vector<std::string>& corpus, std::mt19937_64& random) {
    // Not std::uniform_int_distribution, whose numbers differ between libraries.
    const auto below = [&](std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random() % n); };
    std::string text = corpus[below(corpus.size())];
    for (std::size_t count = 1 + below(6); count > 0; --count) {
        const std::size_t at = below(text.size() + 1);
        switch (below(8)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
            case 1:
                text.resize(at);
                break;
            case 2:
                text.erase(at, 1 + below(30));
                break;
            case 3: {
                const std::string& other = corpus[below(corpus.size())];
                text.insert(at, other.substr(below(other.size()), below(80)));
                break;
            }
            case 4:
                text.insert(at, std::string(1 + below(100), "[{- >|&*\"'\n "[below(12)]));
                break;
            case 5: {
                const std::size_t digit = text.find_first_of("0123456789", at);
                if (digit != std::string::npos) text.insert(digit, std::string(1 + below(40), '9'));
                break;
            }
            default:
                text.insert(at, fragments[below(std::size(fragments))]);
                break;
        }
    }
    return text;
}

}  // namespace

void FuzzTest::initTestCase() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) corpus_.push_back(Document::load(file).value().text());
    QVERIFY(corpus_.size() >= 3);
}

void FuzzTest::readsAnything_data() {
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 4; ++seed) QTest::addRow("seed %d", seed) << seed;
}

void FuzzTest::readsAnything() {
    QFETCH(int, seed);
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    int sound = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::string text = mutated(corpus_, random);
        const auto tree = parse_yaml(text, "f.yaml");
        QVERIFY2(tree || has_errors(tree.error()), text.c_str());
        const Reading reading = read_scenario(Document(text, folder / "f.yaml"), catalog_);
        QVERIFY2(reading.scenario.has_value() != has_errors(reading.problems), text.c_str());
        if (reading.scenario) ++sound;
        for (const Problem& problem : reading.problems) {
            QVERIFY2(!problem.message.empty() && problem.sentence().find('\n') == std::string::npos,
                     text.c_str());
            QVERIFY2(problem.message.size() < 1000, problem.message.c_str());
        }
    }
    QVERIFY(sound > 10 && sound < 900);
}

/// An edit of anything gives a text that reads, or says that it cannot.
void FuzzTest::editsAnything() {
    std::mt19937_64 random(77);
    for (int i = 0; i < 500; ++i) {
        const Document document(mutated(corpus_, random), folder / "f.yaml");
        for (const auto& edited :
             {document.with({"components", "server", "servers"}, "3"), document.with({"a", "b"}, "{c: d}"),
              document.without({"workloads"}), document.with_item({"links"}, "x -> y"),
              document.with_key_renamed({"components", "brokers"}, "log")})
            QVERIFY(edited ? parse_yaml(edited->text(), "").has_value() : has_errors(edited.error()));
    }
}

void FuzzTest::parsesAnyQuantity() {
    const std::vector<std::string> quantities{
        "25 Gbps",   "10M events/s", "$23/TB-month",         "4,2 ms",   "$1,234.50/month",
        "40 %/year", "2.5x",         "$0.005/1000 requests", "1e-3 KiB", "3 \u00b5s"};
    std::mt19937_64 random(5);
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = mutated(quantities, random);
        const auto parsed = parse_quantity(text);
        if (!parsed) {
            QVERIFY2(!parsed.error().empty() && parsed.error().size() < 300, text.c_str());
            continue;
        }
        QVERIFY2(std::isfinite(parsed->value), text.c_str());
        QVERIFY(!format_quantity(parsed->value, parsed->dimension).empty());
        QVERIFY(!parse_quantity(text, dimensions::money_rate) || parsed->dimension == dimensions::money_rate);
    }
}

void FuzzTest::survivesHostileShapes() {
    const std::string deep(200'000, '[');
    std::string dashes, nested, keys = "{", wide = "a: [";
    for (int i = 0; i < 50'000; ++i) {
        dashes += "- ";
        wide += "1, ";
        keys += "k" + std::to_string(i) + ": {x: 1}, ";
    }
    for (int i = 0; i < 200; ++i) nested += std::string(static_cast<std::size_t>(i), ' ') + "k:\n";
    for (const std::string& text :
         {deep, dashes, nested, keys + "}", wide + "]", std::string(100'000, '?') + " a",
          std::string(100'000, '&'), std::string(1'000'000, ' '), std::string(1'000'000, '\n'),
          "a: " + std::string(1'000'000, 'x'), "a: \"" + std::string(1'000'000, '\\'),
          "a: 1e" + std::string(10'000, '9'), std::string(100'000, '#')}) {
        const Reading reading = read_scenario(Document(text, "f.yaml"), catalog_);
        QVERIFY(!reading.scenario && has_errors(reading.problems));
    }
}

QTEST_APPLESS_MAIN(FuzzTest)
#include "fuzz_test.moc"
