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

std::vector<std::string> price_ids(const Technology& technology, std::string_view dimension,
                                   std::string_view detail, std::string_view purchase) {
    std::vector<std::string> ids;
    const auto patterns = technology.prices.find(dimension);
    if (patterns == technology.prices.end()) return ids;
    for (const std::string& pattern : patterns->second)
        ids.push_back(replaced(replaced(replaced(pattern, "{instance}", detail), "{tier}", detail),
                               "{purchase}", purchase));
    return ids;
}

namespace {

bool depends_on_purchase(const Technology& technology, const std::string& dimension, std::size_t pattern) {
    return technology.prices.find(dimension)->second[pattern].find("{purchase}") != std::string::npos;
}

/// What the price's terms make of an amount that is held: at least so long, and items at least so large.
double billed(const Usage& used, const Price& price) {
    double amount = used.per_month;
    const double held = used.held_for.value(), size = used.item_size.value();
    if (held > 0) amount *= std::max(1.0, price.minimum_held.value() / held);
    if (size > 0) amount *= (std::max(size, price.minimum_size.value()) + price.extra_size.value()) / size;
    return amount;
}

/// Collects lines, or why there are none.
class Lines {
public:
    explicit Lines(const PriceBook& book) : book_(book) {}

    void add(const Usage& used, const std::string& id, const std::string& purchase, double share) {
        const Price* price = book_.find(id);
        if (price == nullptr) {
            Problem problem;
            problem.field = used.component.empty() ? "people" : "components." + used.component;
            problem.found = id;
            problem.message = "the price book '" + book_.id + "' has no price '" + id + "' for " +
                              used.dimension + " of '" + used.component + "'";
            problems.push_back(std::move(problem));
            return;
        }
        std::string detail = used.detail;
        if (purchase != "on-demand") detail += (detail.empty() ? "" : ", ") + purchase;
        put(used, *price, detail, share * billed(used, *price));
        const double size = used.item_size.value();
        if (price->index_size.value() > 0 && size > 0)
            if (const Price* index = book_.find(price->index_price)) {
                const double held = used.held_for.value();
                const double least = held > 0 ? std::max(1.0, price->minimum_held.value() / held) : 1;
                put(used, *index, detail + ", index",
                    share * used.per_month * least * price->index_size.value() / size);
            }
    }

    Bill bill;
    Problems problems;

private:
    void put(const Usage& used, const Price& price, std::string detail, double amount) {
        bill.lines.push_back({.component = used.component,
                              .dimension = used.dimension,
                              .detail = std::move(detail),
                              .price_id = price.id,
                              .units = amount / price.unit_size,
                              .unit = price.unit,
                              .provenance = price.provenance});
    }

    const PriceBook& book_;
};

}  // namespace

Expected<Bill> make_bill(const std::vector<Usage>& usage, const std::vector<Buyer>& buyers,
                         const PriceBook& book) {
    Lines lines(book);
    for (std::size_t i = 0; i < usage.size(); ++i) {
        const Usage& used = usage[i];
        const Technology* technology = buyers[i].technology;
        if (technology == nullptr) continue;
        const std::vector<std::string> plain = price_ids(*technology, used.dimension, used.detail);
        for (std::size_t p = 0; p < plain.size(); ++p) {
            if (!depends_on_purchase(*technology, used.dimension, p)) {
                lines.add(used, plain[p], "on-demand", 1);
                continue;
            }
            for (const auto& [purchase, share] : buyers[i].mix)
                if (share > 0)
                    lines.add(used, price_ids(*technology, used.dimension, used.detail, purchase)[p],
                              purchase, share);
        }
    }
    if (!lines.problems.empty()) return tl::unexpected(std::move(lines.problems));
    Bill bill = std::move(lines.bill);

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
