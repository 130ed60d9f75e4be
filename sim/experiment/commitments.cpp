#include "sim/experiment/commitments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace headroom::sim {

namespace {

constexpr std::string_view on_demand = ".on-demand";

/// Dollars a base unit of a price without volume steps; NaN where there is none.
double price_at(const model::PriceBook& book, const std::string& id) {
    const model::Price* price = book.find(id);
    return price == nullptr || price->steps.size() != 1 ? std::numeric_limits<double>::quiet_NaN()
                                                        : price->steps.front().price / price->unit_size;
}

/// Least that is billed in any month from each on: what stays until the end.
std::vector<double> lasting(std::vector<double> units) {
    for (std::size_t m = units.size(); m-- > 1;) units[m - 1] = std::min(units[m - 1], units[m]);
    return units;
}

void choose(Commitment& layer, int months, double hourly, double year, double three) {
    const double month = model::months(1).value();
    const double now = hourly * month * layer.nodes;
    layer.even_1 = 12 * year / hourly;
    layer.even_3 = 36 * three / hourly;
    layer.on_demand_cost = layer.cost = now * months;
    layer.on_demand_months = months;
    for (int threes = 0; 36 * threes < months + 36; ++threes)
        for (int ones = 0; 36 * threes + 12 * ones < months + 12 || ones == 0; ++ones) {
            if ((threes > 0 && std::isnan(three)) || (ones > 0 && std::isnan(year))) continue;
            const int rest = std::max(0, months - 36 * threes - 12 * ones);
            double cost = now * rest;
            if (threes > 0) cost += 36 * threes * three * month * layer.nodes;
            if (ones > 0) cost += 12 * ones * year * month * layer.nodes;
            if (cost >= layer.cost * (1 - 1e-9)) continue;
            layer.cost = cost;
            layer.years_of_3 = threes;
            layer.years_of_1 = ones;
            layer.on_demand_months = rest;
        }
}

}  // namespace

std::vector<Commitment> commitments_for(const std::vector<model::Bill>& months,
                                        const model::PriceBook& book) {
    // By component and price: base units of each month.
    std::map<std::pair<std::string, std::string>, std::vector<double>> billed;
    std::map<std::pair<std::string, std::string>, std::string> instance;
    for (std::size_t m = 0; m < months.size(); ++m)
        for (const model::BillLine& line : months[m].lines) {
            if (!line.price_id.ends_with(on_demand)) continue;
            const std::pair key{line.component, line.price_id};
            std::vector<double>& units = billed[key];
            units.resize(months.size(), 0.0);
            units[m] += line.units * book.find(line.price_id)->unit_size;
            instance[key] = line.detail;
        }
    std::vector<Commitment> all;
    for (const auto& [key, units] : billed) {
        const std::string stem = key.second.substr(0, key.second.size() - on_demand.size());
        const double hourly = price_at(book, key.second);
        const double year = price_at(book, stem + ".reserved-1y"),
                     three = price_at(book, stem + ".reserved-3y");
        if (std::isnan(hourly) || !(hourly > 0) || (std::isnan(year) && std::isnan(three))) continue;
        const std::vector<double> steady = lasting(units);
        double before = 0;
        for (std::size_t m = 0; m < steady.size(); ++m) {
            const double more = (steady[m] - before) / model::months(1).value();
            before = std::max(before, steady[m]);
            if (!(more > 1e-9)) continue;
            Commitment layer{.component = key.first, .instance = instance[key], .month = static_cast<int>(m)};
            layer.nodes = more;
            choose(layer, static_cast<int>(steady.size() - m), hourly, year, three);
            all.push_back(std::move(layer));
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.month < b.month; });
    return all;
}

}  // namespace headroom::sim
