#pragma once
// What can be put into a scenario: workloads, and every technology of the catalogue.

#include "model/catalog/catalog.h"
#include "model/scenario/document.h"

#include <QString>
#include <optional>
#include <vector>

namespace headroom::desktop {

struct PaletteEntry {
    QString id;  ///< "workload:stream" or "technology:kafka"
    QString title, category, help, icon;
    std::string section;  ///< "workloads" or "components"
    std::string name;     ///< what the first of them is called
    std::string yaml;     ///< with a value for everything that is required
};

/// Workloads first, then technologies by category in the order of the kinds.
std::vector<PaletteEntry> palette_entries(const model::Catalog& catalog);
std::optional<PaletteEntry> palette_entry(const model::Catalog& catalog, const QString& id);

}  // namespace headroom::desktop
