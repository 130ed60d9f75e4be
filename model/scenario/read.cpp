#include "model/scenario/read.h"

#include "model/scenario/narrative.h"
#include "model/scenario/reader.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

/// Whether this program can read the file at all.
bool check_version(Reader& reader, const Value& root) {
    const Value* version = Reader::written(root, "headroom");
    if (version == nullptr) {
        reader.report(root.place, "headroom",
                      "the version is missing; a scenario file begins with 'headroom: " +
                          std::to_string(scenario_version) + "'");
        return true;
    }
    const auto number = version->is_scalar() ? parse_quantity(version->text, Dimension{})
                                             : tl::unexpected<std::string>("a version is expected");
    if (!number || *number != std::floor(*number) || *number < 1 || *number > 1e9) {
        reader.report(version->place, "headroom",
                      "'" + excerpt(version->text) + "' is not a version; " +
                          std::to_string(scenario_version) + " is expected");
        return true;
    }
    if (*number > scenario_version) {
        reader.report(version->place, "headroom",
                      "this file is version " + std::to_string(static_cast<long long>(*number)) +
                          "; this program reads up to " + std::to_string(scenario_version));
        return false;
    }
    reader.scenario.version = static_cast<int>(*number);
    return true;
}

void read_precision(Reader& reader, const Value& value) {
    const Section& section = *file_section().field("precision").section;
    if (!reader.is_mapping(value, "precision")) return;
    reader.check_fields(section, value, "precision");
    Precision& precision = reader.scenario.precision;
    reader.read_into(precision.half_width, section, value, "precision", "half-width");
    reader.read_into(precision.confidence, section, value, "precision", "confidence");
    const Value* replications = Reader::written(value, "replications");
    if (replications == nullptr || !reader.is_mapping(*replications, "precision.replications")) return;
    const Section& fields = *section.field("replications").section;
    const std::string path = "precision.replications";
    reader.check_fields(fields, *replications, path);
    double least = precision.replications_min, most = precision.replications_max;
    reader.read_into(least, fields, *replications, path, "min");
    reader.read_into(most, fields, *replications, path, "max");
    if (Reader::written(*replications, "max") == nullptr) most = std::max(least, most);
    if (Reader::written(*replications, "min") == nullptr) least = std::min(least, most);
    if (least > most) reader.report(replications->place, path, "'min' is above 'max'");
    precision.replications_min = static_cast<int>(least);
    precision.replications_max = static_cast<int>(most);
}

void read_price_book(Reader& reader, const Value& root) {
    Scenario& scenario = reader.scenario;
    const auto& books = reader.catalog.price_books();
    if (scenario.own_prices) return;  // a file, which has been read
    reader.read_into(scenario.price_book, file_section(), root, "", "catalog");
    if (scenario.price_book.empty()) {
        if (!books.empty()) scenario.price_book = books.begin()->first;
    } else if (reader.catalog.price_book(scenario.price_book) == nullptr) {
        std::vector<std::string> ids;
        for (const auto& [id, book] : books) ids.push_back(id);
        reader.unknown_name(root.find("catalog")->place, "catalog", "unknown price book", scenario.price_book,
                            ids);
    }
}

void read_simple_fields(Reader& reader, const Value& root) {
    const Section& section = file_section();
    Scenario& scenario = reader.scenario;
    scenario.name = scenario.file.stem().string();
    reader.read_into(scenario.name, section, root, "", "name");
    reader.read_into(scenario.question, section, root, "", "question");
    double horizon = scenario.horizon.value(), seed = 1;
    reader.read_into(horizon, section, root, "", "horizon");
    scenario.horizon = seconds(horizon);
    reader.read_into(seed, section, root, "", "seed");
    scenario.seed = static_cast<std::uint64_t>(seed);
    if (const auto warm_up = reader.read(section, root, "", "warm-up")) {
        scenario.warm_up = seconds(std::get<double>(*warm_up));
        if (*scenario.warm_up >= scenario.horizon)
            reader.report(root.find("warm-up")->place, "warm-up",
                          "'" + root.find("warm-up")->text + "' is out of range; less than the horizon of " +
                              format(scenario.horizon) + " expected");
    }
    read_price_book(reader, root);
}

}  // namespace

void read_layout(Reader& reader, const Value& layout) {
    if (!reader.is_mapping(layout, "layout")) return;
    const std::vector<std::string> ids = reader.all_ids();
    for (const Value::Entry& entry : layout.entries) {
        const std::string path = "layout." + entry.key;
        if (std::find(ids.begin(), ids.end(), entry.key) == ids.end()) {
            reader.report(entry.key_place, path,
                          "there is no workload or component '" + excerpt(entry.key) + "'", Severity::warning,
                          entry.key);
            continue;
        }
        Position position;
        bool good = entry.value.is_sequence() && entry.value.items.size() == 2;
        for (std::size_t i = 0; good && i < 2; ++i) {
            const auto number = parse_quantity(entry.value.items[i].text, Dimension{});
            good = entry.value.items[i].is_scalar() && number && std::abs(*number) <= 1e6;
            if (good) (i == 0 ? position.x : position.y) = *number;
        }
        if (good) {
            reader.scenario.layout[entry.key] = position;
        } else {
            reader.report(entry.value.place, path, "two numbers are expected, for example '[120, 40]'");
        }
    }
}

