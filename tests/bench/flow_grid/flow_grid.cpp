// Holds the flow level against the record level on a grid of loads:
//   flow_grid record FILE [load] [most]       adds to the file what the record level makes of the points that
//                                             it lacks, each until it is known well enough or `most` records
//                                             have been followed
//   flow_grid FILE [load] [servers] [utilisation] [replications]
//                                             prints the errors of the flow level beside what chance alone
//                                             explains of them
// Loads are constant, lognormal, arrivals, daily, crowd, limited, or all. record.csv is such a file: delete
// it where the record level changes what it finds.

#include "../../sim/flow/grid.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

using namespace headroom;
using namespace headroom::test;

namespace {

constexpr std::array all_servers{1, 8, 32, 100, 200};
constexpr std::array all_utilisations{0.3, 0.7, 0.9, 0.95, 0.99};

std::vector<GridPoint> points_of(const std::string& part) {
    std::vector<GridPoint> points;
    const auto asked = [&](const char* load) { return part == "all" || part == load; };
    for (const double u : all_utilisations)
        for (const int c : all_servers) {
            // Near saturation a line takes long to forget.
            const double records = u >= 0.99 ? 5e6 : u >= 0.95 ? 1e6 : u >= 0.9 ? 5e5 : 2e5;
            const auto add = [&](Load load, double service, double arrivals = 1, bool lognormal = false) {
                points.push_back({load, c, u, service, arrivals, lognormal, records});
            };
            if (asked("constant"))
                for (const double s : {0.0, 0.5, 1.0, 2.0, 4.0, 8.0}) add(Load::constant, s);
            if (asked("lognormal"))
                for (const double s : {0.5, 2.0, 4.0, 8.0}) add(Load::constant, s, 1, true);
            if (asked("arrivals"))
                for (const double a : {0.0, 0.25, 2.0, 4.0})
                    for (const double s : {0.0, 1.0, 4.0}) add(Load::constant, s, a);
            for (const double s : {0.0, 1.0, 4.0}) {
                if (asked("daily")) add(Load::daily, s);
                if (asked("crowd") && u <= 0.95) add(Load::crowd, s);
                if (asked("limited") && u >= 0.9) add(Load::limited, s);
            }
        }
    return points;
}

std::string name_of(const GridPoint& p) {
    constexpr std::array names{"constant", "daily", "crowd", "limited"};
    char name[80];
    std::snprintf(name, sizeof name, "%s,%d,%g,%g,%g",
                  p.lognormal ? "lognormal" : names[static_cast<std::size_t>(p.load)], p.servers,
                  p.utilisation, p.service_scv, p.arrival_scv);
    return name;
}

/// What the record level found at a point.
struct Known {
    Figures mean, half_width;
};

std::map<std::string, Known> read(const std::string& file) {
    std::map<std::string, Known> known;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::size_t end = 0;
        for (int comma = 0; comma < 5 && end != std::string::npos; ++comma) end = line.find(',', end + 1);
        if (end == std::string::npos) continue;
        std::string figures = line.substr(end);
        std::replace(figures.begin(), figures.end(), ',', ' ');
        std::istringstream numbers(figures);
        int replications = 0;
        Known point;
        numbers >> replications;
        for (std::size_t i = 0; i < Figures::count; ++i)
            numbers >> point.mean.values[i] >> point.half_width.values[i];
        if (numbers) known[line.substr(0, end)] = point;
    }
    return known;
}

/// Half of what the flow level is allowed leaves little to chance.
bool is_known(const GridPoint& p, const Figures& half_widths) {
    for (std::size_t i = 0; i < Figures::count; ++i)
        if (half_widths.values[i] > bound_of(p, i) / 2) return false;
    return true;
}

