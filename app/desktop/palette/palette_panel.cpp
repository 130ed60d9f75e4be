#include "app/desktop/palette/palette_panel.h"

#include "app/desktop/palette/palette_model.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

namespace headroom::desktop {

PalettePanel::PalettePanel(const model::Catalog& catalog, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Palette"));
    setProperty("role", "panel");
    setMinimumWidth(150);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    search_ = new QLineEdit;
    search_->setObjectName(QStringLiteral("palette-search"));
    search_->setPlaceholderText(tr("Search, Enter adds"));
    search_->setAccessibleName(tr("Search the palette"));
    search_->setClearButtonEnabled(true);
    column->addWidget(search_);
    model_ = new PaletteModel(catalog, this);
    list_ = new QListView;
    list_->setObjectName(QStringLiteral("palette-list"));
    list_->setAccessibleName(tr("Workloads and technologies"));
    list_->setModel(model_);
    list_->setDragEnabled(true);
    list_->setDragDropMode(QAbstractItemView::DragOnly);
    list_->setIconSize({20, 20});
    list_->setFrameShape(QFrame::NoFrame);
    list_->setWordWrap(true);
    list_->setResizeMode(QListView::Adjust);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(list_, 1);
    auto* hint = new QLabel(tr("Drag to the canvas, or double-click"));
    hint->setProperty("role", "muted");
    hint->setWordWrap(true);
    column->addWidget(hint);
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& words) {
        model_->search(words);
        if (!words.isEmpty()) list_->setCurrentIndex(model_->first_entry());
    });
    connect(search_, &QLineEdit::returnPressed, this, &PalettePanel::choose);
    connect(list_, &QListView::activated, this, [this] { choose(); });
    search_->installEventFilter(this);
}

bool PalettePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Down) {
            if (!list_->currentIndex().isValid()) list_->setCurrentIndex(model_->first_entry());
            list_->setFocus();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            search_->clear();
            emit left();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void PalettePanel::take_focus() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

void PalettePanel::choose() {
    const PaletteEntry* entry = model_->entry(list_->currentIndex());
    if (entry == nullptr) entry = model_->entry(model_->first_entry());
    if (entry != nullptr) emit chosen(entry->id);
}

}  // namespace headroom::desktop
