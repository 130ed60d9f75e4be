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
    add(flat("emr.r5d.4xlarge.fee", "h", 3600, 0.27));
    Price storage = flat("s3.standard.storage", "GB-month", 1e9 * month, 0);
    storage.steps = {{50'000, 0.023}, {500'000, 0.022}, {std::numeric_limits<double>::infinity(), 0.021}};
    add(storage);
    return book;
}

Technology technology(std::map<std::string, std::string, std::less<>> prices) {
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
        const Technology athena = technology({{"scan", "athena.scan"}});
        const auto bill = make_bill({{"csv", "scan", "", 1.15e12}, {"parquet", "scan", "", 2.51e9}},
                                    {&athena, &athena}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(cents(bill->lines[0].amount), 5.75);
        QCOMPARE(cents(bill->lines[1].amount), 0.01);
        QCOMPARE(bill->lines[0].unit, std::string("TB"));
        QCOMPARE(bill->lines[0].units, 1.15);
    }

    // EMR 7.1: nine nodes of r5d.4xlarge for 0.564 h, with the fee $7.22 (published $7.23); without it 19 %
    // less.
    void a_cluster_with_the_fee_of_its_service() {
        const PriceBook book = test_book();
        const Technology emr =
            technology({{"nodes", "ec2.{instance}.on-demand"}, {"service fee", "emr.{instance}.fee"}});
        const double node_seconds = 9 * 0.564 * 3600;
        const auto bill = make_bill({{"spark", "nodes", "r5d.4xlarge", node_seconds},
                                     {"spark", "service fee", "r5d.4xlarge", node_seconds}},
                                    {&emr, &emr}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(cents(bill->per_month().value()), 7.22);
        QCOMPARE(cents(bill->lines[0].amount), 5.85);
        QCOMPARE(cents(bill->lines[1].amount), 1.37);
        QCOMPARE(bill->lines[0].price_id, std::string("ec2.r5d.4xlarge.on-demand"));
        QCOMPARE(bill->lines[0].provenance.source, std::string("test book"));
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
        const Technology s3 = technology({{"storage", "s3.{tier}.storage"}});
        const double gb = 1e9 * month;
        const auto bill =
            make_bill({{"a", "storage", "standard", 40'000 * gb}, {"b", "storage", "standard", 20'000 * gb}},
                      {&s3, &s3}, book);
        QVERIFY(bill.has_value());
        QCOMPARE(cents(bill->per_month().value()), 1'370.0);
        QCOMPARE(bill->lines[0].unit_price, bill->lines[1].unit_price);
    }

    void what_a_technology_does_not_price_is_free() {
        const Technology free_one = technology({});
        const auto bill = make_bill({{"a", "nodes", "m5.large", 1}}, {&free_one}, test_book());
        QVERIFY(bill.has_value());
        QVERIFY(bill->lines.empty());
        QCOMPARE(bill->per_month().value(), 0.0);
    }

    void a_price_that_the_book_lacks_is_an_error() {
        const Technology kafka = technology({{"nodes", "ec2.{instance}.on-demand"}});
        const auto bill = make_bill({{"brokers", "nodes", "z9.tiny", 1}}, {&kafka}, test_book());
        QVERIFY(!bill.has_value());
        const QByteArray sentence = bill.error().front().sentence().c_str();
        QVERIFY2(sentence.contains("brokers") && sentence.contains("nodes") &&
                     sentence.contains("ec2.z9.tiny.on-demand"),
                 sentence.constData());
    }
};

QTEST_APPLESS_MAIN(BillTest)
#include "bill_test.moc"
