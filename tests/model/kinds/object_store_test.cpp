// How files are written side by side, what is billed for files that are put together, and for a class that
// moves them by itself.

#include "example.h"
#include "model/cost/bill.h"

#include <QtTest>
#include <algorithm>
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

/// A lake that takes so many records of 1 kB a second, as they are.
System lake(double rate, const ex::Texts& texts) {
    ex::Texts all{{"size-ratio", "1"}, {"put-latency", "20 ms"}};
    all.insert(all.end(), texts.begin(), texts.end());
    return lower(ex::scenario({ex::stream("records", rate, 1000)}, {ex::component("lake", "s3", all)},
                              {{"records", "lake"}}),
                 ex::catalog(), {})
        .value();
}

Batch writing(const System& lowered) { return std::get<Batch>(ex::station(lowered, "lake.write").primitive); }

bool speaks_of_prefixes(const System& lowered, const std::string& what) {
    return std::any_of(lowered.notes.begin(), lowered.notes.end(), [&](const std::string& note) {
        return note.find("prefixes") != std::string::npos && note.find(what) != std::string::npos;
    });
}

bool near(double value, double expected) { return std::abs(value - expected) <= 1e-9 * std::abs(expected); }

}  // namespace

class ObjectStoreTest : public QObject {
    Q_OBJECT

private slots:
    /// Four files of 100 MB at 90 MB/s each: the next four are not uploaded before these are.
    void writers_upload_side_by_side_once() {
        const Batch one = writing(lake(1000, {{"roll-size", "100 MB"}}));
        const Batch four = writing(lake(1000, {{"roll-size", "100 MB"}, {"writers", "4"}}));
        QCOMPARE(one.writers, 1);
        QCOMPARE(four.writers, 1);
        QVERIFY(near(four.rate.value(), 4 * one.rate.value()));
        QVERIFY(near(four.max_size.value(), 4 * one.max_size.value()));
        QCOMPARE(four.lines, 4.0);
        const auto most = [](const Batch& b) {
            return b.max_size.value() / (b.fixed.mean + b.max_size.value() / b.rate.value());
        };
        QVERIFY2(most(four) < 4 * most(one) && most(four) > 3.9 * most(one), "four times, and no more");
    }

    /// 100,000 files at once are 29 s of what one prefix takes; ten prefixes take them in 3 s.
    void prefixes_take_so_many_files() {
        const ex::Texts many{{"writers", "100000"}, {"roll-size", "100 kB"}};
        const System bound = lake(500'000, many);
        QVERIFY2(near(writing(bound).fixed.mean, 0.02 + 100'000 / 3500.0),
                 qPrintable(QString::number(writing(bound).fixed.mean)));
        QVERIFY(speaks_of_prefixes(bound, "more prefixes"));
        QVERIFY(speaks_of_prefixes(bound, "143 %"));  // 5,000 files a second of 3,500
        ex::Texts spread = many;
        spread.emplace_back("prefixes", "100");
        const System loose = lake(500'000, spread);
        QVERIFY(near(writing(loose).fixed.mean, 0.02 + 100'000 / 350'000.0));
        QVERIFY(!speaks_of_prefixes(loose, ""));
    }

    /// Two and a half downloads at their own rate are all that a machine takes in.
    void downloads_share_the_card_of_their_reader() {
        const auto reading = [](const ex::Texts& texts) {
            ex::Texts all{{"reader-rate", "100 MB/s"}};
            all.insert(all.end(), texts.begin(), texts.end());
            return lower(ex::scenario({ex::users("people", 5, 80e6)}, {ex::component("lake", "s3", all)},
                                      {{"people", "lake"}}),
                         ex::catalog(), {})
                .value();
        };
        const System shared = reading({{"reader-network", "250 MB/s"}});
        const auto& transfer = std::get<Queue>(ex::station(shared, "lake.transfer").primitive);
        QCOMPARE(transfer.speeds, (std::vector<double>{1, 2, 2.5}));
        QVERIFY(near(transfer.service[0].mean, 0.8));
        for (const System& alone : {reading({}), reading({{"reader-network", "100 TB/s"}})})
            QVERIFY(std::holds_alternative<Delay>(ex::station(alone, "lake.transfer").primitive));
    }

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
