// Qt's moc can read <compare> only behind another standard header.
// clang-format off
#include <QTest>

#include "model/units/price.h"
#include "model/units/unit.h"
// clang-format on

#include <cmath>

using namespace headroom::model;
using namespace headroom::model::dimensions;

class QuantityTest : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void expects_a_dimension_data();
    void expects_a_dimension();
    void prints_data();
    void prints();
    void prints_what_it_reads_data();
    void prints_what_it_reads();
    void scales_axes();
    void prints_prices_data();
    void prints_prices();
};

namespace {

constexpr double month = 730 * 3600.0, year = 8760 * 3600.0;

bool near(double a, double b, double tolerance = 1e-12) {
    return a == b || std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

}  // namespace

void QuantityTest::parses_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<Dimension>("dimension");
    QTest::addColumn<QString>("noun");
    const auto row = [](const char* text, double value, Dimension dimension, const char* noun = "") {
        QTest::newRow(text) << value << dimension << QString(noun);
    };
    row("0", 0, none);
    row("12", 12, none);
    row("-3", -3, none);
    row("+3", 3, none);
    row("0.5", 0.5, none);
    row(".5", 0.5, none);
    row("5.", 5, none);
    row("0,5", 0.5, none);
    row("4,25", 4.25, none);
    row("0,125", 0.125, none);
    row("1,2345", 1.2345, none);
    row("1.000", 1, none);
    row("1e3", 1000, none);
    row("1.5e-3", 0.0015, none);
    row("2E+6", 2e6, none);
    row("1e-400", 0, none);
    row("  7  ", 7, none);
    row("10k", 1e4, none);
    row("10M", 1e7, none);
    row("1.5G", 1.5e9, none);
    row("2T", 2e12, none);
    row("65 %", 0.65, none);
    row("65%", 0.65, none);
    row("12,5 %", 0.125, none);
    row("5 percent", 0.05, none);
    row("2.5x", 2.5, none);
    row("2.5 x", 2.5, none);
    row("3 \u00d7", 3, none);
    row("4.2 ms", 0.0042, dimensions::time);
    row("4,2 ms", 0.0042, dimensions::time);
    row("5ms", 0.005, dimensions::time);
    row("250 ns", 250e-9, dimensions::time);
    row("3 us", 3e-6, dimensions::time);
    row("3 \u00b5s", 3e-6, dimensions::time);
    row("3 \u03bcs", 3e-6, dimensions::time);
    row("1 s", 1, dimensions::time);
    row("10 sec", 10, dimensions::time);
    row("2 seconds", 2, dimensions::time);
    row("3 min", 180, dimensions::time);
    row("1 minute", 60, dimensions::time);
    row("1 h", 3600, dimensions::time);
    row("2 hours", 7200, dimensions::time);
    row("30 d", 30 * 86400, dimensions::time);
    row("1 day", 86400, dimensions::time);
    row("2 weeks", 14 * 86400, dimensions::time);
    row("1 month", month, dimensions::time);
    row("6 y", 6 * year, dimensions::time);
    row("1 year", year, dimensions::time);
    row("-5 s", -5, dimensions::time);
    row("230 B", 230, data);
    row("1 byte", 1, data);
    row("4 kB", 4e3, data);
    row("4 KB", 4e3, data);
    row("128 MB", 128e6, data);
    row("1.2 GB", 1.2e9, data);
    row("5 TB", 5e12, data);
    row("5 PB", 5e15, data);
    row("1 EB", 1e18, data);
    row("1 KiB", 1024, data);
    row("1 MiB", 1048576, data);
    row("2 GiB", 2147483648.0, data);
    row("1 TiB", 1099511627776.0, data);
    row("8 bit", 1, data);
    row("1 Gbit", 125e6, data);
    row("25 Gbps", 3.125e9, data_rate);
    row("100 Mbps", 12.5e6, data_rate);
    row("56 kbps", 7000, data_rate);
    row("10 MBps", 10e6, data_rate);
    row("250 MB/s", 250e6, data_rate);
    row("10 Gbit/s", 1.25e9, data_rate);
    row("1 GB/min", 1e9 / 60, data_rate);
    row("1 TB/day", 1e12 / 86400, data_rate);
    row("10M events/s", 1e7, item_rate, "events");
    row("10 M events/s", 1e7, item_rate, "events");
    row("2000 events/s", 2000, item_rate, "events");
    row("1 event/s", 1, item_rate, "events");
    row("2 kevents/s", 2000, item_rate, "events");
    row("5k requests/min", 5000.0 / 60, item_rate, "requests");
    row("3 queries per hour", 3.0 / 3600, item_rate, "queries");
    row("8 Hz", 8, item_rate);
    row("1.5 kHz", 1500, item_rate);
    row("500 rps", 500, item_rate);
    row("3000 IOPS", 3000, item_rate);
    row("8/s", 8, frequency);
    row("1.5k/s", 1500, frequency);
    row("8 / s", 8, frequency);
    row("40 %/year", 0.4 / year, frequency);
    row("40%/y", 0.4 / year, frequency);
    row("12 partitions", 12, item, "partitions");
    row("1 partition", 1, item, "partitions");
    row("10M events", 1e7, item, "events");
    row("40 slots", 40, item, "slots");
    row("230 B/event", 230, item_size, "events");
    row("$25", 25, money);
    row("$ 25", 25, money);
    row("-$3", -3, money);
    row("$-3", -3, money);
    row("$1,234", 1234, money);
    row("$1,234,567.89", 1234567.89, money);
    row("$0,09/GB", 0.09e-9, money_per_data);
    row("$12M", 12e6, money);
    row("5 USD", 5, money);
    row("3 cents", 0.03, money);
    row("$3000/month", 3000 / month, money_rate);
    row("$1,234/month", 1234 / month, money_rate);
    row("$100M/year", 100e6 / year, money_rate);
    row("$0.096/h", 0.096 / 3600, money_rate);
    row("$0.023/GB", 0.023e-9, money_per_data);
    row("$23/TB-month", 23 / (1e12 * month), money_per_data_time);
    row("$0.023/GB/month", 0.023 / (1e9 * month), money_per_data_time);
    row("$0.023/GB*month", 0.023 / (1e9 * month), money_per_data_time);
    row("$0.40/M requests", 0.4e-6, money_per_item, "requests");
    row("$0.005/1000 requests", 0.005e-3, money_per_item, "requests");
    row("$0.005/1k requests", 0.005e-3, money_per_item, "requests");
    row("$70/node-month", 70 / month, money_per_item_time, "nodes");
    row("5 GB-month", 5e9 * month, Dimension{.time = 1, .data = 1});
}

