#include "model/catalog/catalog.h"

#include "model/catalog/fields.h"
#include "model/catalog/price_book.h"

#include <algorithm>
#include <fstream>
#include <iterator>
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

/// "ec2.{instance}.{purchase}", or a list of prices that are all charged.
std::vector<std::string> read_price_ids(const Value::Entry& entry, Problems& problems) {
    std::vector<std::string> ids;
    const auto take = [&](const Value& value) {
        if (value.is_scalar() && !value.text.empty())
            ids.push_back(value.text);
        else
            problems.push_back({.place = value.place,
                                .field = "prices." + entry.key,
                                .message = "the name of a price is expected, or a list of them"});
    };
    if (entry.value.is_sequence())
        for (const Value& item : entry.value.items) take(item);
    else
        take(entry.value);
    return ids;
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
            technology.prices.emplace(entry.key, read_price_ids(entry, problems));
        }
    fields.finish();
    return technology;
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

Expected<PriceBook> load_price_book(const std::filesystem::path& file, const Catalog& shipped) {
    Problems problems;
    PriceBook book;
    if (const auto tree = read_tree(file, problems))
        book = read_price_book(*tree, shipped.price_books(), problems);
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return book;
}

void Catalog::add(PriceBook book) {
    for (const auto& [id, type] : book.instances) instances_.insert_or_assign(id, type);
    const std::string id = book.id;
    price_books_.insert_or_assign(id, std::move(book));
}

void Catalog::add(InstanceType type) {
    const std::string id = type.id;
    instances_.insert_or_assign(id, std::move(type));
}

Expected<Catalog> Catalog::load(const std::filesystem::path& resources) {
    Catalog catalog;
    Problems problems;
    const std::filesystem::path folder = resources / "catalog";
    for (const auto& file : yaml_files(folder / "technologies", problems))
        if (const auto tree = read_tree(file, problems))
            keep(catalog.technologies_, read_technology(*tree, problems), *tree, problems);
    if (const auto tree = read_tree(folder / "instances.yaml", problems)) {
        Fields fields(*tree, "", problems);
        const Sources sources(fields.optional("sources"), "sources", problems);
        if (const Value* instances = fields.required("instances"))
            catalog.instances_ = read_instances(*instances, sources, problems);
        fields.finish();
    }
    std::vector<Value> extending;
    for (const auto& file : yaml_files(folder / "prices", problems))
        if (auto tree = read_tree(file, problems)) {
            if (tree->is_mapping() && tree->find("extends") != nullptr)
                extending.push_back(*std::move(tree));
            else
                keep(catalog.price_books_, read_price_book(*tree, {}, problems), *tree, problems);
        }
    const auto whole_books = catalog.price_books_;
    for (const Value& tree : extending)
        keep(catalog.price_books_, read_price_book(tree, whole_books, problems), tree, problems);
    for (const auto& [id, book] : catalog.price_books_)
        catalog.instances_.insert(book.instances.begin(), book.instances.end());
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return catalog;
}

const Technology* Catalog::technology(std::string_view id) const { return found_in(technologies_, id); }
const InstanceType* Catalog::instance(std::string_view id) const { return found_in(instances_, id); }
const PriceBook* Catalog::price_book(std::string_view id) const { return found_in(price_books_, id); }

}  // namespace headroom::model
