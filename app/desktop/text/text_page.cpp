#include "app/desktop/text/text_page.h"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <algorithm>
#include <filesystem>

namespace headroom::desktop {

TextPage::TextPage(Project& project, QWidget* parent) : QPlainTextEdit(parent), project_(project) {
    setObjectName(QStringLiteral("text"));
    setAccessibleName(tr("Text of the scenario"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setUndoRedoEnabled(false);  // the window's undo covers every edit, wherever it was made
    pause_.setSingleShot(true);
    pause_.setInterval(400);
    connect(&pause_, &QTimer::timeout, this, &TextPage::commit);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (filling_) return;
        typed_ = true;
        pause_.start();
    });
    connect(&project_, &Project::changed, this, &TextPage::show_text);
}

void TextPage::commit() {
    pause_.stop();
    if (!typed_ || !project_.is_open()) return;
    typed_ = false;
    QString text = toPlainText();
    // The editor shows every line end as one character; the file keeps its own.
    if (project_.document().text().find("\r\n") != std::string::npos)
        text.replace(QLatin1Char('\n'), QStringLiteral("\r\n"));
    project_.apply(tr("Edit the text"), model::Document(text.toStdString(), project_.document().file()));
}

void TextPage::show_text() {
    QString text = QString::fromStdString(project_.document().text());
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    pause_.stop();
    typed_ = false;
    if (toPlainText() == text) return;
    const int position = textCursor().position(), scroll = verticalScrollBar()->value();
    filling_ = true;
    setPlainText(text);
    filling_ = false;
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(text.size())));
    setTextCursor(cursor);
    verticalScrollBar()->setValue(scroll);
}

bool TextPage::go_to(const model::Place& place) {
    const auto name = std::filesystem::path(place.file).filename();
    if (place.line == 0 || name != project_.document().file().filename()) return false;
    const QTextBlock block = document()->findBlockByNumber(place.line - 1);
    if (!block.isValid()) return false;
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + std::clamp(place.column - 1, 0, block.length() - 1));
    setTextCursor(cursor);
    centerCursor();
    setFocus();
    return true;
}

bool TextPage::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            commit();
            event->ignore();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void TextPage::focusOutEvent(QFocusEvent* event) {
    if (pause_.isActive()) commit();
    QPlainTextEdit::focusOutEvent(event);
}

}  // namespace headroom::desktop
