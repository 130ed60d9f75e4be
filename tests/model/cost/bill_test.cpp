#include "model/cost/bill.h"

#include <QtTest>
#include <limits>

using namespace headroom::model;

namespace {

constexpr double month = 730.0 * 3600.0;

Price flat(const std::string& id, const std::string& unit, double unit_size, double dollars_a_unit) {
    return {.id = id,
            .unit = unit,
            .unit_size = unit_size,
            .steps = {{std::numeric_limits<double>::infinity(), dollars_a_unit}},
            .provenance = {'S', "test book", "2026"}};
}

/// Prices of published bills, for exact arithmetic.
PriceBook test_book() {
    PriceBook book{.id = "test", .title = "Test"};
    auto add = [&](Price price) { book.prices.emplace(price.id, price); };
    add(flat("athena.scan", "TB", 1e12, 5.00));
    add(flat("ec2.r5d.4xlarge.on-demand", "h", 3600, 1.152));
    add(flat("ec2.r5d.4xlarge.spot", "h", 3600, 0.4032));
    add(flat("emr.r5d.4xlarge.fee", "h", 3600, 0.27));
    add(flat("ebs.gp2.storage", "GB-month", 1e9 * month, 0.10));
    Price glacier = flat("s3.glacier.storage", "GB-month", 1e9 * month, 0.0036);
    glacier.minimum_held = days(90);
    glacier.extra_size = DataSize(32e3);
    glacier.index_size = DataSize(8e3);
    glacier.index_price = "s3.standard.storage";
    add(glacier);
    Price storage = flat("s3.standard.storage", "GB-month", 1e9 * month, 0);
    storage.steps = {{50'000, 0.023}, {500'000, 0.022}, {std::numeric_limits<double>::infinity(), 0.021}};
    add(storage);
    return book;
}

Technology technology(std::map<std::string, std::vector<std::string>, std::less<>> prices) {
    return {.id = "t", .title = "T", .kind = "queue", .help = "h", .prices = std::move(prices)};
}

double cents(double dollars_amount) { return std::round(dollars_amount * 100) / 100; }

}  // namespace

