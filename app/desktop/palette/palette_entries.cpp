#include "app/desktop/palette/palette_entries.h"

#include "app/desktop/shell/appearance.h"
#include "model/kinds/kind.h"

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

PaletteEntry component(const model::Technology& technology, const model::Kind& kind) {
    std::string yaml = "{technology: " + model::quote_scalar(technology.id);
    for (const model::ParameterSpec& spec : kind.parameters) {
        if (!spec.required || technology.defaults.contains(spec.name)) continue;
        const std::string& value = spec.default_text.empty() ? spec.example : spec.default_text;
        const bool flow = !value.empty() && (value.front() == '{' || value.front() == '[');
        yaml += ", " + model::quote_scalar(spec.name) + ": " + (flow ? value : model::quote_scalar(value));
    }
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
                    entries.push_back(component(technology, kind));
    return entries;
}

std::optional<PaletteEntry> palette_entry(const model::Catalog& catalog, const QString& id) {
    for (PaletteEntry& entry : palette_entries(catalog))
        if (entry.id == id) return std::move(entry);
    return std::nullopt;
}

}  // namespace headroom::desktop
