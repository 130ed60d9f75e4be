#include "model/catalog/catalog.h"

#include "model/catalog/fields.h"
#include "model/units/unit.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

namespace headroom::model {

namespace {

constexpr std::size_t largest_file = 16u << 20;

void complain(Problems& problems, const std::filesystem::path& file, std::string message) {
    Problem problem;
    problem.place.file = file.string();
    problem.message = std::move(message);
    problems.push_back(std::move(problem));
}

/// The tree of one file, or nothing with the reason in `problems`.
std::optional<Value> read_tree(const std::filesystem::path& file, Problems& problems) {
    std::ifstream in(file, std::ios::binary);
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!in || error) {
        complain(problems, file, "the file cannot be read");
        return std::nullopt;
    }
    if (size > largest_file) {
        complain(problems, file, "the file is larger than 16 MiB");
        return std::nullopt;
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    Expected<Value> tree = parse_yaml(text, file.string());
    if (tree) return std::move(*tree);
    problems.insert(problems.end(), tree.error().begin(), tree.error().end());
    return std::nullopt;
}

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& folder, Problems& problems) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (auto it = std::filesystem::directory_iterator(folder, error);
         !error && it != std::filesystem::directory_iterator(); it.increment(error))
        if (it->path().extension() == ".yaml") files.push_back(it->path());
    if (error || files.empty()) complain(problems, folder, "the folder holds no catalogue files");
    std::sort(files.begin(), files.end());  // so that problems come in one order everywhere
    return files;
}

Technology read_technology(const Value& tree, Problems& problems) {
    Technology technology;
    Fields fields(tree, "", problems);
    technology.id = fields.text("id");
    technology.title = fields.text("title");
    technology.kind = fields.text("kind");
    technology.help = fields.text("help");
    technology.icon = fields.optional_text("icon", technology.kind);
    const Sources sources(fields.optional("sources"), "sources", problems);
    if (const Value* defaults = fields.optional("defaults");
        defaults != nullptr && Fields(*defaults, "defaults", problems).usable())
        for (const Value::Entry& entry : defaults->entries) {
            Fields figure(entry.value, "defaults." + entry.key, problems);
            TechnologyDefault value{.text = figure.text("value"),
                                    .provenance = sources.named_by(figure, "source", true)};
            figure.finish();
            technology.defaults.emplace(entry.key, std::move(value));
        }
    if (const Value* prices = fields.optional("prices");
        prices != nullptr && Fields(*prices, "prices", problems).usable())
        for (const Value::Entry& entry : prices->entries) {
            Fields all(*prices, "prices", problems);
            technology.prices.emplace(entry.key, all.text(entry.key));
        }
    fields.finish();
    return technology;
}

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
        PriceStep step{.up_to = std::numeric_limits<double>::infinity()};
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
    if (const Value* steps = fields.optional("steps")) {
        read_steps(*steps, price, path + ".steps", sources, problems);
        if (const Value* both = fields.optional("price"))
            fields.complain(*both, "price", "a price has either 'price' or 'steps', not both");
    } else if (const auto amount = fields.quantity("price", dimensions::none)) {
        price.steps.push_back({std::numeric_limits<double>::infinity(), *amount});
    }
    fields.finish();
    return price;
}

PriceBook read_price_book(const Value& tree, Problems& problems) {
    PriceBook book;
    Fields fields(tree, "", problems);
    book.id = fields.text("id");
    book.title = fields.text("title");
    book.currency = fields.optional_text("currency", "USD");
    if (book.currency != "USD")
        fields.complain(*fields.optional("currency"), "currency", "only prices in USD can be used");
    const Sources sources(fields.optional("sources"), "sources", problems);
    if (const Value* prices = fields.required("prices");
        prices != nullptr && Fields(*prices, "prices", problems).usable())
        for (const Value::Entry& entry : prices->entries)
            book.prices.emplace(entry.key, read_price(entry, sources, problems));
    fields.finish();
    return book;
}

template <class Map>
auto* found_in(const Map& map, std::string_view id) {
    const auto it = map.find(id);
    return it == map.end() ? nullptr : &it->second;
}

/// Keeps a thing under its id; a file that repeats an id is an error.
template <class Thing>
void keep(std::map<std::string, Thing, std::less<>>& all, Thing thing, const Value& tree,
          Problems& problems) {
    const std::string id = thing.id;
    if (id.empty()) return;  // already a problem
    if (!all.emplace(id, std::move(thing)).second)
        problems.push_back({.place = tree.place,
                            .field = "id",
                            .found = id,
                            .message = "'" + id + "' is already taken by another file"});
}

}  // namespace

const Price* PriceBook::find(std::string_view price) const { return found_in(prices, price); }

Expected<PriceBook> load_price_book(const std::filesystem::path& file) {
    Problems problems;
    PriceBook book;
    if (const auto tree = read_tree(file, problems)) book = read_price_book(*tree, problems);
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return book;
}

Expected<Catalog> Catalog::load(const std::filesystem::path& resources) {
    Catalog catalog;
    Problems problems;
    const std::filesystem::path folder = resources / "catalog";
    for (const auto& file : yaml_files(folder / "technologies", problems))
        if (const auto tree = read_tree(file, problems))
            keep(catalog.technologies_, read_technology(*tree, problems), *tree, problems);
    for (const auto& file : yaml_files(folder / "prices", problems))
        if (const auto tree = read_tree(file, problems))
            keep(catalog.price_books_, read_price_book(*tree, problems), *tree, problems);
    if (const auto tree = read_tree(folder / "instances.yaml", problems)) {
        Fields fields(*tree, "", problems);
        const Sources sources(fields.optional("sources"), "sources", problems);
        if (const Value* instances = fields.required("instances");
            instances != nullptr && Fields(*instances, "instances", problems).usable())
            for (const Value::Entry& entry : instances->entries)
                catalog.instances_.emplace(entry.key, read_instance(entry, sources, problems));
        fields.finish();
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return catalog;
}

const Technology* Catalog::technology(std::string_view id) const { return found_in(technologies_, id); }
const InstanceType* Catalog::instance(std::string_view id) const { return found_in(instances_, id); }
const PriceBook* Catalog::price_book(std::string_view id) const { return found_in(price_books_, id); }

}  // namespace headroom::model
