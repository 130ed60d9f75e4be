#include "app/desktop/palette/palette_model.h"

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/shell/appearance.h"

#include <QFont>
#include <QMimeData>
#include <algorithm>

namespace headroom::desktop {

PaletteModel::PaletteModel(const model::Catalog& catalog, QObject* parent)
    : QAbstractListModel(parent), entries_(palette_entries(catalog)) {
    search({});
}

void PaletteModel::search(const QString& words) {
    beginResetModel();
    rows_.clear();
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const PaletteEntry& entry : entries_) {
        const QString text = entry.title + QLatin1Char(' ') + entry.category + QLatin1Char(' ') + entry.id +
                             QLatin1Char(' ') + entry.help;
        const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const QString& word) {
            return text.contains(word, Qt::CaseInsensitive);
        });
        if (!fits) continue;
        if (rows_.empty() || rows_.back().entry == nullptr || rows_.back().entry->category != entry.category)
            rows_.push_back({entry.category, nullptr});
        rows_.push_back({{}, &entry});
    }
    endResetModel();
}

const PaletteEntry* PaletteModel::entry(const QModelIndex& index) const {
    return index.isValid() ? rows_[static_cast<std::size_t>(index.row())].entry : nullptr;
}

QModelIndex PaletteModel::first_entry() const { return rows_.size() < 2 ? QModelIndex() : index(1); }

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    if (row.entry == nullptr) {
        if (role == Qt::DisplayRole) return row.heading;
        if (role == Qt::ForegroundRole) return theme().muted;
        if (role == Qt::FontRole) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    }
    if (role == Qt::DisplayRole) return row.entry->title;
    if (role == Qt::DecorationRole) return tinted_icon(row.entry->icon);
    if (role == Qt::ToolTipRole || role == Qt::AccessibleDescriptionRole) return row.entry->help;
    return {};
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::NoItemFlags;
    if (entry(index) == nullptr) return Qt::ItemIsEnabled;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList PaletteModel::mimeTypes() const { return {QLatin1String(Canvas::palette_mime)}; }

QMimeData* PaletteModel::mimeData(const QModelIndexList& indexes) const {
    const PaletteEntry* dragged = indexes.isEmpty() ? nullptr : entry(indexes.first());
    if (dragged == nullptr) return nullptr;
    auto* data = new QMimeData;
    data->setData(QLatin1String(Canvas::palette_mime), dragged->id.toUtf8());
    return data;
}

}  // namespace headroom::desktop