void QuantityTest::parses() {
    QFETCH(double, value);
    QFETCH(Dimension, dimension);
    QFETCH(QString, noun);
    const auto parsed = parse_quantity(QTest::currentDataTag());
    QVERIFY2(parsed, parsed ? "" : parsed.error().c_str());
    QVERIFY2(near(parsed->value, value), std::to_string(parsed->value).c_str());
    QVERIFY(parsed->dimension == dimension);
    QCOMPARE(QString::fromStdString(parsed->noun), noun);
}

void QuantityTest::refuses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* text, const char* error) {
        QTest::newRow(text) << QString(text) << QString(error);
    };
    row("", "nothing stands where a number is expected");
    row("   ", "nothing stands where a number is expected");
    row("abc", "'abc' is not a number");
    row("-", "'-' is not a number");
    row("$", "'$' is not a number");
    row(".", "'.' is not a number");
    row("1,000", "'1,000' is ambiguous: write 1000 or 1.000");
    row("12,345 events/s", "'12,345 events/s' is ambiguous: write 12345 or 12.345");
    row("1,000,000", "'1,000,000' groups its digits; write 1234567.8 without groups");
    row("1.000.000", "'1.000.000' has more than one decimal mark; write 1234567.8");
    row("1,5,6", "'1,5,6' has more than one decimal mark; write 1234567.8");
    row("1 000 events", "'1 000 events' has a space within the number; write it without");
    row("1e400", "'1e400' is too large a number");
    row("1e308 EB", "'1e308 EB' is too large a number");
    row("5 m", "'5 m' has the unit 'm', which may mean minutes or months; write min or month");
    row("5 Mb", "'5 Mb' has the unit 'Mb', which may mean bits or bytes; write Mbit or MB");
    row("5 b", "'5 b' has the unit 'b', which may mean bits or bytes; write bit or B");
    row("5 gb", "'5 gb' has an unknown unit 'gb'; did you mean 'GB'?");
    row("5 MS", "'5 MS' has an unknown unit 'MS'; did you mean 'ms'?");
    row("5 parsecs", "'5 parsecs' has an unknown unit 'parsecs'");
    row("5 s s", "'5 s s' has 's' behind its unit");
    row("5 s/", "'5 s/' has '' where a unit is expected");
    row("5 s/0 s", "'5 s/0 s' divides by zero");
    row("5 s/s/s/s/s/s", "'5 s/s/s/s/s/s' has too many units");
    row("5 \u20ac", "'5 \u20ac' is not in US dollars; amounts are written like '$3000/month'");
    row("5 ?", "'5 ?' has '?' where a unit is expected");
    row("0x10", "'0x10' has '10' behind its unit");
    row("nan", "'nan' is not a number");
    row("inf", "'inf' is not a number");
    row("--5", "'--5' is not a number");
}

