#include "model/cost/bill.h"

#include <algorithm>
#include <map>
#include <utility>

namespace headroom::model {

DataRate Activity::bytes_in() const {
    DataRate sum;
    for (const Flow& flow : flows) sum += flow.bytes_in;
    return sum;
}

ItemRate Activity::items_in() const {
    ItemRate sum;
    for (const Flow& flow : flows) sum += flow.in;
    return sum;
}

Frequency Activity::batches() const {
    Frequency sum;
    for (const Flow& flow : flows) sum += flow.batches;
    return sum;
}

Money Bill::per_month() const {
    Money sum;
    for (const BillLine& line : lines) sum += Money(line.amount);
    return sum;
}

double price_of(const Price& price, double units) {
    double cost = 0;
    double below = 0;
    for (const PriceStep& step : price.steps) {
        if (units <= below) break;
        cost += (std::min(units, step.up_to) - below) * step.price;
        below = step.up_to;
    }
    return cost;
}

namespace {

std::string replaced(std::string text, std::string_view name, std::string_view by) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + by.size()))
        text.replace(at, name.size(), by);
    return text;
}

}  // namespace

std::string price_id(const Technology& technology, std::string_view dimension, std::string_view detail) {
    const auto pattern = technology.prices.find(dimension);
    if (pattern == technology.prices.end()) return {};
    return replaced(replaced(pattern->second, "{instance}", detail), "{tier}", detail);
}

Expected<Bill> make_bill(const std::vector<Usage>& usage,
                         const std::vector<const Technology*>& technology_of_usage, const PriceBook& book) {
    Bill bill;
    Problems problems;
    for (std::size_t i = 0; i < usage.size(); ++i) {
        const Usage& used = usage[i];
        const Technology* technology = technology_of_usage[i];
        if (technology == nullptr) continue;
        const std::string id = price_id(*technology, used.dimension, used.detail);
        if (id.empty()) continue;
        const Price* price = book.find(id);
        if (price == nullptr) {
            Problem problem;
            problem.field = "components." + used.component;
            problem.found = id;
            problem.message = "the price book '" + book.id + "' has no price '" + id + "' for " +
                              used.dimension + " of '" + used.component + "'";
            problems.push_back(std::move(problem));
            continue;
        }
        bill.lines.push_back({.component = used.component,
                              .dimension = used.dimension,
                              .detail = used.detail,
                              .price_id = id,
                              .units = used.per_month / price->unit_size,
                              .unit = price->unit,
                              .provenance = price->provenance});
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));

    // Volume steps count what a whole account uses of a price, so lines of one price share its average.
    std::map<std::string, double, std::less<>> units_of_price;
    for (const BillLine& line : bill.lines) units_of_price[line.price_id] += line.units;
    for (BillLine& line : bill.lines) {
        const Price& price = *book.find(line.price_id);
        const double all = units_of_price.find(line.price_id)->second;
        line.unit_price = all > 0               ? price_of(price, all) / all
                          : price.steps.empty() ? 0
                                                : price.steps.front().price;
        line.amount = line.units * line.unit_price;
    }
    return bill;
}

}  // namespace headroom::model
