#include "app/desktop/plan/plan_model.h"

#include "app/desktop/inspector/profile_preview.h"
#include "app/desktop/results/figure_text.h"
#include "app/desktop/shell/appearance.h"
#include "model/scenario/topology_edit.h"

#include <algorithm>

namespace headroom::desktop {

PlanModel::PlanModel(PlanPart part, Project& project, QObject* parent)
    : QAbstractTableModel(parent), part_(part), project_(project) {}

void PlanModel::show(const model::RunResult* estimate) {
    std::vector<PlanRow> rows = plan_rows(part_, project_, estimate);
    const bool same = rows.size() == rows_.size() &&
                      std::equal(rows.begin(), rows.end(), rows_.begin(),
                                 [](const PlanRow& a, const PlanRow& b) { return a.id == b.id; });
    if (same) {  // keeps the selection, and what is being typed into a cell that stays as it is
        rows_.swap(rows);
        for (int at = 0; at < rowCount(); ++at)
            for (int column = 0; column < columnCount(); ++column) {
                const PlanCell& now = cell(index(at, column));
                const PlanCell& was =
                    rows[static_cast<std::size_t>(at)].cells[static_cast<std::size_t>(column)];
                if (now.text != was.text || now.faint != was.faint || now.tip != was.tip || now.profile)
                    emit dataChanged(index(at, column), index(at, column));
            }
        return;
    }
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

int PlanModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int PlanModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(plan_headers(part_).size());
}

const PlanCell& PlanModel::cell(const QModelIndex& index) const {
    return row(index.row()).cells[static_cast<std::size_t>(index.column())];
}

QVariant PlanModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const PlanCell& one = cell(index);
    switch (role) {
        case Qt::DisplayRole:
            return one.text.isEmpty() ? one.faint : one.text;
        case Qt::EditRole:
            return one.text;
        case Qt::ToolTipRole:
            return one.tip;
        case Qt::ForegroundRole:
            if (one.verdict) return color_of(*one.verdict);
            return one.text.isEmpty() ? QVariant(theme().muted) : QVariant();
        case Qt::DecorationRole:
            if (one.verdict) return tinted_icon(icon_of(*one.verdict));
            if (one.profile) return profile_picture(*one.profile, {150, 24}, 2);
            return {};
        case Qt::AccessibleTextRole:
            if (one.profile) return profile_text(*one.profile);
            return {};
        default:
            return {};
    }
}

Qt::ItemFlags PlanModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && (cell(index).field || cell(index).names)) flags |= Qt::ItemIsEditable;
    return flags;
}

bool PlanModel::is_done(const model::Expected<model::Document>& after) {
    if (!after) emit refused(QString::fromStdString(after.error().front().message));
    return after.has_value();
}

// Applied once the view has closed its editor: a change may bring other rows, and with them a reset.
bool PlanModel::apply_later(const QString& name, const model::Expected<model::Document>& after) {
    if (!is_done(after)) return false;
    QMetaObject::invokeMethod(
        this, [this, name, document = *after] { project_.apply(name, document); }, Qt::QueuedConnection);
    return true;
}

bool PlanModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || role != Qt::EditRole) return false;
    const PlanCell one = cell(index);
    const QString text = value.toString().trimmed();
    if (text == one.text) return false;
    if (one.names) {
        if (text.isEmpty()) return false;
        const PlanRow entry = row(index.row());
        if (entry.path.empty()) return apply_later(tr("Add %1").arg(text), with_entry(part_, project_, text));
        return apply_later(tr("Rename %1 to %2").arg(entry.id, text),
                           project_.document().with_key_renamed(entry.path, text.toStdString()));
    }
    if (!one.field) return false;
    return apply_later(edit_name(*one.field, text), with_text(project_.document(), *one.field, text));
}

void PlanModel::remove(int at) {
    if (at < 0 || at >= rowCount() || row(at).path.empty()) return;
    const PlanRow entry = row(at);
    model::Expected<model::Document> after = project_.document();
    if (part_ == PlanPart::objectives) after = model::with_own_list(*after, entry.path.front());
    if (after) after = after->without(entry.path);
    if (is_done(after)) project_.apply(tr("Remove %1").arg(entry.id), *after);
}

QVariant PlanModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return plan_headers(part_).value(section);
}

}  // namespace headroom::desktop