void QuantityTest::refuses() {
    QFETCH(QString, text);
    QFETCH(QString, error);
    const auto parsed = parse_quantity(text.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(QString::fromStdString(parsed.error()), error);
}

void QuantityTest::expects_a_dimension_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<Dimension>("expected");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("error");
    const auto good = [](const char* text, Dimension expected, double value) {
        QTest::newRow(text) << QString(text) << expected << value << QString();
    };
    const auto bad = [](const char* text, Dimension expected, const char* error) {
        QTest::newRow(text) << QString(text) << expected << 0.0 << QString(error);
    };
    good("12", item, 12);
    good("12 nodes", item, 12);
    good("8/s", item_rate, 8);
    good("8 Hz", item_rate, 8);
    good("230 B", item_size, 230);
    good("0.65", none, 0.65);
    good("40 %/year", frequency, 0.4 / year);
    bad("10 MBps", item_rate,
        "'10 MBps' is bytes per second; events per second expected, for example '10M events/s'");
    bad("12", dimensions::time, "'12' is a plain number; a duration expected, for example '5 ms'");
    bad("5 s", data, "'5 s' is a duration; bytes expected, for example '128 MB'");
    bad("10 events/s", data_rate,
        "'10 events/s' is events per second; bytes per second expected, for example '250 MB/s'");
    bad("5 nodes", none, "'5 nodes' is a count; a plain number expected, for example '0.65'");
    bad("$5", money_rate,
        "'$5' is US dollars; US dollars per unit of time expected, for example '$3000/month'");
    bad("40 %", frequency,
        "'40 %' is a plain number; a rate per unit of time expected, for example '40 %/year'");
    bad("abc", dimensions::time, "'abc' is not a number; a duration expected, for example '5 ms'");
}

void QuantityTest::expects_a_dimension() {
    QFETCH(QString, text);
    QFETCH(Dimension, expected);
    QFETCH(double, value);
    QFETCH(QString, error);
    const auto parsed = parse_quantity(text.toStdString(), expected);
    QCOMPARE(parsed ? QString() : QString::fromStdString(parsed.error()), error);
    if (parsed) QVERIFY(near(*parsed, value));
}

void QuantityTest::prints_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<Dimension>("dimension");
    QTest::addColumn<QString>("noun");
    QTest::addColumn<bool>("percent");
    const auto row = [](const char* text, double value, Dimension dimension, const char* noun = "",
                        bool percent = false) {
        QTest::newRow(text) << value << dimension << QString(noun) << percent;
    };
    row("4.2 ms", 0.0042, dimensions::time);
    row("0 s", 0, dimensions::time);
    row("999 ms", 0.9994, dimensions::time);
    row("1 s", 0.99996, dimensions::time);
    row("1 min", 59.99, dimensions::time);
    row("1.5 h", 5400, dimensions::time);
    row("30 d", 30 * 86400, dimensions::time);
    row("6 y", 6 * year, dimensions::time);
    row("3 \u00b5s", 3e-6, dimensions::time);
    row("250 ns", 250e-9, dimensions::time);
    row("-3 s", -3, dimensions::time);
    row("10M events/s", 1e7, item_rate, "events");
    row("1 event/s", 1, item_rate, "events");
    row("8/s", 8, item_rate);
    row("12.2 events/h", 0.0034, item_rate, "events");
    row("0 requests/s", 0, item_rate, "requests");
    row("31.2 GB", 31.2e9, data);
    row("1 GB", 999.9e6, data);
    row("230 B", 230, item_size);
    row("230 B/event", 230, item_size, "events");
    row("250 MB/s", 250e6, data_rate);
    row("12 partitions", 12, item, "partitions");
    row("1 partition", 1, item, "partitions");
    row("1.23M", 1234567, none);
    row("0.00123", 0.00123, none);
    row("65 %", 0.65, none, "", true);
    row("100 %", 0.99996, none, "", true);
    row("40 %/year", 0.4 / year, frequency, "", true);
    row("$1,234/month", 1234.4 / month, money_rate);
    row("$99.50", 99.5, money);
    row("$100", 99.999, money);
    row("$12", 12, money);
    row("$0.023/GB-month", 0.023e-9 / month, money_per_data_time);
    row("$0.4/M requests", 0.4e-6, money_per_item, "requests");
    row("$123M", 123.4e6, money);
    row("-$5", -5, money);
    row("n/a", std::nan(""), dimensions::time);
    row("\u221e", std::numeric_limits<double>::infinity(), dimensions::time);
}