void record(const std::string& file, const std::string& part, double most) {
    const std::map<std::string, Known> known = read(file);
    std::ofstream out(file, std::ios::app);
    if (out.tellp() == 0) {
        out << "load,servers,utilisation,service scv,arrival scv,replications";
        for (const char* name : Figures::names) out << "," << name << ",half-width";
        out << "\n";
    }
    out.precision(7);
    for (const GridPoint& p : points_of(part)) {
        if (known.contains(name_of(p))) continue;
        std::vector<Outcome> all;
        while (all.size() < 4 ||
               (!is_known(p, half_widths_of(all)) && static_cast<double>(all.size()) * p.records < most))
            all.push_back(replicate(p, static_cast<int>(all.size()), sim::simulate_records));
        const Figures mean = mean_of(all), half_width = half_widths_of(all);
        out << name_of(p) << "," << all.size();
        for (std::size_t i = 0; i < Figures::count; ++i)
            out << "," << mean.values[i] << "," << half_width.values[i];
        out << std::endl;
    }
}

struct Score {
    int figures = 0, within = 0, explained = 0;
    double worst = 0;
    std::string at;
};

void print_errors(const GridPoint& p, const Comparison& c, std::map<std::string, Score>& scores) {
    std::printf("%-26s", name_of(p).c_str());
    for (std::size_t i = 0; i < Figures::count; ++i) {
        if (c.record.values[i] <= 0) {
            std::printf(" %15s", "");
            continue;
        }
        const double error = c.error(i), bound = bound_of(p, i), chance = c.record_error.values[i];
        const bool within = std::abs(error) <= bound, explained = std::abs(error) <= bound + chance;
        std::printf(" %6.1f (%4.1f)%s", 100 * error, 100 * chance, within ? "  " : explained ? " ~" : " X");
        Score& score = scores[std::string(i < 3 ? "percentiles" : Figures::names[i]) +
                              (p.utilisation > 0.95 ? ", rho > 0.95" : "")];
        score.figures += 1;
        score.within += within;
        score.explained += explained;
        if (std::abs(error) > score.worst) score.worst = std::abs(error), score.at = name_of(p);
    }
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto word = [&](std::size_t i, const char* otherwise) {
        return i < words.size() ? words[i] : std::string(otherwise);
    };
    if (words.empty() || (words[0] == "record" && words.size() < 2)) {
        std::fprintf(stderr, "usage: flow_grid [record] FILE [load] ...\n");
        return 2;
    }
    if (words[0] == "record") {
        record(words[1], word(2, "all"), std::atof(word(3, "1e8").c_str()));
        return 0;
    }
    const std::map<std::string, Known> known = read(words[0]);
    const int servers = std::atoi(word(2, "0").c_str()), replications = std::atoi(word(4, "4").c_str());
    const double utilisation = std::atof(word(3, "0").c_str());
    std::printf("error of flow (half-width of record), %%\n%-26s", "load,c,rho,cs2,ca2");
    for (const char* name : Figures::names) std::printf(" %15s", name);
    std::printf("\n");
    std::map<std::string, Score> scores;
    int lacking = 0;
    for (const GridPoint& p : points_of(word(1, "all"))) {
        if (servers > 0 && p.servers != servers) continue;
        if (utilisation > 0 && std::abs(p.utilisation - utilisation) > 1e-9) continue;
        const auto record = known.find(name_of(p));
        if (record == known.end()) {
            ++lacking;
            continue;
        }
        std::vector<Outcome> flows;
        for (int r = 0; r < replications; ++r) flows.push_back(replicate(p, r, sim::simulate_flow));
        print_errors(p, {record->second.mean, record->second.half_width, mean_of(flows)}, scores);
    }
    for (const auto& [what, score] : scores)
        std::printf("%s: %d of %d within bounds, %d with the record level's own error; worst %.1f %% at %s\n",
                    what.c_str(), score.within, score.figures, score.explained, 100 * score.worst,
                    score.at.c_str());
    if (lacking > 0) std::printf("%d points are not in the file\n", lacking);
}
