#include "app/desktop/inspector/field_editor.h"

#include "app/desktop/shell/appearance.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace headroom::desktop {

namespace {

QStringList choices_of(const Field& field) {
    if (field.spec.type == model::ParameterType::flag)
        return {QStringLiteral("true"), QStringLiteral("false")};
    QStringList choices;
    for (const std::string& choice : field.spec.choices) choices << QString::fromStdString(choice);
    return choices;
}

bool is_choice(const Field& field) {
    return field.spec.type == model::ParameterType::flag || field.spec.type == model::ParameterType::choice;
}

}  // namespace

FieldEditor::FieldEditor(Field field, const model::Catalog& catalog, QWidget* parent)
    : QWidget(parent), field_(std::move(field)) {
    setObjectName(QStringLiteral("field:") + field_.label);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);

    auto* head = new QHBoxLayout;
    head->setSpacing(6);
    auto* label = new QLabel(field_.label);
    const QString help = QString::fromStdString(field_.spec.help);
    label->setToolTip(help);
    head->addWidget(label, 1);
    if (field_.spec.door == model::Door::one_way) {
        auto* door = new QLabel(tr("one-way"));
        door->setProperty("role", "muted");
        door->setToolTip(tr("Hard to take back once the platform is built"));
        head->addWidget(door);
    }
    reset_ = new QToolButton;
    reset_->setProperty("role", "reset");
    reset_->setIcon(tinted_icon(QStringLiteral("reset")));
    reset_->setIconSize({14, 14});
    reset_->setToolTip(tr("Use the default"));
    reset_->setAccessibleName(tr("Use the default of %1").arg(field_.label));
    head->addWidget(reset_);
    column->addLayout(head);

    QWidget* editor = nullptr;
    if (is_choice(field_)) {
        choice_ = new QComboBox;
        choice_->setFocusPolicy(Qt::StrongFocus);
        editor = choice_;
        connect(choice_, &QComboBox::activated, this, [this] { finish(); });
    } else {
        line_ = new QLineEdit;
        editor = line_;
        if (field_.spec.type == model::ParameterType::nodes) {
            QStringList pools;
            for (const auto& [id, instance] : catalog.instances())
                for (int count : {1, 2, 3, 6})
                    pools << QStringLiteral("%1 x %2").arg(count).arg(QString::fromStdString(id));
            auto* completer = new QCompleter(pools, line_);
            completer->setFilterMode(Qt::MatchContains);
            line_->setCompleter(completer);
        }
        connect(line_, &QLineEdit::editingFinished, this, [this] { finish(); });
        connect(line_, &QLineEdit::textEdited, this, &FieldEditor::preview);
    }
    editor->setObjectName(QStringLiteral("edit:") + field_.label);
    editor->setAccessibleName(field_.label);
    editor->setAccessibleDescription(help);
    QString tip = help;
    if (!field_.spec.example.empty())
        tip += tr(" For example: %1").arg(QString::fromStdString(field_.spec.example));
    editor->setToolTip(tip);
    label->setBuddy(editor);
    column->addWidget(editor);

    echo_ = new QLabel;
    echo_->setProperty("role", "muted");
    echo_->setWordWrap(true);
    error_ = new QLabel;
    error_->setProperty("role", "error");
    error_->setWordWrap(true);
    for (QLabel* line : {echo_, error_}) {
        line->setTextFormat(Qt::PlainText);
        QFont small = line->font();
        small.setPointSizeF(small.pointSizeF() * 0.87);
        line->setFont(small);
        line->hide();
        column->addWidget(line);
    }
    connect(reset_, &QToolButton::clicked, this, [this] { emit edited({}); });
}

QString FieldEditor::text() const {
    return line_ != nullptr ? line_->text() : choice_->currentData().toString();
}

void FieldEditor::show_state(const FieldState& state) {
    state_ = state;
    if (line_ != nullptr) {
        const QString example = QString::fromStdString(field_.spec.example);
        line_->setPlaceholderText(!state.placeholder.isEmpty() ? state.placeholder
                                  : example.isEmpty()          ? QString()
                                                               : tr("e.g. %1").arg(example));
        // What is being typed is not taken away; an undo while typing shows once the field is left.
        if (!(line_->hasFocus() && line_->isModified()) && line_->text() != state.text) {
            line_->setText(state.text);
            line_->setCursorPosition(0);  // the beginning of a long text says most
        }
    } else {
        choice_->clear();
        if (field_.removable || !state.written)
            choice_->addItem(
                state.placeholder.isEmpty() ? tr("not set") : tr("%1 (default)").arg(state.placeholder),
                QString());
        for (const QString& choice : choices_of(field_)) choice_->addItem(choice, choice);
        int at = state.written ? choice_->findData(state.text) : 0;
        if (at < 0) {  // wrong, but the text is not lost
            choice_->addItem(state.text, state.text);
            at = choice_->count() - 1;
        }
        choice_->setCurrentIndex(at);
    }
    reset_->setVisible(state.written && field_.removable);
    QStringList echo;
    static const QRegularExpression blank(QStringLiteral("\\s+"));
    QString plain = state.text, same = state.understood;
    if (state.written && !state.understood.isEmpty() && plain.remove(blank) != same.remove(blank))
        echo << tr("= %1").arg(state.understood);
    if (!state.origin.isEmpty()) echo << state.origin;
    if (!state.source.isEmpty()) {
        constexpr int longest = 58;
        const bool whole = state.source.size() <= longest;
        echo << (whole ? state.source : state.source.left(longest - 1) + QStringLiteral("…"));
        echo_->setToolTip(state.source);
    }
    if (!state.range.isEmpty() && !state.error.isEmpty()) echo << tr("allowed: %1").arg(state.range);
    echo_->setText(echo.join(QStringLiteral(" · ")));
    echo_->setVisible(!echo.isEmpty());
    mark(state.error);
}

void FieldEditor::show_error(const QString& error) { mark(error); }

void FieldEditor::mark(const QString& error) {
    error_->setText(error);
    error_->setVisible(!error.isEmpty());
    QWidget* editor = line_ != nullptr ? static_cast<QWidget*>(line_) : choice_;
    if (editor->property("wrong").toBool() == !error.isEmpty()) return;
    editor->setProperty("wrong", !error.isEmpty());
    editor->style()->unpolish(editor);
    editor->style()->polish(editor);
}

void FieldEditor::preview(const QString& text) {
    const QString error = error_in(field_, text);
    mark(error);
}

void FieldEditor::finish() {
    const QString now = text().trimmed();
    if (line_ != nullptr) line_->setModified(false);
    if (now == state_.text.trimmed()) {
        mark(state_.error);
        return;
    }
    emit edited(now);
}

void FieldEditor::enter(const QString& text) {
    if (line_ != nullptr) {
        line_->setText(text);
        finish();
    } else {
        const int at = choice_->findData(text);
        if (at < 0) return;
        choice_->setCurrentIndex(at);
        finish();
    }
}

QString FieldEditor::error() const { return error_->text(); }

QString FieldEditor::echo() const { return echo_->text(); }

void FieldEditor::take_focus() {
    QWidget* editor = line_ != nullptr ? static_cast<QWidget*>(line_) : choice_;
    editor->setFocus(Qt::OtherFocusReason);
}

}  // namespace headroom::desktop
