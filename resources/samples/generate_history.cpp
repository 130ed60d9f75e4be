// generate-history WEEKS SEED > clicks-history.csv
//
// Clicks of an imagined shop by hour from Monday, 4 September 2023, on, as a monitoring system in a zone with
// summer time exports them: growth of 38 % a year, seasons of day, week and year, a sale of 1.8 times the
// load on a Friday in late November, an outage of six hours, hours and values that are missing or come twice.
// Counts are rounded to hundreds, so that the bytes do not depend on the last bits of exp and cos.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numbers>

namespace {

// Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014 (SplitMix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// Nearly normal: the sum of twelve uniform numbers.
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += static_cast<double>(next() >> 11) * 0x1p-53;
        return sum;
    }

private:
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    std::uint64_t state_;
};

constexpr double hour = 1, day = 24, week = 7 * day, year = 365 * day;

double season(double t, double period, double size, double at) {
    return std::exp(size * std::cos(2 * std::numbers::pi * (t - at) / period));
}

struct Hour {
    int year;
    unsigned month, day;
    int hour;

    bool on(int y, unsigned m, unsigned d) const { return year == y && month == m && day == d; }
};

double expected(const Hour& at, double t) {
    double clicks = 3.2e6 * std::exp(std::log(1.38) * t / year);
    clicks *=
        season(t, day, 0.62, 20) * season(t, week, 0.16, 5 * day + 12) * season(t, year, 0.18, 91 * day);
    if (at.on(2023, 11, 24) || at.on(2024, 11, 29)) clicks *= 1.8;
    if (at.on(2024, 6, 12) && at.hour >= 9 && at.hour < 15) clicks *= 0.25;
    return clicks;
}

}  // namespace

int main(int count, char** texts) {
    if (count != 3) {
        std::fputs("usage: generate-history WEEKS SEED > clicks-history.csv\n", stderr);
        return 2;
    }
    const long hours = std::strtol(texts[1], nullptr, 10) * 7 * 24;
    Random random(std::strtoull(texts[2], nullptr, 10));
    const auto start = std::chrono::sys_days(std::chrono::year(2023) / 9 / 4);
    constexpr double phi = 0.8, sigma = 0.06;
    double off = sigma * random.normal();
    std::puts("time,clicks (clicks/h)");
    for (long i = 0; i < hours; ++i) {
        const std::chrono::year_month_day date{start + std::chrono::days(i / 24)};
        const Hour at{static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(i % 24)};
        const double t = (static_cast<double>(i) + 0.5) * hour;
        const long clicks = std::lround(expected(at, t) * std::exp(off) / 100) * 100;
        off = phi * off + sigma * std::sqrt(1 - phi * phi) * random.normal();
        char stamp[32];
        std::snprintf(stamp, sizeof stamp, "%04d-%02u-%02u %02d:00", at.year, at.month, at.day, at.hour);
        // Clocks are put forward and back on the last Sundays of March and October.
        if (at.hour == 2 && (at.on(2024, 3, 31) || at.on(2025, 3, 30))) continue;
        if (at.on(2024, 2, 14) && at.hour >= 3 && at.hour < 6) continue;
        if (at.on(2024, 8, 1) && at.hour == 11) {
            std::printf("%s,\n", stamp);
            continue;
        }
        std::printf("%s,%ld\n", stamp, clicks);
        if (at.hour == 2 && (at.on(2023, 10, 29) || at.on(2024, 10, 27) || at.on(2025, 10, 26)))
            std::printf("%s,%ld\n", stamp, clicks - 10000);
    }
    return 0;
}
