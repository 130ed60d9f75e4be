// Prints a grid of loads with the errors of the flow level against the record level, beside what chance alone
// explains of them: flow_grid [constant|arrivals|lognormal|daily|crowd|limited|all] [records] [replications]
// [servers] [utilisation]

#include "../../sim/flow/grid.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

using namespace headroom::test;

namespace {

constexpr std::array all_servers{1, 8, 32, 100, 200};
constexpr std::array all_utilisations{0.3, 0.7, 0.9, 0.95, 0.99};
constexpr std::array all_scvs{0.0, 0.5, 1.0, 2.0, 4.0, 8.0};

std::vector<GridPoint> points_of(const std::string& part) {
    std::vector<GridPoint> points;
    const bool all = part == "all";
    for (const int c : all_servers)
        for (const double u : all_utilisations) {
            if (all || part == "constant")
                for (const double s : all_scvs) points.push_back({Load::constant, c, u, s});
            if (all || part == "lognormal")
                for (const double s : {0.5, 2.0, 4.0, 8.0})
                    points.push_back({Load::constant, c, u, s, 1, true});
            if (all || part == "arrivals")
                for (const double a : {0.0, 0.25, 2.0, 4.0})
                    for (const double s : {0.0, 1.0, 4.0}) points.push_back({Load::constant, c, u, s, a});
            if (all || part == "daily")
                for (const double s : {0.0, 1.0, 4.0}) points.push_back({Load::daily, c, u, s});
            if ((all || part == "crowd") && u <= 0.95)
                for (const double s : {0.0, 1.0, 4.0}) points.push_back({Load::crowd, c, u, s});
            if ((all || part == "limited") && u >= 0.9)
                for (const double s : {0.0, 1.0, 4.0}) points.push_back({Load::limited, c, u, s});
        }
    return points;
}

struct Score {
    int figures = 0, within = 0, explained = 0;
    double worst = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::string part = argc > 1 ? argv[1] : "all";
    const double records = argc > 2 ? std::atof(argv[2]) : 1e6;
    const int replications = argc > 3 ? std::atoi(argv[3]) : 4;
    const int only = argc > 4 ? std::atoi(argv[4]) : 0;
    const double at = argc > 5 ? std::atof(argv[5]) : 0;
    constexpr std::array names{"constant", "daily", "crowd", "limited"};
    std::printf("error of flow (half-width of record), %%\n%-9s %4s %5s %4s %4s", "load", "c", "rho", "cs2",
                "ca2");
    for (const char* name : Figures::names) std::printf(" %15s", name);
    std::printf("\n");
    std::map<std::string, Score> scores;
    for (GridPoint p : points_of(part)) {
        if (only > 0 && p.servers != only) continue;
        if (at > 0 && std::abs(p.utilisation - at) > 1e-9) continue;
        // Near saturation a line takes long to forget.
        p.records = records * (p.utilisation >= 0.99 ? 10 : p.utilisation >= 0.9 ? 3 : 1);
        const Comparison c = compare(p, replications);
        std::printf("%-9s %4d %5.2f %4.2g %4.2g",
                    p.lognormal ? "lognormal" : names[static_cast<std::size_t>(p.load)], p.servers,
                    p.utilisation, p.service_scv, p.arrival_scv);
        for (std::size_t i = 0; i < Figures::names.size(); ++i) {
            if (c.record.values[i] <= 0) {
                std::printf(" %15s", "");
                continue;
            }
            const double error = c.error(i), bound = bound_of(p, i), chance = c.record_error.values[i];
            const bool within = std::abs(error) <= bound, explained = std::abs(error) <= bound + chance;
            std::printf(" %6.1f (%4.1f)%s", 100 * error, 100 * chance,
                        within      ? "  "
                        : explained ? " ~"
                                    : " X");
            Score& score = scores[std::string(i < 3 ? "percentiles" : Figures::names[i]) +
                                  (p.utilisation > 0.95 ? ", rho > 0.95" : "")];
            score.figures += 1;
            score.within += within;
            score.explained += explained;
            score.worst = std::max(score.worst, std::abs(error));
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    for (const auto& [what, score] : scores)
        std::printf("%s: %d of %d within bounds, %d with the record level's own error; worst %.1f %%\n",
                    what.c_str(), score.within, score.figures, score.explained, 100 * score.worst);
}
