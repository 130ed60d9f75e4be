#include "model/catalog/catalog.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

using namespace headroom::model;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

const Catalog& shipped() {
    static const Expected<Catalog> catalog = Catalog::load(fs::path(HEADROOM_SOURCE_DIR) / "resources");
    if (!catalog)
        for (const Problem& problem : catalog.error()) qWarning("%s", problem.sentence().c_str());
    return catalog.value();
}

constexpr const char* good_book = R"(id: test
title: Test
sources:
  list: {text: a price list, as-of: 2026, status: S}
prices:
  node: {price: 0.5, per: h, source: list}
)";

}  // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void shipped_catalogue_loads() {
        QCOMPARE(shipped().technologies().size(), std::size_t{6});
        QVERIFY(shipped().instances().size() > 75);
        const InstanceType* type = shipped().instance("m5.large");
        QVERIFY(type != nullptr);
        QCOMPARE(type->vcpus, 2.0);
        QCOMPARE(type->memory.value(), 8.0 * 1024 * 1024 * 1024);
        QCOMPARE(type->network.value(), 0.75e9 / 8);
        QCOMPARE(type->disk.value(), 81.25e6);
        QCOMPARE(type->provenance.status, 'S');
        QVERIFY(
            QByteArray(shipped().instance("c6a.4xlarge")->disk_provenance.source.c_str()).contains("bursts"));
        QCOMPARE(shipped().instance("ra3.xlplus")->disk_provenance.status, 'M');
        QCOMPARE(shipped().instance("i3en.2xlarge")->local_disk.value(), 5e12);
        QVERIFY(shipped().instance("m5.huge") == nullptr);
    }

    void every_figure_has_a_source_and_a_date() {
        auto stated = [](const Provenance& provenance) {
            return !provenance.source.empty() && !provenance.as_of.empty();
        };
        for (const auto& [id, type] : shipped().instances())
            QVERIFY2(stated(type.provenance) && stated(type.disk_provenance), id.c_str());
        for (const auto& [id, technology] : shipped().technologies())
            for (const auto& [name, figure] : technology.defaults)
                QVERIFY2(stated(figure.provenance), (id + "." + name).c_str());
        for (const auto& [id, book] : shipped().price_books())
            for (const auto& [name, price] : book.prices) {
                QVERIFY2(stated(price.provenance), name.c_str());
                QVERIFY2(!price.steps.empty() && price.unit_size > 0, name.c_str());
            }
    }

    void every_instance_type_has_a_price() {
        const PriceBook* book = shipped().price_book("aws-us-east-1-2026");
        QVERIFY(book != nullptr);
        for (const auto& [id, type] : shipped().instances()) {
            const std::string service = id.starts_with("ra3.") ? "redshift." : "ec2.";
            QVERIFY2(book->find(service + id + ".on-demand") != nullptr, id.c_str());
        }
        QCOMPARE(book->find("ec2.m5.large.on-demand")->unit_size, 3600.0);
        QCOMPARE(book->find("s3.standard.storage")->unit_size, 1e9 * 730 * 3600);
        QCOMPARE(book->find("s3.standard.put")->unit_size, 1000.0);
        // Its later steps are unsourced, so the price as a whole is.
        QCOMPARE(book->find("s3.standard.storage")->provenance.status, 'M');
    }

    void nearest_names_data() {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("nearest");
        QTest::newRow("swapped letters") << "kakfa"
                                         << "kafka";
        QTest::newRow("one wrong") << "m5.larg"
                                   << "m5.large";
        QTest::newRow("one more") << "flinkk"
                                  << "flink";
        QTest::newRow("nothing like it") << "oracle"
                                         << "";
        QTest::newRow("empty") << ""
                               << "";
        QTest::newRow("absurdly long") << QString(100'000, 'k') << "";
    }
    void nearest_names() {
        QFETCH(QString, wanted);
        QFETCH(QString, nearest);
        QCOMPARE(QString::fromStdString(nearest_name(wanted.toStdString(), {"kafka", "flink", "m5.large"})),
                 nearest);
    }

    void bad_price_files_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part_of_sentence");
        QTest::newRow("empty") << QByteArray() << QByteArray("book.yaml");
        QTest::newRow("binary") << QByteArray("\x00\xff\xfe\x01\x80", 5) << QByteArray("book.yaml");
        QTest::newRow("a list") << QByteArray("- 1\n- 2\n") << QByteArray("a list stands here");
        QTest::newRow("no prices") << QByteArray("id: a\ntitle: b\n") << QByteArray("'prices' is missing");
        const QByteArray head = "id: a\ntitle: b\nsources: {s: {text: t, as-of: 2026, status: S}}\nprices:\n";
        QTest::newRow("unknown key") << head + "  n: {price: 1, per: h, source: s, sauce: s}\n"
                                     << QByteArray("5:");
        QTest::newRow("misspelt key") << head + "  n: {prise: 1, per: h, source: s}\n"
                                      << QByteArray("did you mean 'price'?");
        QTest::newRow("unknown source") << head + "  n: {price: 1, per: h, source: q}\n"
                                        << QByteArray("is not one of this file's sources");
        QTest::newRow("negative") << head + "  n: {price: -1, per: h, source: s}\n"
                                  << QByteArray("zero or more");
        QTest::newRow("not a number") << head + "  n: {price: much, per: h, source: s}\n"
                                      << QByteArray("'much'");
        QTest::newRow("not finite") << head + "  n: {price: .inf, per: h, source: s}\n"
                                    << QByteArray("'.inf'");
        QTest::newRow("bad unit") << head + "  n: {price: 1, per: furlong, source: s}\n"
                                  << QByteArray("'furlong' is not a unit");
        QTest::newRow("steps fall")
            << head +
                   "  n: {per: h, source: s, steps: [{up-to: 5, price: 1}, {up-to: 3, "
                   "price: 1}, {price: 1}]}\n"
            << QByteArray("further than the one before");
        QTest::newRow("last step ends") << head + "  n: {per: h, source: s, steps: [{up-to: 5, price: 1}]}\n"
                                        << QByteArray("the last step has no end");
        QTest::newRow("both") << head + "  n: {price: 1, per: h, source: s, steps: [{price: 1}]}\n"
                              << QByteArray("not both");
        QTest::newRow("scalar price") << head + "  n: 1\n" << QByteArray("prices.n");
        QTest::newRow("bad status") << QByteArray(
                                           "id: a\ntitle: b\nsources: {s: {text: t, as-of: 2026, status: "
                                           "X}}\nprices: {}\n")
                                    << QByteArray("is not a status");
        QTest::newRow("currency") << QByteArray("id: a\ntitle: b\ncurrency: EUR\nprices: {}\n")
                                  << QByteArray("only prices in USD");
    }
    void bad_price_files() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part_of_sentence);
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "book.yaml";
        write(file, text.toStdString());
        const Expected<PriceBook> book = load_price_book(file);
        QVERIFY(!book);
        const Problem& problem = book.error().front();
        QByteArray sentences;
        for (const Problem& each : book.error()) sentences += QByteArray(each.sentence().c_str()) + "\n";
        QVERIFY2(sentences.contains(part_of_sentence), sentences.constData());
        QCOMPARE(fs::path(problem.place.file).filename().string(), std::string("book.yaml"));
        QVERIFY(sentences.size() < 2000);
    }

    void mutations_of_a_price_file_never_crash() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "book.yaml";
        const std::string good = good_book;
        write(file, good);
        QVERIFY(load_price_book(file).has_value());
        unsigned state = 12345;
        auto next = [&state](std::size_t below) {
            state = state * 1664525U + 1013904223U;
            return static_cast<std::size_t>(state >> 8U) % below;
        };
        for (int round = 0; round < 500; ++round) {
            std::string text = good;
            for (std::size_t edits = 1 + next(4); edits > 0; --edits)
                text[next(text.size())] = static_cast<char>(next(256));
            write(file, text);
            const Expected<PriceBook> book = load_price_book(file);
            if (!book) QVERIFY(!book.error().empty() && !book.error().front().message.empty());
        }
    }

    void a_missing_folder_is_one_clear_problem() {
        const Expected<Catalog> catalog = Catalog::load("/nonexistent");
        QVERIFY(!catalog);
        QVERIFY(!catalog.error().front().place.file.empty());
    }

    void two_files_may_not_share_an_id() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        fs::copy(fs::path(HEADROOM_SOURCE_DIR) / "resources" / "catalog", root / "catalog",
                 fs::copy_options::recursive);
        write(root / "catalog" / "prices" / "a.yaml", good_book);
        write(root / "catalog" / "prices" / "b.yaml", good_book);
        const Expected<Catalog> catalog = Catalog::load(root);
        QVERIFY(!catalog);
        QVERIFY(QByteArray(catalog.error().front().sentence().c_str()).contains("already taken"));
    }
};

QTEST_APPLESS_MAIN(CatalogTest)
#include "catalog_test.moc"
