#pragma once
// What the whole scenario says, in tables: workloads, hardware and how it is bought, failures, how
// data come back, objectives.

#include "app/desktop/inspector/fields.h"
#include "model/store/run_result.h"

#include <QPixmap>
#include <QStringList>
#include <optional>
#include <vector>

namespace headroom::desktop {

enum class PlanPart { workloads, hardware, failures, recovery, objectives };

struct PlanCell {
    QString text;
    QString tip = {};
    std::optional<Field> field = std::nullopt;  ///< what an edit changes; none: it is only shown
    bool names = false;                         ///< an edit renames the entry, or adds it
    QString faint = {};                         ///< holds where nothing is written
    std::optional<model::Verdict> verdict = std::nullopt;
    std::optional<model::RateProfile> profile = std::nullopt;
};

struct PlanRow {
    QString id;             ///< of the node or entry; empty for one that is to be added
    model::FieldPath path;  ///< of the entry, where it can be removed
    std::vector<PlanCell> cells;
};

QStringList plan_headers(PlanPart part);
/// `estimate` may be null. Parts that can grow end with a row for what is new.
std::vector<PlanRow> plan_rows(PlanPart part, const Project& project, const model::RunResult* estimate);

/// An entry of that name, to begin with: the failure of a node of the first component that has nodes, or a
/// loss that no other entry speaks of, from which one recovers by a snapshot.
model::Expected<model::Document> with_entry(PlanPart part, const Project& project, const QString& name);

}  // namespace headroom::desktop
