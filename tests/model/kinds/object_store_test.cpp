// What is billed for files that are put together, and for a class that moves them by itself.

#include "example.h"
#include "model/cost/bill.h"

#include <QtTest>
#include <cmath>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

constexpr double month = 730 * 3600.0;

/// 1 MB a second in files of 100 KB.
std::vector<Usage> usage_of(const ex::Texts& texts) {
    Activity activity;
    activity.flows = {
        {.workload = "records", .in = per_second(1000), .bytes_in = DataRate(1e6), .batches = Frequency(10)}};
    return find_kind("object-store")->usage(ex::component("lake", "s3", texts), activity, ex::catalog());
}

const Usage* find(const std::vector<Usage>& used, const std::string& dimension, const std::string& detail) {
    for (const Usage& usage : used)
        if (usage.dimension == dimension && usage.detail == detail) return &usage;
    return nullptr;
}

double amount(const std::vector<Usage>& used, const std::string& dimension, const std::string& detail) {
    const Usage* usage = find(used, dimension, detail);
    return usage == nullptr ? 0 : usage->per_month;
}

bool near(double value, double expected) { return std::abs(value - expected) <= 1e-9 * std::abs(expected); }

}  // namespace

class ObjectStoreTest : public QObject {
    Q_OBJECT

private slots:
    void small_files_are_put_together() {
        const std::string tiers = "{standard: 90 d, deep-archive: 1 y}";
        const auto loose = usage_of({{"lifecycle", tiers}});
        QVERIFY(near(amount(loose, "transitions", "deep-archive"), 10 * month));
        QVERIFY(near(amount(loose, "put requests", "standard"), 10 * month));
        const auto together =
            usage_of({{"lifecycle", tiers}, {"compact-after", "1 d"}, {"compact-size", "100 MB"}});
        QVERIFY(near(amount(together, "transitions", "deep-archive"), 0.01 * month));
        QVERIFY(near(amount(together, "put requests", "standard"), 10.01 * month));
        QVERIFY(near(amount(together, "get requests", "standard") - amount(loose, "get requests", "standard"),
                     10 * month));
        QVERIFY(near(find(together, "storage", "deep-archive")->item_size.value(), 100e6));
        QVERIFY(near(find(together, "storage", "standard")->item_size.value(), 100e3));
        QVERIFY(near(amount(together, "storage", "standard"), amount(loose, "storage", "standard")));
    }

    // Files that have moved on before they would be put together stay as they are.
    void what_is_moved_before_stays_small() {
        const auto used = usage_of({{"lifecycle", "{standard: 1 d, glacier-instant: 1 y}"},
                                    {"compact-after", "7 d"},
                                    {"compact-size", "100 MB"}});
        QVERIFY(near(amount(used, "transitions", "glacier-instant"), 10 * month));
    }

    // After 30 days without a reader a file is billed as one that is rarely read; every file is watched.
    void a_class_moves_files_by_itself() {
        const auto used = usage_of({{"lifecycle", "{intelligent-tiering: 130 d}"}});
        QVERIFY(near(amount(used, "storage", "intelligent-tiering"), 1e6 * 30 * 86400 * month));
        QVERIFY(near(amount(used, "storage", "intelligent-tiering-infrequent"), 1e6 * 100 * 86400 * month));
        QVERIFY(near(amount(used, "monitoring", "intelligent-tiering"), 10 * 130 * 86400 * month));
        const Bill bill = make_bill(used, std::vector<Buyer>(used.size(), {ex::catalog().technology("s3")}),
                                    *ex::catalog().price_book("aws-us-east-1-2026"))
                              .value();
        double monitoring = 0;
        for (const BillLine& line : bill.lines)
            if (line.dimension == "monitoring") monitoring += line.amount;
        QVERIFY2(near(monitoring, 10 * 130 * 86400 / 1000.0 * 0.0025),
                 qPrintable(QString::number(monitoring)));
    }
};

QTEST_APPLESS_MAIN(ObjectStoreTest)
#include "object_store_test.moc"
