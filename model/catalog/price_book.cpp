#include "model/catalog/price_book.h"

#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace headroom::model {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double hours_of_year = 8760;

InstanceType read_instance(const Value::Entry& entry, const Sources& sources, Problems& problems) {
    InstanceType type;
    type.id = entry.key;
    Fields fields(entry.value, "instances." + entry.key, problems);
    type.vcpus = fields.quantity("vcpus", dimensions::none).value_or(0);
    type.memory = DataSize(fields.quantity("memory", dimensions::data).value_or(0));
    type.network = DataRate(fields.quantity("network", dimensions::data_rate).value_or(0));
    type.disk = DataRate(fields.quantity("disk", dimensions::data_rate).value_or(0));
    type.local_disk = DataSize(fields.optional_quantity("local-disk", dimensions::data).value_or(0));
    type.core_speed = fields.optional_quantity("core-speed", dimensions::none).value_or(1);
    type.provenance = sources.named_by(fields, "source", true);
    type.disk_provenance = sources.named_by(fields, "disk-source", false);
    if (type.disk_provenance.source.empty()) type.disk_provenance = type.provenance;
    type.speed_provenance = sources.named_by(fields, "speed-source", false);
    for (const char* positive : {"vcpus", "memory", "network", "disk", "core-speed"})
        if (const Value* value = fields.optional(positive); value != nullptr && value->text == "0")
            fields.complain(*value, positive, "'0' is not possible here; more than zero expected");
    fields.finish();
    return type;
}

/// "h" or "GB-month" or "1000 requests": how many base units one unit holds.
std::optional<double> unit_size_of(const std::string& per) {
    const bool counted = !per.empty() && per.front() >= '0' && per.front() <= '9';
    const auto parsed = parse_quantity(counted ? per : "1 " + per);
    if (!parsed || !(parsed->value > 0)) return std::nullopt;
    return parsed->value;
}

void read_steps(const Value& steps, Price& price, const std::string& path, const Sources& sources,
                Problems& problems) {
    if (!steps.is_sequence() || steps.items.empty()) {
        problems.push_back({.place = steps.place,
                            .field = path,
                            .message = "a list of steps is expected, for example '[{up-to: 50000, price: "
                                       "0.023}, {price: 0.022}]'"});
        return;
    }
    double below = 0;
    for (std::size_t i = 0; i < steps.items.size(); ++i) {
        const bool last = i + 1 == steps.items.size();
        Fields fields(steps.items[i], path + "[" + std::to_string(i) + "]", problems);
        PriceStep step{.up_to = infinity};
        if (const auto up_to = fields.optional_quantity("up-to", dimensions::none)) {
            step.up_to = *up_to;
            if (step.up_to <= below)
                fields.complain(*fields.optional("up-to"), "up-to",
                                "each step must reach further than the one before");
            below = step.up_to;
            if (last)
                fields.complain(*fields.optional("up-to"), "up-to",
                                "the last step has no end; leave 'up-to' out");
        } else if (!last && fields.usable()) {
            fields.complain(fields.value(), "up-to", "only the last step may have no end");
        }
        step.price = fields.quantity("price", dimensions::none).value_or(0);
        const Provenance own = sources.named_by(fields, "source", false);
        // A price as a whole is as sure as its least sure step.
        if (own.status == 'M' && !own.source.empty() && price.provenance.status != 'M') {
            price.provenance.source += "; from step " + std::to_string(i + 1) + " on: " + own.source;
            price.provenance.status = 'M';
        }
        fields.finish();
        price.steps.push_back(step);
    }
}

