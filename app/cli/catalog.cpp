#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/kinds/kind.h"
#include "model/units/price.h"
#include "model/units/unit.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

/// What there is to show, in every form: a heading, facts, and tables.
struct Sheet {
    std::string title, help;
    Table table;
    Table second = {};        ///< may be empty
    std::string remark = {};  ///< a last sentence
};

std::string source_of(const model::Provenance& provenance) {
    if (provenance.status == 'M' || provenance.source.empty()) return "unsourced";
    std::string text = provenance.source;
    if (!provenance.as_of.empty()) text += ", " + provenance.as_of;
    if (provenance.status == 'D') text = "derived: " + text;
    return text;
}

std::string range_of(const model::ParameterSpec& spec) {
    if (!spec.choices.empty()) {
        std::string words;
        for (const std::string& choice : spec.choices) words += (words.empty() ? "" : " | ") + choice;
        return words;
    }
    if (spec.min == 0 && spec.max == 0) return {};
    const auto bound = [&](double value) {
        return model::format_quantity(value, spec.dimension, {.noun = spec.noun});
    };
    if (std::isinf(spec.max)) return "at least " + bound(spec.min);
    return bound(spec.min) + " to " + bound(spec.max);
}

std::string price_text(const model::Price& price) {
    std::string text;
    for (const model::PriceStep& step : price.steps) {
        text += (text.empty() ? "" : "; then ") + model::print_price(step.price);
        if (std::isfinite(step.up_to)) text += " up to " + model::format_quantity(step.up_to, {});
    }
    if (price.minimum_held.value() > 0) text += ", for at least " + model::format(price.minimum_held);
    if (price.minimum_size.value() > 0)
        text += ", at least " + model::format(price.minimum_size) + " an item";
    if (price.extra_size.value() > 0) text += ", with " + model::format(price.extra_size) + " more an item";
    if (price.index_size.value() > 0)
        text += " and " + model::format(price.index_size) + " at " + price.index_price;
    return text;
}

Sheet technologies(const model::Catalog& catalog) {
    Sheet sheet{"Technologies", "", {{{"id"}, {"title"}, {"kind"}, {"what it is"}}, {}}, {}};
    for (const auto& [id, t] : catalog.technologies())
        sheet.table.rows.push_back({id, t.title, t.kind, t.help});
    return sheet;
}

/// Counts figures and names those without a source.
class Unsourced {
public:
    void look_at(const std::string& name, const model::Provenance& provenance) {
        ++all_;
        if (provenance.status == 'M' || provenance.source.empty()) names_.push_back(name);
    }
    std::string sentence() const {
        if (all_ == 0) return {};
        if (names_.empty()) return "Every figure has a source.";
        std::string text = std::to_string(names_.size()) + " of " + std::to_string(all_) +
                           (all_ == 1 ? " figure is" : " figures are") + " unsourced: ";
        for (std::size_t i = 0; i < names_.size(); ++i) text += (i == 0 ? "" : ", ") + names_[i];
        return text + ".";
    }

private:
    int all_ = 0;
    std::vector<std::string> names_;
};

/// Whether a price's id is one that the pattern can become: "{...}" stands for any text.
bool fits(std::string_view pattern, std::string_view id) {
    const std::size_t open = pattern.find('{');
    if (open == std::string_view::npos) return pattern == id;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos || !id.starts_with(pattern.substr(0, open))) return false;
    id.remove_prefix(open);
    pattern.remove_prefix(close + 1);
    for (std::size_t skip = 1; skip <= id.size(); ++skip)
        if (fits(pattern, id.substr(skip))) return true;
    return false;
}

Sheet kind(const model::Kind& k) {
    Sheet sheet{k.title + " (" + k.id + ")",
                k.help,
                {{{"parameter"}, {"default"}, {"range"}, {"meaning"}}, {}},
                {{{"billed"}, {"by"}}, {}}};
    for (const model::ParameterSpec& p : k.parameters)
        sheet.table.rows.push_back({p.name, p.default_text, range_of(p), p.help});
    for (const auto& [dimension, by] : k.billing) sheet.second.rows.push_back({dimension, by});
    return sheet;
}

