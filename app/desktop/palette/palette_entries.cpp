#include "app/desktop/palette/palette_entries.h"

#include "app/desktop/shell/appearance.h"
#include "model/cost/bill.h"
#include "model/kinds/kind.h"
#include "model/scenario/read.h"

#include <QCoreApplication>
#include <algorithm>

namespace headroom::desktop {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Palette", text); }

PaletteEntry workload(const char* id, const QString& title, const QString& help, const char* icon,
                      const char* name, const char* yaml) {
    return {QStringLiteral("workload:") + QLatin1String(id),
            title,
            tr("Workloads"),
            help,
            QLatin1String(icon),
            "workloads",
            name,
            yaml};
}

/// As many nodes as in the example, of a type for which there is a price.
std::string priced_nodes(const model::Catalog& catalog, const model::Technology& technology,
                         const std::string& example) {
    const auto priced = [&](const std::string& instance) {
        const auto prices = model::price_ids(technology, "nodes", instance);
        return std::any_of(catalog.price_books().begin(), catalog.price_books().end(), [&](const auto& book) {
            return !prices.empty() && book.second.find(prices.front()) != nullptr;
        });
    };
    const std::size_t type = example.rfind(' ') + 1;
    if (type == 0 || priced(example.substr(type))) return example;
    for (const auto& [id, instance] : catalog.instances())
        if (priced(id)) return example.substr(0, type) + id;
    return example;
}

std::string field_of(const model::Catalog& catalog, const model::Technology& technology,
                     const model::ParameterSpec& spec) {
    std::string value = spec.default_text.empty() ? spec.example : spec.default_text;
    if (spec.type == model::ParameterType::nodes) value = priced_nodes(catalog, technology, value);
    const bool flow = !value.empty() && (value.front() == '{' || value.front() == '[');
    return ", " + model::quote_scalar(spec.name) + ": " + (flow ? value : model::quote_scalar(value));
}

/// Fields that the kind asks for where one of its parameters may stand for others.
std::vector<std::string> asked_for(const model::Catalog& catalog, const std::string& yaml) {
    const model::Document part("headroom: 1\nname: part\ncomponents:\n  part: " + yaml + "}\n");
    std::vector<std::string> fields;
    for (const model::Problem& problem : model::read_scenario(part, catalog).problems)
        if (problem.severity == model::Severity::error) fields.push_back(problem.field);
    return fields;
}

PaletteEntry component(const model::Catalog& catalog, const model::Technology& technology,
                       const model::Kind& kind) {
    std::string yaml = "{technology: " + model::quote_scalar(technology.id);
    for (const model::ParameterSpec& spec : kind.parameters)
        if (spec.required && !technology.defaults.contains(spec.name))
            yaml += field_of(catalog, technology, spec);
    const std::vector<std::string> asked = asked_for(catalog, yaml);
    for (const model::ParameterSpec& spec : kind.parameters)
        if (!spec.required && !spec.example.empty() &&
            std::find(asked.begin(), asked.end(), "components.part." + spec.name) != asked.end())
            yaml += field_of(catalog, technology, spec);
    const std::string& help = technology.help.empty() ? kind.help : technology.help;
    return {QStringLiteral("technology:") + QString::fromStdString(technology.id),
            QString::fromStdString(technology.title),
            QCoreApplication::translate("Kinds", kind.category.c_str()),
            QString::fromStdString(help),
            icon_name_for(technology.icon, technology.kind),
            "components",
            technology.id,
            yaml + "}"};
}

}  // namespace

std::vector<PaletteEntry> palette_entries(const model::Catalog& catalog) {
    std::vector<PaletteEntry> entries{
        workload("stream", tr("Stream of records"), tr("Records that arrive by themselves at a rate"),
                 "stream", "events", "{stream: {rate: 1000 events/s}, record: {size: 1 kB, format: json}}"),
        workload("requests", tr("Requests at a rate"), tr("Requests that arrive whatever the answers take"),
                 "users", "requests", "{requests: {rate: 10 requests/s}}"),
        workload("users", tr("Users"), tr("People who ask, think, and ask again"), "users", "users",
                 "{requests: {users: 100, think-time: {exponential: 10 s}}}")};
    std::vector<std::string> categories;
    for (const model::Kind& kind : model::kinds())
        if (std::find(categories.begin(), categories.end(), kind.category) == categories.end())
            categories.push_back(kind.category);
    for (const std::string& category : categories)
        for (const model::Kind& kind : model::kinds())
            for (const auto& [id, technology] : catalog.technologies())
                if (kind.category == category && technology.kind == kind.id)
                    entries.push_back(component(catalog, technology, kind));
    return entries;
}

std::optional<PaletteEntry> palette_entry(const model::Catalog& catalog, const QString& id) {
    for (PaletteEntry& entry : palette_entries(catalog))
        if (entry.id == id) return std::move(entry);
    return std::nullopt;
}

}  // namespace headroom::desktop
