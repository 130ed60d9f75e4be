#include "sim/kernel/random.h"

#include "sim/kernel/elementary.h"

#include <QtTest/QTest>
#include <Random123/philox.h>
#include <cmath>
#include <vector>

using namespace headroom::sim;

namespace {
using Words = std::array<std::uint64_t, 4>;
}

class RandomTest : public QObject {
    Q_OBJECT

private slots:
    // Known answers of Philox4x64-10, from the kat_vectors of Random123.
    void philox_gives_the_known_answers_data() {
        QTest::addColumn<int>("row");
        QTest::newRow("zeros") << 0;
        QTest::newRow("ones") << 1;
        QTest::newRow("digits of pi") << 2;
    }
    void philox_gives_the_known_answers() {
        struct Known {
            Words counter;
            std::array<std::uint64_t, 2> key;
            Words answer;
        };
        const std::uint64_t ones = ~std::uint64_t{0};
        const std::array<Known, 3> known{
            Known{{0, 0, 0, 0},
                  {0, 0},
                  {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
            Known{{ones, ones, ones, ones},
                  {ones, ones},
                  {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
            Known{{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
                  {0x452821e638d01377, 0xbe5466cf34e90c6c},
                  {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}}};
        QFETCH(int, row);
        const Known& k = known[static_cast<std::size_t>(row)];
        const r123::Philox4x64 philox;
        r123::Philox4x64::ctr_type counter{{k.counter[0], k.counter[1], k.counter[2], k.counter[3]}};
        r123::Philox4x64::key_type key{{k.key[0], k.key[1]}};
        const auto answer = philox(counter, key);
        for (std::size_t i = 0; i < 4; ++i) QCOMPARE(answer[i], k.answer[i]);
    }

    void a_stream_is_philox_by_index() {
        RandomStream stream(0, 0, 0);
        const std::uint64_t first = 0x16554d9eca36314c;
        QCOMPARE(stream.uniform(), static_cast<double>(first >> 12) * 0x1p-52 + 0x1p-53);
    }

    void a_block_is_the_same_as_single_draws() {
        RandomStream one(7, 8, 9), many(7, 8, 9);
        std::vector<double> block(64);
        for (int round = 0; round < 3; ++round) {
            many.fill(block);
            for (const double u : block) QCOMPARE(one.uniform(), u);
        }
    }

    void the_exponential_is_the_inverse_of_the_uniform() {
        RandomStream uniform(1, 2, 3), exponential(1, 2, 3);
        for (int i = 0; i < 1000; ++i) {
            const double expected = -std::log1p(-uniform.uniform()), found = exponential.exponential();
            QVERIFY(std::abs(found - expected) <= 1e-14 * expected);
        }
    }

    void names_and_purposes_make_different_streams() {
        QCOMPARE(stream_id("a", "b"), stream_id("a", "b"));
        QVERIFY(stream_id("a", "b") != stream_id("b", "a"));
        QVERIFY(stream_id("ab", "c") != stream_id("a", "bc"));
        QVERIFY(stream_id("a", "") != stream_id("", "a"));
    }

    // Neighbours in every part of the key and counter: correlation at lags up to 3 within 4.5 standard
    // errors, for 60 comparisons.
    void streams_are_independent() {
        constexpr int n = 100000;
        const auto draws = [](std::uint64_t seed, std::uint64_t stream, std::uint64_t replication) {
            std::vector<double> values(n);
            RandomStream random(seed, stream, replication);
            for (double& value : values) value = random.uniform() - 0.5;
            return values;
        };
        const std::vector<std::vector<double>> streams{
            draws(1, stream_id("a", "x"), 0), draws(2, stream_id("a", "x"), 0),
            draws(1, stream_id("a", "y"), 0), draws(1, stream_id("b", "x"), 0),
            draws(1, stream_id("a", "x"), 1)};
        for (std::size_t a = 0; a < streams.size(); ++a) {
            for (std::size_t b = a; b < streams.size(); ++b) {
                for (std::size_t lag = a == b ? 1 : 0; lag <= 3; ++lag) {
                    double product = 0;
                    for (std::size_t i = lag; i < n; ++i) product += streams[a][i] * streams[b][i - lag];
                    QVERIFY(std::abs(product * 12 / std::sqrt(n)) < 4.5);
                }
            }
        }
    }

    void uniform_numbers_fill_the_interval_evenly() {
        constexpr int cells = 1000, n = 1000000;
        std::vector<int> counts(cells);
        RandomStream random(42, 42, 42);
        for (int i = 0; i < n; ++i) {
            const double u = random.uniform();
            QVERIFY(u > 0 && u < 1);
            ++counts[static_cast<std::size_t>(u * cells)];
        }
        double chi_squared = 0;
        for (const int count : counts) chi_squared += std::pow(count - n / cells, 2) / (n / cells);
        // 999 degrees of freedom: mean 999, standard deviation 44.7.
        QVERIFY(std::abs(chi_squared - 999) < 4 * 44.7);
    }

    void logarithm_and_exponential_are_exact_to_a_few_units() {
        for (double x = 0x1p-53; x < 0x1p53; x *= 1.0137) {
            QVERIFY(std::abs(natural_log(x) - std::log(x)) <= 1e-15 * std::max(std::abs(std::log(x)), 1e-3));
        }
        QCOMPARE(natural_log(1), 0.0);
        for (double x = -690; x < 690; x += 0.137) {
            QVERIFY(std::abs(natural_exp(x) / std::exp(x) - 1) < 2e-15);
        }
        QCOMPARE(natural_exp(0), 1.0);
    }
};

QTEST_APPLESS_MAIN(RandomTest)
#include "random_test.moc"
