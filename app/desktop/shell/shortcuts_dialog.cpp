#include "app/desktop/shell/shortcuts_dialog.h"

#include "app/desktop/shell/actions.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace headroom::desktop {

ShortcutsDialog::ShortcutsDialog(Actions& actions, QWidget* parent) : QDialog(parent), actions_(actions) {
    setObjectName(QStringLiteral("shortcuts"));
    setWindowTitle(tr("Keyboard shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(560, 520);
    auto* column = new QVBoxLayout(this);
    table_ = new QTableWidget(static_cast<int>(action_specs().size()), 2);
    table_->setAccessibleName(tr("Actions and their keys"));
    table_->setHorizontalHeaderLabels({tr("Action"), tr("Keys")});
    table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table_->verticalHeader()->hide();
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    column->addWidget(table_, 1);
    auto* below = new QHBoxLayout;
    below->addWidget(new QLabel(tr("Keys of the selected action:")));
    keys_ = new QKeySequenceEdit;
    keys_->setObjectName(QStringLiteral("keys"));
    keys_->setAccessibleName(tr("Keys of the selected action"));
    below->addWidget(keys_, 1);
    auto* none = new QPushButton(tr("None"));
    below->addWidget(none);
    column->addLayout(below);
    note_ = new QLabel;
    note_->setProperty("role", "error");
    note_->setWordWrap(true);
    column->addWidget(note_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close | QDialogButtonBox::RestoreDefaults);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this, [this] {
        actions_.reset_shortcuts();
        fill();
    });
    connect(none, &QPushButton::clicked, this, [this] {
        keys_->clear();
        take_keys();
    });
    connect(keys_, &QKeySequenceEdit::editingFinished, this, &ShortcutsDialog::take_keys);
    connect(table_, &QTableWidget::currentCellChanged, this, [this](int row) {
        note_->clear();
        if (row >= 0)
            keys_->setKeySequence(actions_[action_specs()[static_cast<std::size_t>(row)].what]->shortcut());
    });
    fill();
    table_->selectRow(0);
}

void ShortcutsDialog::fill() {
    for (std::size_t i = 0; i < action_specs().size(); ++i) {
        const QAction* action = actions_[action_specs()[i].what];
        const int row = static_cast<int>(i);
        auto* name = new QTableWidgetItem(action->text().remove(QLatin1Char('&')));
        name->setToolTip(action->statusTip());
        table_->setItem(row, 0, name);
        table_->setItem(row, 1, new QTableWidgetItem(action->shortcut().toString(QKeySequence::NativeText)));
    }
}

void ShortcutsDialog::take_keys() {
    const int row = table_->currentRow();
    if (row < 0) return;
    const Do what = action_specs()[static_cast<std::size_t>(row)].what;
    const QKeySequence keys = keys_->keySequence();
    if (keys == actions_[what]->shortcut()) return;
    for (const ActionSpec& spec : action_specs())
        if (!keys.isEmpty() && spec.what != what && actions_[spec.what]->shortcuts().contains(keys)) {
            note_->setText(tr("%1 belongs to '%2' already.")
                               .arg(keys.toString(QKeySequence::NativeText),
                                    actions_[spec.what]->text().remove(QLatin1Char('&'))));
            return;
        }
    note_->clear();
    actions_.set_shortcut(what, keys);
    fill();
}

}  // namespace headroom::desktop
