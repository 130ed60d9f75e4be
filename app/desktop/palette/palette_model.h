#pragma once
// The palette as a list: entries under the headings of their categories, those that a search matches.

#include "app/desktop/palette/palette_entries.h"

#include <QAbstractListModel>

namespace headroom::desktop {

class PaletteModel final : public QAbstractListModel {
    Q_OBJECT

public:
    explicit PaletteModel(const model::Catalog& catalog, QObject* parent = nullptr);

    /// Keeps the entries whose title, category, id or help holds every word.
    void search(const QString& words);
    /// The entry of a row; null for a heading.
    const PaletteEntry* entry(const QModelIndex& index) const;
    QModelIndex first_entry() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;

private:
    struct Row {
        QString heading;
        const PaletteEntry* entry = nullptr;  ///< null: the heading
    };

    std::vector<PaletteEntry> entries_;
    std::vector<Row> rows_;
};

}  // namespace headroom::desktop
