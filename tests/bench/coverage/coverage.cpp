// How often 95 % intervals hold the truth, over many runs: mean and percentiles of M/M/1 and M/M/4, with a
// fixed number of replications and with as many as an objective asks for.

#include "tests/validation/coverage.h"

#include <cstdio>
#include <cstdlib>

using namespace headroom;

int main(int count, char** words) {
    if (count < 2) {
        std::fputs("usage: headroom_coverage RESOURCES [RUNS]\n", stderr);
        return 2;
    }
    const int runs = count > 2 ? std::atoi(words[2]) : 100;
    const auto catalog = model::Catalog::load(words[1]);
    if (!catalog) {
        std::fprintf(stderr, "%s: the catalogue cannot be read\n", words[1]);
        return 2;
    }
    const validation::CoverageCase cases[] = {
        {1, 0.5, 20'000, 10},       {1, 0.9, 50'000, 10},       {4, 0.9, 50'000, 10},
        {1, 0.9, 500'000, 10},      {1, 0.5, 10'000, 0},        {1, 0.9, 50'000, 0},
        {1, 0.9, 50'000, 0, "p99"}, {4, 0.9, 50'000, 0, "p99"}, {1, 0.5, 10'000, 0, "p99.9"},
    };
    std::printf("%-42s%8s%9s%9s%9s%12s\n", "M/M/c, customers x replications", "figure", "known", "held",
                "bias", "half-width");
    for (const auto& one : cases) {
        validation::Coverage coverage(one, *catalog);
        if (!coverage.valid()) return 2;
        for (int seed = 1; seed <= runs; ++seed) coverage.run(static_cast<std::uint64_t>(seed), *catalog);
        char title[128];
        std::snprintf(title, sizeof title, "M/M/%d %.2f, %.0f x %.1f%s%s", one.servers, one.utilisation,
                      one.customers, coverage.replications() / runs, one.replications > 0 ? "" : " for ",
                      one.replications > 0 ? "" : one.objective);
        for (const auto& figure : coverage.figures()) {
            std::printf("%-42s%8s%7.0f %%%7.1f %%%+7.2f %%%10.2f %%\n", title, figure.metric + 9,
                        100.0 * figure.known / figure.runs, 100 * figure.share_held(),
                        100 * figure.bias / figure.known, 100 * figure.half_width / figure.known);
            title[0] = 0;
        }
    }
}
