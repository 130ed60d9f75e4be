#include "app/desktop/shell/command_palette.h"

#include "app/desktop/shell/actions.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace headroom::desktop {

CommandPalette::CommandPalette(const Actions& actions, QWidget* parent) : QDialog(parent), actions_(actions) {
    setObjectName(QStringLiteral("command-palette"));
    setWindowTitle(tr("All commands"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(520, 420);
    auto* column = new QVBoxLayout(this);
    search_ = new QLineEdit;
    search_->setPlaceholderText(tr("What do you want to do?"));
    search_->setAccessibleName(tr("Search the commands"));
    list_ = new QListWidget;
    list_->setAccessibleName(tr("Commands"));
    column->addWidget(search_);
    column->addWidget(list_, 1);
    connect(search_, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(search_, &QLineEdit::returnPressed, this, &CommandPalette::trigger);
    connect(list_, &QListWidget::itemActivated, this, &CommandPalette::trigger);
    search_->installEventFilter(this);
    fill({});
}

void CommandPalette::fill(const QString& words) {
    list_->clear();
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const ActionSpec& spec : action_specs()) {
        const QAction* action = actions_[spec.what];
        if (!action->isEnabled() || spec.what == Do::command_palette) continue;
        const QString name = action->text().remove(QLatin1Char('&'));
        const QString text = name + QLatin1Char(' ') + action->statusTip();
        if (!std::all_of(wanted.begin(), wanted.end(),
                         [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); }))
            continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(action->icon(),
                                         keys.isEmpty() ? name : name + QStringLiteral("   ") + keys, list_);
        item->setToolTip(action->statusTip());
        item->setData(Qt::UserRole, static_cast<int>(spec.what));
    }
    list_->setCurrentRow(0);
}

void CommandPalette::trigger() {
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr) return;
    QAction* action = actions_[static_cast<Do>(item->data(Qt::UserRole).toInt())];
    accept();
    action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = list_->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            list_->setCurrentRow(std::clamp(row, 0, std::max(0, list_->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

}  // namespace headroom::desktop
