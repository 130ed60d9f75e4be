#include "app/desktop/problems/problem_model.h"

#include "app/desktop/shell/appearance.h"

#include <filesystem>

namespace headroom::desktop {

void ProblemModel::show(model::Problems problems, QStringList fixes) {
    if (problems == problems_ && fixes == fixes_) return;
    beginResetModel();
    problems_ = std::move(problems);
    fixes_ = std::move(fixes);
    endResetModel();
}

int ProblemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(problems_.size());
}

int ProblemModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_count; }

QVariant ProblemModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const model::Problem& problem = at(index.row());
    const bool error = problem.severity == model::Severity::error;
    const bool warning = problem.severity == model::Severity::warning;
    if (role == Qt::DecorationRole && index.column() == severity)
        return tinted_pixmap(error     ? QStringLiteral("error")
                             : warning ? QStringLiteral("warning")
                                       : QStringLiteral("note"),
                             error     ? theme().bad
                             : warning ? theme().caution
                                       : theme().muted,
                             18, 2);
    if (role == Qt::ToolTipRole) return QString::fromStdString(problem.sentence());
    if (role == Qt::ForegroundRole && index.column() == fix) return theme().accent;
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case fix:
            return fixes_.value(index.row());
        case severity:
            return error ? tr("Error") : warning ? tr("Warning") : tr("Note");
        case place: {
            if (problem.place.line == 0) return QString::fromStdString(problem.field);
            const auto name = std::filesystem::path(problem.place.file).filename().string();
            return QStringLiteral("%1:%2:%3")
                .arg(QString::fromStdString(name))
                .arg(problem.place.line)
                .arg(problem.place.column);
        }
        case message:
            return problem.field.empty() ? QString::fromStdString(problem.message)
                                         : QString::fromStdString(problem.field + ": " + problem.message);
        default:
            return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case severity:
            return tr("Severity");
        case place:
            return tr("Place");
        case message:
            return tr("What is wrong");
        case fix:
            return tr("Fix");
        default:
            return {};
    }
}

}  // namespace headroom::desktop