/// What is billed beyond the amount itself.
void read_terms(Fields& fields, Price& price) {
    price.minimum_held = Duration(fields.optional_quantity("minimum-held", dimensions::time).value_or(0));
    price.minimum_size = DataSize(fields.optional_quantity("minimum-size", dimensions::data).value_or(0));
    price.extra_size = DataSize(fields.optional_quantity("extra-size", dimensions::data).value_or(0));
    price.index_size = DataSize(fields.optional_quantity("index-size", dimensions::data).value_or(0));
    price.index_price = fields.optional_text("index-price", "");
    if (price.index_size.value() > 0 && price.index_price.empty())
        fields.complain(*fields.optional("index-size"), "index-size",
                        "'index-price' is missing: the price at which the index is billed");
}

std::string dollars(double amount) { return "$" + format_quantity(amount, dimensions::none, {.digits = 6}); }

/// A machine of one's own by the hour: written off evenly over its life, with upkeep and electricity.
void read_bought(Fields& fields, Price& price) {
    const double bought = fields.quantity("bought", dimensions::none).value_or(0);
    const double life = fields.quantity("life", dimensions::time).value_or(0) / 3600;
    const double upkeep = fields.optional_quantity("upkeep", dimensions::none).value_or(0);
    const double kilowatts = fields.optional_quantity("kilowatts", dimensions::none).value_or(0);
    const double electricity = fields.optional_quantity("electricity", dimensions::none).value_or(0);
    if (const Value* zero = fields.optional("life"); zero != nullptr && !(life > 0)) {
        fields.complain(*zero, "life", "a life must be longer than zero, for example '5 y'");
        return;
    }
    if (kilowatts > 0 && fields.optional("electricity") == nullptr)
        fields.complain(fields.value(), "electricity",
                        "'electricity' is missing: dollars a kilowatt-hour, cooling included");
    if (price.unit_size != 3600 && !price.unit.empty())
        fields.complain(*fields.optional("per"), "per", "what is bought is billed by the hour: 'h' expected");
    const double hourly = bought / life + bought * upkeep / hours_of_year + kilowatts * electricity;
    price.steps.push_back({infinity, hourly});
    price.provenance.source += " (" + dollars(bought) + " written off over " + format(hours(life));
    if (upkeep > 0)
        price.provenance.source +=
            ", upkeep " + format_quantity(upkeep, dimensions::none, {.percent = true}) + " a year";
    if (kilowatts > 0)
        price.provenance.source +=
            ", " + format_quantity(kilowatts, dimensions::none) + " kW at " + dollars(electricity) + "/kWh";
    price.provenance.source += ")";
    if (price.provenance.status == 'S') price.provenance.status = 'D';
}

Price read_price(const Value::Entry& entry, const Sources& sources, Problems& problems) {
    Price price;
    price.id = entry.key;
    const std::string path = "prices." + entry.key;
    Fields fields(entry.value, path, problems);
    price.unit = fields.text("per");
    price.provenance = sources.named_by(fields, "source", true);
    if (const auto size = fields.optional_quantity("unit-size", dimensions::none))
        price.unit_size = *size;
    else if (const auto derived = unit_size_of(price.unit))
        price.unit_size = *derived;
    else if (!price.unit.empty())
        fields.complain(
            *fields.optional("per"), "per",
            "'" + price.unit + "' is not a unit; for example 'h', 'GB-month' or '1000 requests' expected");
    if (!(price.unit_size > 0))
        fields.complain(fields.value(), "unit-size", "a unit must be larger than zero");
    read_terms(fields, price);
    const Value* steps = fields.optional("steps");
    const Value* bought = fields.optional("bought");
    const Value* amount = steps != nullptr || bought != nullptr ? fields.optional("price") : nullptr;
    if ((steps != nullptr) + (bought != nullptr) + (amount != nullptr) > 1)
        fields.complain(amount != nullptr ? *amount : *bought, "price",
                        "a price has one of 'price', 'steps' and 'bought', not two");
    if (steps != nullptr) {
        read_steps(*steps, price, path + ".steps", sources, problems);
    } else if (bought != nullptr) {
        read_bought(fields, price);
    } else if (const auto dollars = fields.quantity("price", dimensions::none)) {
        price.steps.push_back({infinity, *dollars});
    }
    fields.finish();
    return price;
}

