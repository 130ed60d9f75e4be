#pragma once
// One field of the inspector: its name, an editor, what was understood, where the value comes from, and what
// is wrong with it.

#include "app/desktop/inspector/fields.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace headroom::desktop {

class FieldEditor final : public QWidget {
    Q_OBJECT

public:
    FieldEditor(Field field, const model::Catalog& catalog, QWidget* parent = nullptr);

    const Field& field() const { return field_; }
    void show_state(const FieldState& state);
    /// An error that is not in the file, because the text could not be written there.
    void show_error(const QString& error);
    QString text() const;
    /// Types a text and finishes, as a person would.
    void enter(const QString& text);
    QString error() const;
    QString echo() const;
    void take_focus();

signals:
    /// The person has finished; an empty text asks for the default.
    void edited(const QString& text);

private:
    void finish();
    void preview(const QString& text);
    void mark(const QString& error);

    Field field_;
    FieldState state_;
    QLineEdit* line_ = nullptr;
    QComboBox* choice_ = nullptr;
    QLabel *echo_, *error_;
    QToolButton* reset_;
};

}  // namespace headroom::desktop