Sheet technology(const model::Technology& t, const model::Catalog& catalog) {
    // A primitive that adds nothing to its kind: a queue is its parameters.
    const model::Kind* all = model::find_kind(t.kind);
    if (all && t.defaults.empty() && t.prices.empty()) {
        Sheet sheet = kind(*all);
        sheet.title = t.title + " (" + t.id + ")";
        sheet.help = t.help;
        return sheet;
    }
    Sheet sheet{
        t.title + " (" + t.id + ", " +
            (std::string_view("aeiou").find(t.kind.front()) == std::string_view::npos ? "a " : "an ") +
            t.kind + ")",
        t.help,
        {{{"parameter"}, {"default"}, {"source"}}, {}},
        {{{"billed"}, {"price"}, {"amount", true}, {"per"}, {"source"}}, {}}};
    Unsourced unsourced;
    for (const auto& [name, value] : t.defaults) {
        sheet.table.rows.push_back({name, value.text, source_of(value.provenance)});
        unsourced.look_at(name, value.provenance);
    }
    // Prices by instance type are many: one line says how they are named.
    constexpr std::size_t most_prices = 12;
    for (const auto& [dimension, patterns] : t.prices)
        for (const std::string& pattern : patterns) {
            std::vector<const model::Price*> prices;
            for (const auto& [id, book] : catalog.price_books())
                for (const auto& [name, price] : book.prices)
                    if (fits(pattern, name)) prices.push_back(&price);
            if (prices.empty() || prices.size() > most_prices) {
                sheet.second.rows.push_back(
                    {dimension, pattern, std::to_string(prices.size()) + " prices", "", ""});
                continue;
            }
            for (const model::Price* price : prices) {
                sheet.second.rows.push_back(
                    {dimension, price->id, price_text(*price), price->unit, source_of(price->provenance)});
                unsourced.look_at(price->id, price->provenance);
            }
        }
    sheet.remark = unsourced.sentence();
    return sheet;
}

Sheet instance(const model::InstanceType& i, const model::Catalog& catalog) {
    Sheet sheet{i.id + " (instance type)", "", {{{"figure"}, {"value", true}, {"source"}}, {}}, {}};
    Unsourced unsourced;
    const auto row = [&](const char* name, const std::string& value, const model::Provenance& provenance) {
        sheet.table.rows.push_back({name, value, source_of(provenance)});
        unsourced.look_at(name, provenance);
    };
    row("vCPUs", model::format_quantity(i.vcpus, {}), i.provenance);
    row("memory", model::format(i.memory), i.provenance);
    row("network", model::format(i.network), i.provenance);
    row("disk", model::format(i.disk), i.disk_provenance);
    if (i.local_disk.value() > 0) row("local disk", model::format(i.local_disk), i.provenance);
    row("core speed", model::format_quantity(i.core_speed, {}), i.speed_provenance);
    sheet.second.columns = {{"price"}, {"amount", true}, {"per"}, {"source"}};
    for (const auto& [name, book] : catalog.price_books())
        for (const auto& [id, price] : book.prices)
            if (id.find("." + i.id + ".") != std::string::npos || id.ends_with("." + i.id)) {
                sheet.second.rows.push_back({id, price_text(price), price.unit, source_of(price.provenance)});
                unsourced.look_at(id, price.provenance);
            }
    sheet.remark = unsourced.sentence();
    return sheet;
}

Sheet kinds() {
    Sheet sheet{"Kinds", "", {{{"id"}, {"title"}, {"category"}, {"what it is"}}, {}}, {}};
    for (const model::Kind& k : model::kinds())
        sheet.table.rows.push_back({k.id, k.title, k.category, k.help});
    return sheet;
}

Table instance_columns() {
    return {{{"id"},
             {"vCPUs", true},
             {"memory", true},
             {"network", true},
             {"disk", true},
             {"local disk", true},
             {"core speed", true},
             {"source"}},
            {}};
}

std::vector<Cell> instance_row(const model::InstanceType& i) {
    return {i.id,
            model::format_quantity(i.vcpus, {}),
            model::format(i.memory),
            model::format(i.network),
            model::format(i.disk),
            model::format(i.local_disk),
            model::format_quantity(i.core_speed, {}),
            source_of(i.provenance)};
}

Sheet prices_of(const model::PriceBook& book) {
    Sheet sheet{book.title + " (" + book.id + ", " + book.currency + ")",
                "",
                {{{"price"}, {"per"}, {"amount"}, {"source"}}, {}},
                {}};
    for (const auto& [id, price] : book.prices)
        sheet.table.rows.push_back({id, price.unit, price_text(price), source_of(price.provenance)});
    return sheet;
}

Sheet overview(const model::Catalog& catalog) {
    Sheet sheet{"Catalogue", "", {{{"topic"}, {"entries", true}, {"show with"}}, {}}, {}};
    const auto row = [&](const char* topic, std::size_t entries) {
        sheet.table.rows.push_back(
            {topic, std::to_string(entries), std::string("headroom catalog ") + topic});
    };
    row("technologies", catalog.technologies().size());
    row("kinds", model::kinds().size());
    row("instances", catalog.instances().size());
    row("prices", catalog.price_books().size());
    return sheet;
}

template <class Map>
std::vector<std::string> names_of(const Map& map) {
    std::vector<std::string> names;
    for (const auto& entry : map) names.push_back(entry.first);
    return names;
}

model::Expected<Sheet> unknown(const std::string& what, const std::string& id,
                               const std::vector<std::string>& names) {
    const std::string near = model::nearest_name(id, names);
    return tl::unexpected(problem("", "headroom catalog: there is no " + what + " '" + id + "'" +
                                          (near.empty() ? "" : "; did you mean '" + near + "'?")));
}