/// A price's name, or a pattern with one '*' that stands for any part of a name.
class Pattern {
public:
    explicit Pattern(const std::string& text) : star_(text.find('*')) {
        before_ = text.substr(0, star_);
        if (star_ != std::string::npos) after_ = text.substr(star_ + 1);
    }
    bool valid() const { return after_.find('*') == std::string::npos && !(before_ + after_).empty(); }
    bool has_star() const { return star_ != std::string::npos; }
    /// What the star stands for in `name`, or nothing where the name does not match.
    std::optional<std::string> match(std::string_view name) const {
        if (!has_star()) return name == before_ ? std::optional<std::string>("") : std::nullopt;
        if (name.size() < before_.size() + after_.size() || !name.starts_with(before_) ||
            !name.ends_with(after_))
            return std::nullopt;
        return std::string(name.substr(before_.size(), name.size() - before_.size() - after_.size()));
    }
    std::string filled(const std::string& star) const {
        return has_star() ? before_ + star + after_ : before_;
    }

private:
    std::size_t star_;
    std::string before_, after_;
};

std::optional<Pattern> read_pattern(Fields& fields, std::string_view key) {
    const std::string text = fields.text(key);
    if (text.empty()) return std::nullopt;
    Pattern pattern(text);
    if (pattern.valid()) return pattern;
    fields.complain(*fields.optional(key), key,
                    "the name of a price is expected, in which one '*' can stand for any part, for example "
                    "'ec2.*.on-demand'");
    return std::nullopt;
}

Provenance combined(const Provenance& rule, const Provenance& of, std::string text) {
    Provenance both{.status = rule.status == 'M' || of.status == 'M' ? 'M' : 'D',
                    .source = std::move(text) + ": " + rule.source,
                    .as_of = rule.as_of};
    return both;
}

std::string percent(double share) {
    return format_quantity(share, dimensions::none, {.digits = 4, .percent = true});
}

/// The entries of a list of rules; a problem where it is something else.
template <class Take>
void each_rule(const Value* rules, const std::string& key, Problems& problems, Take take) {
    if (rules == nullptr) return;
    if (!rules->is_sequence()) {
        problems.push_back({.place = rules->place, .field = key, .message = "a list of rules is expected"});
        return;
    }
    for (std::size_t i = 0; i < rules->items.size(); ++i) {
        Fields fields(rules->items[i], key + "[" + std::to_string(i) + "]", problems);
        if (fields.usable()) take(fields);
    }
}

void apply_discounts(const Value* rules, const Sources& sources, PriceBook& book, Problems& problems) {
    each_rule(rules, "discounts", problems, [&](Fields& fields) {
        const auto pattern = read_pattern(fields, "prices");
        const double discount = fields.quantity("discount", dimensions::none).value_or(0);
        const Provenance source = sources.named_by(fields, "source", true);
        if (discount > 1)
            fields.complain(*fields.optional("discount"), "discount", "a discount is at most 100 %");
        fields.finish();
        if (!pattern || discount > 1) return;
        bool any = false;
        for (auto& [id, price] : book.prices) {
            if (!pattern->match(id)) continue;
            any = true;
            for (PriceStep& step : price.steps) step.price *= 1 - discount;
            price.provenance = combined(source, price.provenance,
                                        percent(discount) + " below '" + price.provenance.source + "'");
        }
        if (!any)
            fields.complain(*fields.optional("prices"), "prices",
                            "no price of the extended book has such a name");
    });
}