/// They are drawn, never simulated: only checked here.
void check_groups(Reader& reader, const Value& groups) {
    if (!reader.is_mapping(groups, "groups")) return;
    const std::vector<std::string> ids = reader.all_ids();
    for (const Value::Entry& entry : groups.entries) {
        const std::string path = "groups." + entry.key;
        if (!entry.value.is_sequence()) {
            reader.report(entry.value.place, path,
                          "a list of ids is expected, for example '[brokers, enrich]'");
            continue;
        }
        for (const Value& item : entry.value.items) {
            if (std::find(ids.begin(), ids.end(), item.text) == ids.end())
                reader.report(item.place, path,
                              "there is no workload or component '" + excerpt(item.text) + "'",
                              Severity::warning, item.text);
        }
    }
}

namespace {

/// Whether `catalog` names a file rather than one of the catalogue's books.
bool names_a_file(const Value* book) {
    return book != nullptr && book->is_scalar() &&
           (book->text.find('/') != std::string::npos || book->text.ends_with(".yaml"));
}

/// The book that the scenario brings; it is looked for beside the file that names it.
Expected<PriceBook> read_own_book(const Value& named, const Catalog& catalog) {
    std::filesystem::path file = named.text;
    if (file.is_relative() && !named.place.file.empty())
        file = std::filesystem::path(named.place.file).parent_path() / file;
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        return fail(named.place, "catalog", "there is no file '" + excerpt(named.text) + "'");
    Expected<PriceBook> book = load_price_book(file, catalog);
    if (book && catalog.price_book(book->id) != nullptr)
        return fail(named.place, "catalog",
                    "'" + book->id + "' in '" + excerpt(named.text) +
                        "' is the id of a book of the catalogue; give yours another");
    return book;
}

}  // namespace

Reading read_scenario(const Document& document, const Catalog& catalog) {
    const Expected<Value> tree = document.tree();
    if (!tree) return {std::nullopt, std::nullopt, tree.error()};
    return read_scenario(*tree, document.file(), catalog);
}

Reading read_scenario(const Value& root, const std::filesystem::path& file, const Catalog& catalog) {
    if (!root.is_mapping()) {
        Reader reader(catalog);
        reader.report(root.place, "",
                      "this is not a scenario; fields like 'headroom: 1' and 'components:' are expected");
        return {std::nullopt, std::nullopt, std::move(reader.problems)};
    }
    const Value* book = Reader::written(root, "catalog");
    const Value* node_groups = Reader::written(root, "node-groups");
    const bool own_prices = names_a_file(book);
    // Copied only where there is something to add.
    Reader reader =
        own_prices || node_groups != nullptr ? Reader(std::make_shared<Catalog>(catalog)) : Reader(catalog);
    reader.scenario.file = file;
    if (own_prices) {
        reader.scenario.own_prices = true;
        if (Expected<PriceBook> own = read_own_book(*book, catalog)) {
            reader.scenario.price_book = own->id;
            reader.own->add(*std::move(own));
        } else {
            reader.problems = own.error();
        }
    }
    if (!check_version(reader, root)) return {std::nullopt, std::nullopt, std::move(reader.problems)};

    Section without_version = file_section();  // its absence has been reported with a better sentence
    std::erase_if(without_version.fields, [](const Field& field) { return field.spec.name == "headroom"; });
    without_version.fields.push_back({{.name = "headroom"}});
    reader.check_fields(without_version, root, "");
    read_simple_fields(reader, root);
    if (const Value* precision = Reader::written(root, "precision")) read_precision(reader, *precision);
    if (const Value* workloads = Reader::written(root, "workloads")) read_workloads(reader, *workloads);
    if (node_groups != nullptr) read_node_groups(reader, *node_groups);
    if (const Value* people = Reader::written(root, "people")) read_people(reader, *people);
    if (const Value* components = Reader::written(root, "components")) read_components(reader, *components);
    const std::size_t before = reader.problems.size();
    if (const Value* links = Reader::written(root, "links")) {
        read_links(reader, *links);
        if (reader.problems.size() == before) check_links(reader);
    }
    if (const Value* failures = Reader::written(root, "failures")) read_failures(reader, *failures);
    if (const Value* recoveries = Reader::written(root, "recovery")) read_recoveries(reader, *recoveries);
    if (const Value* regions = Reader::written(root, "regions")) read_regions(reader, *regions);
    if (const Value* objectives = Reader::written(root, "objectives")) read_objectives(reader, *objectives);
    if (const Value* layout = Reader::written(root, "layout")) read_layout(reader, *layout);
    if (const Value* frames = Reader::written(root, "groups")) check_groups(reader, *frames);
    // Told, never simulated: only checked here.
    if (const Value* report = Reader::written(root, "report")) read_narrative(reader, *report);

    Reading reading;
    reading.problems = std::move(reader.problems);
    reader.scenario.own_catalog = std::move(reader.own);
    (has_errors(reading.problems) ? reading.draft : reading.scenario) = std::move(reader.scenario);
    return reading;
}

Reading read_scenario(const std::filesystem::path& file, const Catalog& catalog) {
    const Expected<Document> document = Document::load(file);
    if (!document) return {std::nullopt, std::nullopt, document.error()};
    return read_scenario(*document, catalog);
}

Expected<FieldPath> parse_field_path(std::string_view dotted) {
    FieldPath path;
    std::size_t from = 0;
    while (from <= dotted.size()) {
        const std::size_t dot = std::min(dotted.find('.', from), dotted.size());
        if (dot == from)
            return fail(
                {}, "",
                "'" + excerpt(dotted) + "' is not a field; write it like 'components.warehouse.slots'");
        path.emplace_back(dotted.substr(from, dot - from));
        from = dot + 1;
    }
    return path;
}

}  // namespace headroom::model
