#include "app/desktop/shell/prompts.h"

#include <QFileDialog>
#include <QInputDialog>

namespace headroom::desktop {

Prompts screen_prompts() {
    Prompts prompts;
    prompts.open_file = [](QWidget* parent, const QString& title, const QString& filter) {
        return QFileDialog::getOpenFileName(parent, title, {}, filter);
    };
    prompts.save_file = [](QWidget* parent, const QString& title, const QString& suggested,
                           const QString& filter) {
        return QFileDialog::getSaveFileName(parent, title, suggested, filter);
    };
    prompts.choose_one = [](QWidget* parent, const QString& title, const QString& label,
                            const QStringList& choices) {
        bool chosen = false;
        const QString choice = QInputDialog::getItem(parent, title, label, choices, 0, true, &chosen);
        return chosen ? choice : QString();
    };
    prompts.enter_text = [](QWidget* parent, const QString& title, const QString& label,
                            const QString& initial) {
        bool entered = false;
        const QString text =
            QInputDialog::getText(parent, title, label, QLineEdit::Normal, initial, &entered);
        return entered ? text.trimmed() : QString();
    };
    prompts.ask = [](QWidget* parent, const QString& title, const QString& text,
                     QMessageBox::StandardButtons buttons) {
        QMessageBox box(QMessageBox::Question, title, text, buttons, parent);
        box.setTextFormat(Qt::PlainText);
        return static_cast<QMessageBox::StandardButton>(box.exec());
    };
    prompts.tell = [](QWidget* parent, const QString& title, const QString& text) {
        QMessageBox box(QMessageBox::Warning, title, text, QMessageBox::Ok, parent);
        box.setTextFormat(Qt::PlainText);
        box.exec();
    };
    return prompts;
}

}  // namespace headroom::desktop
