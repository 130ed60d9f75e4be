#pragma once
// What the window asks a person in the middle of something. Tests answer in their place.

#include <QMessageBox>
#include <QString>
#include <functional>

namespace headroom::desktop {

struct Prompts {
    /// The file chosen, or empty.
    std::function<QString(QWidget*, const QString& title, const QString& filter)> open_file;
    std::function<QString(QWidget*, const QString& title, const QString& suggested, const QString& filter)>
        save_file;
    std::function<QString(QWidget*, const QString& title, const QString& label, const QStringList& choices)>
        choose_one;
    /// What was typed, or empty.
    std::function<QString(QWidget*, const QString& title, const QString& label, const QString& initial)>
        enter_text;
    std::function<QMessageBox::StandardButton(QWidget*, const QString& title, const QString& text,
                                              QMessageBox::StandardButtons buttons)>
        ask;
    std::function<void(QWidget*, const QString& title, const QString& text)> tell;
};

/// Dialogs on the screen.
Prompts screen_prompts();

}  // namespace headroom::desktop
