#include "app/desktop/runs/history.h"

#include <QDir>
#include <QFileInfo>

namespace headroom::desktop {

History::History(const QString& file) {
    QDir().mkpath(QFileInfo(file).path());
    auto store = model::ResultsStore::open(file.toStdString(), model::ResultsStore::Access::read_write);
    if (store)
        store_ = std::move(*store);
    else
        problem_ = QString::fromStdString(store.error().front().sentence());
}

void History::add(const model::RunResult& result) {
    if (!store_) return;
    if (auto done = store_->add(result); !done)
        problem_ = QString::fromStdString(done.error().front().sentence());
    else if (auto pruned = store_->prune(most_of_a_file, most_in_all); !pruned)
        problem_ = QString::fromStdString(pruned.error().front().sentence());
}

std::optional<model::RunResult> History::newest(const std::string& scenario_file) const {
    if (!store_ || scenario_file.empty()) return std::nullopt;
    auto found = store_->newest_of_file(scenario_file);
    return found ? std::move(*found) : std::nullopt;
}

}  // namespace headroom::desktop
