#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/kinds/kind.h"
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
    Table second;  ///< may be empty
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
        text += (text.empty() ? "" : "; then ") + std::string("$") + plain_number(step.price);
        if (std::isfinite(step.up_to)) text += " up to " + model::format_quantity(step.up_to, {});
    }
    return text;
}

Sheet technologies(const model::Catalog& catalog) {
    Sheet sheet{"Technologies", "", {{{"id"}, {"title"}, {"kind"}, {"what it is"}}, {}}, {}};
    for (const auto& [id, t] : catalog.technologies())
        sheet.table.rows.push_back({id, t.title, t.kind, t.help});
    return sheet;
}

Sheet technology(const model::Technology& t) {
    Sheet sheet{t.title + " (" + t.id + ", a " + t.kind + ")",
                t.help,
                {{{"parameter"}, {"default"}, {"source"}}, {}},
                {{{"billed"}, {"price"}}, {}}};
    for (const auto& [name, value] : t.defaults)
        sheet.table.rows.push_back({name, value.text, source_of(value.provenance)});
    for (const auto& [dimension, prices] : t.prices)
        for (const std::string& price : prices) sheet.second.rows.push_back({dimension, price});
    return sheet;
}

Sheet kinds() {
    Sheet sheet{"Kinds", "", {{{"id"}, {"title"}, {"category"}, {"what it is"}}, {}}, {}};
    for (const model::Kind& k : model::kinds())
        sheet.table.rows.push_back({k.id, k.title, k.category, k.help});
    return sheet;
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

model::Expected<Sheet> sheet_of(const model::Catalog& catalog, const std::string& topic,
                                const std::string& id) {
    if (topic.empty()) return overview(catalog);
    if (topic == "technologies") {
        if (id.empty()) return technologies(catalog);
        const model::Technology* found = catalog.technology(id);
        return found ? technology(*found) : unknown("technology", id, names_of(catalog.technologies()));
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
        if (!id.empty() && !found) return unknown("instance type", id, names_of(catalog.instances()));
        for (const auto& [name, instance] : catalog.instances())
            if (id.empty() || name == id) sheet.table.rows.push_back(instance_row(instance));
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
    return unknown("topic", topic, {"technologies", "kinds", "instances", "prices"});
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
        session.print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    } else if (arguments.has("--csv")) {
        session.print(to_csv(sheet->table));
    } else {
        session.print(coloured(sheet->title, Tone::strong, session.colours()) + "\n");
        if (!sheet->help.empty()) session.print(sheet->help + "\n");
        session.print(cli::print(sheet->table, session.colours()));
        if (!sheet->second.rows.empty()) session.print("\n" + cli::print(sheet->second, session.colours()));
    }
    return exit_good;
}

}  // namespace headroom::cli