/// Whatever has this name: a technology, a kind, an instance type, a price book or a price.
model::Expected<Sheet> anything_named(const model::Catalog& catalog, const std::string& name) {
    if (const auto* found = catalog.technology(name)) return technology(*found, catalog);
    if (const auto* found = model::find_kind(name)) return kind(*found);
    if (const auto* found = catalog.instance(name)) return instance(*found, catalog);
    if (const auto* found = catalog.price_book(name)) return prices_of(*found);
    Sheet sheet{"Prices of " + name, "", {{{"book"}, {"price"}, {"per"}, {"amount"}, {"source"}}, {}}};
    std::vector<std::string> names{"technologies", "kinds", "instances", "prices"};
    for (const auto& [id, book] : catalog.price_books())
        for (const auto& [price_id, price] : book.prices)
            if (price_id == name || price_id.starts_with(name + "."))
                sheet.table.rows.push_back(
                    {id, price_id, price.unit, price_text(price), source_of(price.provenance)});
    if (!sheet.table.rows.empty()) return sheet;
    for (const auto& more : {names_of(catalog.technologies()), names_of(catalog.instances())})
        names.insert(names.end(), more.begin(), more.end());
    for (const model::Kind& k : model::kinds()) names.push_back(k.id);
    return unknown("topic, technology, kind, instance type or price", name, names);
}

model::Expected<Sheet> sheet_of(const model::Catalog& catalog, const std::string& topic,
                                const std::string& id) {
    if (topic.empty()) return overview(catalog);
    if (topic == "technologies") {
        if (id.empty()) return technologies(catalog);
        const model::Technology* found = catalog.technology(id);
        return found ? technology(*found, catalog)
                     : unknown("technology", id, names_of(catalog.technologies()));
    }
    if (topic == "kinds") {
        if (id.empty()) return kinds();
        std::vector<std::string> names;
        for (const model::Kind& k : model::kinds()) names.push_back(k.id);
        const model::Kind* found = model::find_kind(id);
        return found ? kind(*found) : unknown("kind", id, names);
    }
    if (topic == "instances") {
        Sheet sheet{"Instance types", "", instance_columns(), {}};
        const model::InstanceType* found = catalog.instance(id);
        if (!id.empty())
            return found ? instance(*found, catalog)
                         : unknown("instance type", id, names_of(catalog.instances()));
        for (const auto& [name, type] : catalog.instances()) sheet.table.rows.push_back(instance_row(type));
        return sheet;
    }
    if (topic == "prices") {
        if (!id.empty()) {
            const model::PriceBook* found = catalog.price_book(id);
            return found ? prices_of(*found) : unknown("price book", id, names_of(catalog.price_books()));
        }
        Sheet sheet{"Price books", "", {{{"id"}, {"title"}, {"currency"}, {"prices", true}}, {}}, {}};
        for (const auto& [name, book] : catalog.price_books())
            sheet.table.rows.push_back({name, book.title, book.currency, std::to_string(book.prices.size())});
        return sheet;
    }
    return id.empty() ? anything_named(catalog, topic)
                      : unknown("topic", topic, {"technologies", "kinds", "instances", "prices"});
}

Json rows_of(const Table& table) {
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json object = Json::object();
        for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i].title] = row[i].text;
        rows.push_back(std::move(object));
    }
    return rows;
}

}  // namespace

int catalog(const Arguments& arguments, Session& session) {
    const auto loaded = load_catalog();
    if (!loaded) return session.refuse(loaded.error());
    const auto argument = [&](std::size_t i) {
        return i < arguments.positionals.size() ? arguments.positionals[i] : std::string();
    };
    const auto sheet = sheet_of(*loaded, argument(0), argument(1));
    if (!sheet) return session.refuse(sheet.error());
    if (session.json()) {
        Json json{{"title", sheet->title}};
        if (!sheet->help.empty()) json["help"] = sheet->help;
        json["rows"] = rows_of(sheet->table);
        if (!sheet->second.rows.empty()) json["billing"] = rows_of(sheet->second);
        if (!sheet->remark.empty()) json["remark"] = sheet->remark;
        session.print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    } else if (arguments.has("--csv")) {
        session.print(to_csv(sheet->table));
    } else {
        session.print(coloured(sheet->title, Tone::strong, session.colours()) + "\n");
        if (!sheet->help.empty()) session.print(sheet->help + "\n");
        session.print(cli::print(sheet->table, session.colours()));
        if (!sheet->second.rows.empty()) session.print("\n" + cli::print(sheet->second, session.colours()));
        if (!sheet->remark.empty()) session.print("\n" + wrap(sheet->remark, 96, "") + "\n");
    }
    return exit_good;
}

}  // namespace headroom::cli