void derive_prices(const Value* rules, const Sources& sources, PriceBook& book, Problems& problems) {
    each_rule(rules, "derived", problems, [&](Fields& fields) {
        const auto made = read_pattern(fields, "prices");
        const auto of = read_pattern(fields, "of");
        const double share = fields.quantity("share", dimensions::none).value_or(0);
        const double most = fields.optional_quantity("at-most", dimensions::none).value_or(infinity);
        const Provenance source = sources.named_by(fields, "source", true);
        fields.finish();
        if (!made || !of) return;
        if (made->has_star() != of->has_star()) {
            fields.complain(fields.value(), "prices", "either both of 'prices' and 'of' have a '*', or none");
            return;
        }
        std::vector<Price> derived;
        bool any = false;
        for (const auto& [id, price] : book.prices) {
            const auto star = of->match(id);
            if (!star) continue;
            any = true;
            Price own = price;
            own.id = made->filled(*star);
            for (PriceStep& step : own.steps) step.price = std::min(most, step.price * share);
            std::string text = percent(share) + " of " + id;
            if (std::isfinite(most)) text += ", at most " + dollars(most);
            own.provenance = combined(source, price.provenance, std::move(text));
            derived.push_back(std::move(own));
        }
        if (!any) fields.complain(*fields.optional("of"), "of", "no price has such a name");
        // What the book states itself is not derived.
        for (Price& own : derived) book.prices.emplace(own.id, own);
    });
}

/// Copies what the book extends.
void extend(Fields& fields, const PriceBooks& extendable, PriceBook& book) {
    const std::string id = fields.optional_text("extends", "");
    if (id.empty()) return;
    const auto base = extendable.find(id);
    if (base != extendable.end()) {
        book.prices = base->second.prices;
        return;
    }
    std::vector<std::string> names;
    for (const auto& [name, other] : extendable) names.push_back(name);
    const std::string near = nearest_name(id, names);
    fields.complain(*fields.optional("extends"), "extends",
                    "there is no price book of this name that can be extended" +
                        (near.empty() ? std::string() : "; did you mean '" + near + "'?"));
}

void check_indexes(const Value& tree, const PriceBook& book, Problems& problems) {
    for (const auto& [id, price] : book.prices)
        if (!price.index_price.empty() && book.find(price.index_price) == nullptr)
            problems.push_back({.place = tree.place,
                                .field = "prices." + id + ".index-price",
                                .found = price.index_price,
                                .message = "the book has no price '" + price.index_price + "'"});
}

}  // namespace

PriceBook read_price_book(const Value& tree, const PriceBooks& extendable, Problems& problems) {
    PriceBook book;
    Fields fields(tree, "", problems);
    book.id = fields.text("id");
    book.title = fields.text("title");
    book.currency = fields.optional_text("currency", "USD");
    if (book.currency != "USD")
        fields.complain(*fields.optional("currency"), "currency", "only prices in USD can be used");
    const Sources sources(fields.optional("sources"), "sources", problems);
    extend(fields, extendable, book);
    apply_discounts(fields.optional("discounts"), sources, book, problems);
    const bool extends = fields.optional("extends") != nullptr;
    if (const Value* prices = extends ? fields.optional("prices") : fields.required("prices");
        prices != nullptr && Fields(*prices, "prices", problems).usable())
        for (const Value::Entry& entry : prices->entries)
            book.prices.insert_or_assign(entry.key, read_price(entry, sources, problems));
    derive_prices(fields.optional("derived"), sources, book, problems);
    check_indexes(tree, book, problems);
    if (const Value* instances = fields.optional("instances"))
        book.instances = read_instances(*instances, sources, problems);
    fields.finish();
    return book;
}

std::map<std::string, InstanceType, std::less<>> read_instances(const Value& instances,
                                                                const Sources& sources, Problems& problems) {
    std::map<std::string, InstanceType, std::less<>> types;
    if (Fields(instances, "instances", problems).usable())
        for (const Value::Entry& entry : instances.entries)
            types.emplace(entry.key, read_instance(entry, sources, problems));
    return types;
}

const Price* PriceBook::find(std::string_view price) const {
    const auto found = prices.find(price);
    return found == prices.end() ? nullptr : &found->second;
}

}  // namespace headroom::model
