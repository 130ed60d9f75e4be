// generate-clicks ROWS SEED > clicks.jsonl
//
// Click events of an imagined shop, one JSON object on each line, in order of time. Only integer arithmetic,
// so that the bytes are the same everywhere. Users and products follow Zipf's law with exponent 1; a user's
// clicks come in sessions; one session in twelve is a crawler's.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

// Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014 (SplitMix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    /// Below n. The bias of the remainder is below n / 2^64.
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

/// Zipf and Mandelbrot's law: rank r (from 0) has a probability proportional to 1 / (r + 1 + shift).
class Zipf {
public:
    Zipf(std::uint64_t ranks, std::uint64_t shift) {
        std::uint64_t sum = 0;
        for (std::uint64_t rank = 1; rank <= ranks; ++rank) {
            sums_.push_back(sum += 1'000'000'000'000u / (rank + shift));
        }
    }
    std::uint64_t draw(Random& random) const {
        std::uint64_t at = random.below(sums_.back()), low = 0, high = sums_.size() - 1;
        while (low < high) {
            std::uint64_t middle = (low + high) / 2;
            if (at < sums_[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

private:
    std::vector<std::uint64_t> sums_;
};

struct Session {
    std::uint64_t user = 0, id = 0;
    const char* agent = "";
    const char* country = "";
    const char* source = "";
};

template <std::size_t N>
const char* pick(Random& random, const std::array<const char*, N>& choices) {
    return choices[random.below(N)];
}

// A choice that stands twice is drawn twice as often.
constexpr std::array people{"Mobile/iOS 19",   "Mobile/iOS 19",   "Mobile/Android 16", "Mobile/Android 16",
                            "Desktop/Windows", "Desktop/Windows", "Desktop/macOS",     "Tablet/Android 15"};
constexpr std::array crawlers{"SearchBot/2.1", "price-crawler/0.9", "LinkPreview/1.4"};
constexpr std::array countries{"DE", "DE", "DE", "FR", "FR", "GB", "GB", "PL", "ES", "NL", "AT", "SE"};
constexpr std::array sources{"", "", "", "mail", "search", "search", "social", "ad"};
constexpr std::array sections{"product", "product", "product", "search", "category", "cart", "help"};

Session start_session(Random& random, const Zipf& users) {
    Session session;
    session.user = users.draw(random);
    session.id = random.next() >> 32;
    session.agent = random.one_in(12) ? pick(random, crawlers) : pick(random, people);
    session.country = pick(random, countries);
    session.source = pick(random, sources);
    return session;
}

void print_click(Random& random, const Session& session, const Zipf& products, std::uint64_t milliseconds) {
    // 2 March 2026, from 20:00 on; the month has room for seven million clicks.
    std::uint64_t second = 20 * 3600 + milliseconds / 1000;
    std::printf(
        "{\"event_id\":\"%016llx\",\"ts\":\"2026-03-%02lluT%02llu:%02llu:%02llu.%03lluZ\"",
        static_cast<unsigned long long>(random.next()), static_cast<unsigned long long>(2 + second / 86400),
        static_cast<unsigned long long>(second / 3600 % 24),
        static_cast<unsigned long long>(second / 60 % 60), static_cast<unsigned long long>(second % 60),
        static_cast<unsigned long long>(milliseconds % 1000));
    std::printf(",\"user_id\":%llu,\"session_id\":\"%08llx\"",
                static_cast<unsigned long long>(100'000 + session.user * 7919 % 1'000'003),
                static_cast<unsigned long long>(session.id));

    std::string_view section = pick(random, sections);
    std::uint64_t product = products.draw(random);
    const char* action = "view";
    std::uint64_t cents = 0;
    if (section == "product") {
        std::printf(",\"page\":\"/product/%llu", static_cast<unsigned long long>(10'000 + product));
        cents = 199 + product * 3571 % 39'800;
        if (random.one_in(9)) action = "add";
    } else if (section == "search") {
        std::printf(",\"page\":\"/search/%llu", static_cast<unsigned long long>(product % 400));
        action = "search";
    } else if (section == "category") {
        std::printf(",\"page\":\"/category/%llu", static_cast<unsigned long long>(product % 40));
    } else if (section == "cart") {
        std::printf(",\"page\":\"/cart");
        cents = 999 + random.below(20'000);
        if (random.one_in(4)) action = "buy";
    } else {
        std::printf(",\"page\":\"/help");
    }
    if (random.one_in(10)) action = "heartbeat";
    if (*session.source) std::printf("?utm_source=%s", session.source);
    std::printf("\",\"agent\":\"%s\",\"country\":\"%s\",\"action\":\"%s\"", session.agent, session.country,
                action);
    if (cents > 0) {
        std::printf(",\"price\":%llu.%02llu", static_cast<unsigned long long>(cents / 100),
                    static_cast<unsigned long long>(cents % 100));
    } else {
        std::printf(",\"price\":null");
    }
    std::printf(",\"duration_ms\":%llu}\n",
                static_cast<unsigned long long>(40 + random.below(200) * random.below(200)));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: generate-clicks ROWS SEED > clicks.jsonl\n", stderr);
        return 2;
    }
    const std::uint64_t rows = std::strtoull(argv[1], nullptr, 10);
    Random random(std::strtoull(argv[2], nullptr, 10));
    const Zipf users(20'000, 20), products(5'000, 5);

    std::vector<Session> open(rows / 8 + 1);
    for (Session& session : open) session = start_session(random, users);
    std::uint64_t milliseconds = 0;
    for (std::uint64_t row = 0; row < rows; ++row) {
        Session& session = open[random.below(open.size())];
        print_click(random, session, products, milliseconds);
        if (random.one_in(8)) session = start_session(random, users);
        milliseconds += random.below(600);
    }
}
