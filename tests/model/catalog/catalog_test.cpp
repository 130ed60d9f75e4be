#include "model/catalog/catalog.h"

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
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

constexpr const char* own_book = R"(id: own
title: With our agreement and our own servers
extends: aws-us-east-1-2026
sources:
  agreement: {text: our agreement, as-of: 2026, status: S}
  invoice: {text: an invoice, as-of: 2026, status: S}
discounts:
  - {prices: "ec2.*", discount: 12 %, source: agreement}
prices:
  server.on-demand: {bought: 17520, life: 2 y, upkeep: 10 %, kilowatts: 0.5, electricity: 0.2, per: h, source: invoice}
  people.operations: {price: 9000, per: month, source: agreement}
derived:
  - {prices: "spare.*", of: "server.*", share: 50 %, source: agreement}
instances:
  own-server: {vcpus: 64, memory: 512 GiB, network: 25 Gbps, disk: 4 GB/s, source: invoice}
)";

}  // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void shipped_catalogue_loads() {
        for (const char* id : {"kafka", "flink", "s3", "redshift", "queue", "delay"})
            QVERIFY2(shipped().technology(id) != nullptr, id);
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
            const bool priced =
                std::any_of(book->prices.begin(), book->prices.end(), [name = "." + id](const auto& price) {
                    return price.first.ends_with(name) || price.first.find(name + ".") != std::string::npos;
                });
            QVERIFY2(priced, id.c_str());
        }
        // Derived: 25 % of $0.192, and the cap of $0.27 for r5.24xlarge; on spot a third of the price.
        QCOMPARE(book->find("emr.m5.xlarge.fee")->steps.front().price, 0.048);
        QCOMPARE(book->find("emr.r5.24xlarge.fee")->steps.front().price, 0.27);
        QCOMPARE(book->find("emr.r5d.4xlarge.fee")->provenance.status, 'D');
        QCOMPARE(book->find("emr.m5.xlarge.fee")->provenance.status, 'M');
        QCOMPARE(book->find("ec2.m5.large.spot")->steps.front().price, 0.096 * 0.35);
        QCOMPARE(book->find("ec2.m5.large.reserved-3y")->provenance.status, 'S');
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
                              << QByteArray("not two");
        QTest::newRow("bought for ever") << head + "  n: {bought: 1, life: 0 y, per: h, source: s}\n"
                                         << QByteArray("longer than zero");
        QTest::newRow("power without a price")
            << head + "  n: {bought: 1, life: 5 y, kilowatts: 1, per: h, source: s}\n"
            << QByteArray("'electricity' is missing");
        QTest::newRow("bought by the gigabyte") << head + "  n: {bought: 1, life: 5 y, per: GB, source: s}\n"
                                                << QByteArray("'h' expected");
        QTest::newRow("bought and rented")
            << head + "  n: {bought: 1, life: 5 y, price: 1, per: h, source: s}\n"
            << QByteArray("not two");
        QTest::newRow("index of nothing")
            << head + "  n: {price: 1, per: GB-month, index-size: 8 kB, index-price: q, source: s}\n"
            << QByteArray("has no price 'q'");
        const QByteArray node = head + "  n: {price: 1, per: h, source: s}\n";
        QTest::newRow("derived from nothing") << node + "derived: [{prices: m, of: q, share: 1, source: s}]\n"
                                              << QByteArray("no price has such");
        QTest::newRow("derived without a star")
            << node + "derived: [{prices: m, of: 'n*', share: 1, source: s}]\n"
            << QByteArray("both of");
        QTest::newRow("two stars") << node + "derived: [{prices: 'm*', of: '*n*', share: 1, source: s}]\n"
                                   << QByteArray("one '*'");
        QTest::newRow("rules that are none") << node + "derived: yes\n" << QByteArray("a list of rules");
        QTest::newRow("more than all off") << node + "discounts: [{prices: n, discount: 2, source: s}]\n"
                                           << QByteArray("at most 100 %");
        QTest::newRow("extends nothing")
            << QByteArray("id: a\ntitle: b\nextends: c\n") << QByteArray("no price book of this name");
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
        const Expected<PriceBook> book = load_price_book(file, Catalog());
        QVERIFY(!book);
        const Problem& problem = book.error().front();
        QByteArray sentences;
        for (const Problem& each : book.error()) sentences += QByteArray(each.sentence().c_str()) + "\n";
        QVERIFY2(sentences.contains(part_of_sentence), sentences.constData());
        QCOMPARE(fs::path(problem.place.file).filename().string(), std::string("book.yaml"));
        QVERIFY(sentences.size() < 2000);
    }

    // 12 % off EC2, one server bought for $17,520 and written off over 2 years ($1/h) with 10 % upkeep
    // ($0.20/h) and 0.5 kW at $0.20 ($0.10/h), and an instance type of one's own.
    void a_book_of_ones_own() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "own.yaml";
        write(file, own_book);
        const Expected<PriceBook> book = load_price_book(file, shipped());
        if (!book) QFAIL(book.error().front().sentence().c_str());
        QCOMPARE(book->find("ec2.m5.large.on-demand")->steps.front().price, 0.096 * 0.88);
        QVERIFY(book->find("ec2.m5.large.on-demand")->provenance.source.starts_with("12 % below"));
        QCOMPARE(book->find("server.on-demand")->steps.front().price, 1.3);
        QVERIFY(
            QByteArray(book->find("server.on-demand")->provenance.source.c_str()).contains("written off"));
        QCOMPARE(book->find("s3.standard.put")->steps.front().price, 0.005);
        QCOMPARE(book->find("people.operations")->steps.front().price, 9000.0);
        Catalog both = shipped();
        both.add(*book);
        QCOMPARE(both.instance("own-server")->vcpus, 64.0);
        QVERIFY(both.price_book("own") != nullptr && both.price_book("aws-us-east-1-2026") != nullptr);
        QVERIFY(shipped().instance("own-server") == nullptr);
    }

    void mutations_of_a_price_file_never_crash_data() {
        QTest::addColumn<QByteArray>("good");
        QTest::newRow("a list") << QByteArray(good_book);
        QTest::newRow("one's own") << QByteArray(own_book);
    }
    void mutations_of_a_price_file_never_crash() {
        QFETCH(QByteArray, good);
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "book.yaml";
        write(file, good.toStdString());
        QVERIFY(load_price_book(file, shipped()).has_value());
        unsigned state = 12345;
        auto next = [&state](std::size_t below) {
            state = state * 1664525U + 1013904223U;
            return static_cast<std::size_t>(state >> 8U) % below;
        };
        for (int round = 0; round < 250; ++round) {
            std::string text = good.toStdString();
            for (std::size_t edits = 1 + next(4); edits > 0; --edits)
                text[next(text.size())] = static_cast<char>(next(256));
            write(file, text);
            const Expected<PriceBook> book = load_price_book(file, shipped());
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