void QuantityTest::prints_prices_data() {
    QTest::addColumn<double>("dollars");
    QTest::addColumn<QString>("text");
    QTest::newRow("of a request") << 4e-7 << "$0.0000004";
    QTest::newRow("below a cent") << 6.3e-05 << "$0.000063";
    QTest::newRow("cents") << 0.5 << "$0.50";
    QTest::newRow("mills") << 0.0125 << "$0.0125";
    QTest::newRow("dollars") << 1234.5 << "$1,234.50";
    QTest::newRow("four decimals") << 13.04001 << "$13.04";
    QTest::newRow("nothing") << 0.0 << "$0.00";
    QTest::newRow("given back") << -0.25 << "-$0.25";
}
void QuantityTest::prints_prices() {
    QFETCH(double, dollars);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(print_price(dollars)), text);
}

void QuantityTest::prints() {
    QFETCH(double, value);
    QFETCH(Dimension, dimension);
    QFETCH(QString, noun);
    QFETCH(bool, percent);
    const std::string text =
        format_quantity(value, dimension, {.noun = noun.toStdString(), .percent = percent});
    QCOMPARE(QString::fromStdString(text), QString(QTest::currentDataTag()));
}

void QuantityTest::prints_what_it_reads_data() {
    QTest::addColumn<Dimension>("dimension");
    QTest::addColumn<QString>("noun");
    const std::pair<const char*, Dimension> rows[] = {{"none", none},
                                                      {"time", dimensions::time},
                                                      {"data", data},
                                                      {"item", item},
                                                      {"money", money},
                                                      {"frequency", frequency},
                                                      {"data rate", data_rate},
                                                      {"item rate", item_rate},
                                                      {"item size", item_size},
                                                      {"money rate", money_rate},
                                                      {"money per data", money_per_data},
                                                      {"money per data and time", money_per_data_time},
                                                      {"money per item", money_per_item},
                                                      {"money per item and time", money_per_item_time}};
    for (const auto& [name, dimension] : rows) {
        QTest::newRow(name) << dimension << QString();
        QTest::newRow((std::string(name) + " of events").c_str()) << dimension << QString("events");
    }
}

void QuantityTest::prints_what_it_reads() {
    QFETCH(Dimension, dimension);
    QFETCH(QString, noun);
    for (const int digits : {2, 3, 4, 6, 9, 15}) {
        for (int exponent = -12; exponent <= 17; ++exponent) {
            for (const double mantissa : {1.0, 1.2345678901234, 3.3333333333333, 9.96, 9.9999999999999}) {
                const double value = mantissa * std::pow(10, exponent);
                for (const bool percent : {false, true}) {
                    const std::string text = format_quantity(
                        value, dimension, {.digits = digits, .noun = noun.toStdString(), .percent = percent});
                    QVERIFY2(text.find("e+") == std::string::npos && text.find("e-") == std::string::npos,
                             text.c_str());
                    const auto back = parse_quantity(text, dimension);
                    QVERIFY2(back, (text + ": " + (back ? "" : back.error())).c_str());
                    // dollars are rounded to the cent or the whole dollar from $1 on
                    const double coarse = dimension.money != 0 ? 0.006 : 0;
                    QVERIFY2(near(*back, value, std::max(0.51 * std::pow(10, 1 - digits), coarse)),
                             text.c_str());
                }
            }
        }
    }
}

void QuantityTest::scales_axes() {
    const UnitScale scale = unit_scale(0.25, dimensions::time);
    QCOMPARE(scale.scale, 1e-3);
    QCOMPARE(scale.unit, std::string("ms"));
    QCOMPARE(unit_scale(2e7, item_rate, {.noun = "events"}).unit, std::string("M events/s"));
    QCOMPARE(unit_scale(0.5, none, {.percent = true}).unit, std::string("%"));
    QVERIFY(unit_scale(std::nan(""), dimensions::time).scale > 0);
}

QTEST_APPLESS_MAIN(QuantityTest)
#include "quantity_test.moc"