class BillTest : public QObject {
    Q_OBJECT

private slots:
    // AWS, CSV against Parquet: 1.15 TB scanned at $5 a TB is $5.75; 2.51 GB is $0.01.
    void scanning_csv_and_parquet_with_athena() {
        const PriceBook book = test_book();
        const Technology athena = technology({{"scan", {"athena.scan"}}});
        const auto bill = make_bill({{"csv", "scan", "", 1.15e12}, {"parquet", "scan", "", 2.51e9}},
                                    {{&athena}, {&athena}}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(cents(bill->lines[0].amount), 5.75);
        QCOMPARE(cents(bill->lines[1].amount), 0.01);
        QCOMPARE(bill->lines[0].unit, std::string("TB"));
        QCOMPARE(bill->lines[0].units, 1.15);
    }

    // TPC-DS on 3 TB, nine nodes of r5d.4xlarge with root volumes of 20 GB (AWS big data blog, EMR 7.1 and
    // Iceberg): $16.09 for 1.548 h of open-source Spark, $7.23 for 0.564 h of EMR with its fee.
    void a_cluster_with_and_without_the_fee_of_its_service() {
        const PriceBook book = test_book();
        const std::vector<std::string> disks{"ebs.gp2.storage"};
        const Technology spark = technology({{"nodes", {"ec2.{instance}.{purchase}"}}, {"disks", disks}});
        const Technology emr =
            technology({{"nodes", {"ec2.{instance}.{purchase}", "emr.{instance}.fee"}}, {"disks", disks}});
        const auto bill_of = [&](const Technology& technology, double hours) {
            const double node_seconds = 9 * hours * 3600;
            return *make_bill({{"spark", "nodes", "r5d.4xlarge", node_seconds},
                               {"spark", "disks", "", 20e9 * node_seconds}},
                              {{&technology}, {&technology}}, book);
        };
        QCOMPARE(cents(bill_of(spark, 1.548).per_month().value()), 16.09);
        const Bill bill = bill_of(emr, 0.564);
        QCOMPARE(cents(bill.per_month().value()), 7.23);
        QCOMPARE(cents(bill.lines[0].amount), 5.85);
        QCOMPARE(cents(bill.lines[1].amount), 1.37);
        QCOMPARE(bill.lines[0].price_id, std::string("ec2.r5d.4xlarge.on-demand"));
        QCOMPARE(bill.lines[1].price_id, std::string("emr.r5d.4xlarge.fee"));
        QCOMPARE(bill.lines[0].provenance.source, std::string("test book"));
    }

    // 9 nodes for a month: 30 % on spot at 0.4032, 70 % on demand at 1.152; the fee is not discounted.
    void the_fee_is_paid_in_full_on_spot() {
        const PriceBook book = test_book();
        const Technology emr = technology({{"nodes", {"ec2.{instance}.{purchase}", "emr.{instance}.fee"}}});
        const auto bill = make_bill({{"spark", "nodes", "r5d.4xlarge", 9 * month}},
                                    {{&emr, {{"on-demand", 0.7}, {"spot", 0.3}}}}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(bill->lines.size(), std::size_t{3});
        QCOMPARE(cents(bill->per_month().value()), cents(9 * 730 * (0.7 * 1.152 + 0.3 * 0.4032 + 0.27)));
        QCOMPARE(bill->lines[1].detail, std::string("r5d.4xlarge, spot"));
        QCOMPARE(cents(bill->lines[2].amount), cents(9 * 730 * 0.27));
    }

    // Glacier: files of 128 kB kept for 30 of the 90 days that are billed, with 32 kB at its own price and 8
    // kB at standard's.
    void terms_of_an_archive() {
        const PriceBook book = test_book();
        const Technology s3 = technology({{"storage", {"s3.{tier}.storage"}}});
        Usage kept{"lake", "storage", "glacier", 1000e9 * month};
        kept.held_for = days(30);
        kept.item_size = DataSize(128e3);
        const auto bill = make_bill({kept}, {{&s3}}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(bill->lines.size(), std::size_t{2});
        QCOMPARE(bill->lines[0].units, 1000.0 * 3 * 160 / 128);
        QCOMPARE(bill->lines[1].price_id, std::string("s3.standard.storage"));
        QCOMPARE(bill->lines[1].units, 1000.0 * 3 * 8 / 128);
    }

    void volume_steps_data() {
        QTest::addColumn<double>("units");
        QTest::addColumn<double>("cost");
        QTest::newRow("nothing") << 0.0 << 0.0;
        QTest::newRow("below the first step") << 1'000.0 << 23.0;
        QTest::newRow("at the step") << 50'000.0 << 1'150.0;
        QTest::newRow("second step") << 60'000.0 << 1'150.0 + 220.0;
        QTest::newRow("at the second step") << 500'000.0 << 1'150.0 + 9'900.0;
        QTest::newRow("third step") << 1'000'000.0 << 1'150.0 + 9'900.0 + 10'500.0;
    }
    void volume_steps() {
        QFETCH(double, units);
        QFETCH(double, cost);
        QCOMPARE(price_of(test_book().prices.find("s3.standard.storage")->second, units), cost);
    }

    void volume_steps_count_the_whole_account() {
        const PriceBook book = test_book();
        const Technology s3 = technology({{"storage", {"s3.{tier}.storage"}}});
        const double gb = 1e9 * month;
        const auto bill =
            make_bill({{"a", "storage", "standard", 40'000 * gb}, {"b", "storage", "standard", 20'000 * gb}},
                      {{&s3}, {&s3}}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(cents(bill->per_month().value()), 1'370.0);
        QCOMPARE(bill->lines[0].unit_price, bill->lines[1].unit_price);
    }

    void what_a_technology_does_not_price_is_free() {
        const Technology free_one = technology({});
        const auto bill = make_bill({{"a", "nodes", "m5.large", 1}}, {{&free_one}}, test_book());
        QVERIFY(bill.has_value());
        QVERIFY(bill->lines.empty());
        QCOMPARE(bill->per_month().value(), 0.0);
    }

    void a_price_that_the_book_lacks_is_an_error() {
        const Technology kafka = technology({{"nodes", {"ec2.{instance}.{purchase}"}}});
        const auto bill = make_bill({{"brokers", "nodes", "z9.tiny", 1}}, {{&kafka}}, test_book());
        QVERIFY(!bill.has_value());
        const QByteArray sentence = bill.error().front().sentence().c_str();
        QVERIFY2(sentence.contains("brokers") && sentence.contains("nodes") &&
                     sentence.contains("ec2.z9.tiny.on-demand"),
                 sentence.constData());
    }
};

QTEST_APPLESS_MAIN(BillTest)
#include "bill_test.moc"
