#include "app/desktop/inspector/inspector.h"

#include "app/desktop/document/overview.h"
#include "app/desktop/inspector/profile_preview.h"
#include "app/desktop/shell/appearance.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace headroom::desktop {

Inspector::Inspector(Project& project, QWidget* parent) : QFrame(parent), project_(project) {
    setObjectName(QStringLiteral("inspector"));
    setAccessibleName(tr("Inspector"));
    setProperty("role", "panel");
    setMinimumWidth(280);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    auto* top = new QHBoxLayout;
    top->setContentsMargins(18, 16, 18, 10);
    top->setSpacing(12);
    icon_ = new QLabel;
    top->addWidget(icon_, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    title_ = new QLabel;
    title_->setProperty("role", "heading");
    title_->setWordWrap(true);
    subtitle_ = new QLabel;
    subtitle_->setProperty("role", "muted");
    subtitle_->setWordWrap(true);
    words->addWidget(title_);
    words->addWidget(subtitle_);
    top->addLayout(words, 1);
    column->addLayout(top);

    scroll_ = new QScrollArea;
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setFocusPolicy(Qt::NoFocus);
    column->addWidget(scroll_, 1);
    preview_ = new ProfilePreview;
    column->addWidget(preview_);

    when_theme_changes(this, [this] { head(); });
    connect(&project_, &Project::changed, this, &Inspector::refresh);
    connect(&project_, &Project::opened, this, [this] { subjects_.clear(); });
}

void Inspector::show_subjects(const QStringList& ids) {
    subjects_ = ids;
    refresh();
}

FieldEditor* Inspector::field(const QString& label) const {
    for (FieldEditor* editor : editors_)
        if (editor->field().label == label) return editor;
    return nullptr;
}

void Inspector::refresh() {
    if (const model::Scenario* drawn = project_.drawn())
        subjects_.removeIf([&](const QString& id) {
            return drawn->component(id.toStdString()) == nullptr &&
                   drawn->workload(id.toStdString()) == nullptr;
        });
    head();
    std::vector<Field> fields = fields_of(subject(), project_);
    for (int i = 1; i < subjects_.size(); ++i) {  // what all of them have
        const std::vector<Field> others = fields_of(subjects_[i], project_);
        std::erase_if(fields, [&](const Field& one) {
            return std::none_of(others.begin(), others.end(), [&](const Field& other) {
                return other.path.front() == one.path.front() && other.path.back() == one.path.back() &&
                       other.spec.type == one.spec.type;
            });
        });
    }
    std::vector<model::FieldPath> paths;
    paths.reserve(fields.size());
    for (const Field& field : fields) paths.push_back(field.path);
    if (paths != shown_) {
        shown_ = std::move(paths);
        build(std::move(fields));
    }
    for (FieldEditor* editor : editors_) editor->show_state(state(editor->field()));
    const model::Scenario* drawn = project_.drawn();
    preview_->show_workload(drawn != nullptr ? drawn->workload(subject().toStdString()) : nullptr);
}

void Inspector::head() {
    QString name = project_.is_open() ? tr("Scenario with problems") : QString(),
            text = tr("Its parameters show once the text can be read. Mend it in the tab Text."),
            icon = QStringLiteral("scenario");
    if (project_.drawn() != nullptr) {
        const model::Scenario& scenario = *project_.drawn();
        name = subject();
        if (subjects_.size() > 1) {
            name = tr("%1 nodes").arg(subjects_.size());
            text = tr("An edit here changes all of them: %1").arg(subjects_.join(QStringLiteral(", ")));
        } else if (const auto* component = scenario.component(name.toStdString())) {
            const auto* technology = project_.catalog().technology(component->technology);
            text = QString::fromStdString(technology ? technology->title : component->technology);
            const model::Kind* kind = model::find_kind(component->kind);
            const std::string help = technology && !technology->help.empty() ? technology->help
                                     : kind                                  ? kind->help
                                                                             : "";
            if (!help.empty()) text += QStringLiteral(" · ") + QString::fromStdString(help);
            icon = icon_name_for(technology ? technology->icon : std::string(), component->kind);
        } else if (const auto* workload = scenario.workload(name.toStdString())) {
            text = workload->is_stream() ? tr("Stream of records") : tr("Requests");
            icon = workload->is_stream() ? QStringLiteral("stream") : QStringLiteral("users");
        } else {
            name = QString::fromStdString(scenario.name);
            text = tr("Scenario · select a component to see its parameters");
        }
    }
    icon_->setPixmap(tinted_pixmap(icon, theme().accent, 28, devicePixelRatioF()));
    title_->setText(name);
    subtitle_->setText(text);
}

void Inspector::build(std::vector<Field> fields) {
    editors_.clear();
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(18, 6, 18, 18);
    column->setSpacing(13);
    QString group;
    for (Field& field : fields) {
        if (field.group != group) {
            group = field.group;
            auto* label = new QLabel(group);
            label->setProperty("role", "group");
            label->setIndent(0);
            column->addWidget(label);
        }
        auto* editor = new FieldEditor(std::move(field), project_.catalog(), body);
        connect(editor, &FieldEditor::edited, this,
                [this, editor](const QString& text) { edit(*editor, text); });
        column->addWidget(editor);
        editors_.push_back(editor);
    }
    column->addStretch(1);
    // The old fields may be in the middle of reporting an edit.
    if (QWidget* old = scroll_->takeWidget()) old->deleteLater();
    scroll_->setWidget(body);
}

FieldState Inspector::state(const Field& field) const {
    FieldState state = state_of(field, project_);
    for (int i = 1; i < subjects_.size(); ++i) {
        Field other = field;
        other.path[1] = subjects_[i].toStdString();
        const FieldState theirs = state_of(other, project_);
        if (theirs.text == state.text && theirs.placeholder == state.placeholder) continue;
        state = {};
        state.placeholder = tr("several values");
        return state;
    }
    return state;
}

void Inspector::edit(FieldEditor& editor, const QString& text) {
    const Field field = editor.field();
    if (field.path.back() == "technology" && subjects_.size() == 1) {
        emit technology_wanted(subject(), text);
        return editor.show_state(state(field));  // until it is confirmed, or once it was
    }
    QString name = edit_name(field, text);
    if (subjects_.size() > 1) name = tr("%1 and %2 more").arg(name).arg(subjects_.size() - 1);
    model::Expected<model::Document> after = project_.document();
    for (int i = 0; i < std::max<int>(1, static_cast<int>(subjects_.size())); ++i) {
        Field of_one = field;
        if (i > 0) of_one.path[1] = subjects_[i].toStdString();
        after = with_text(*after, of_one, text);
        if (!after) return editor.show_error(QString::fromStdString(after.error().front().message));
    }
    project_.apply(name, *after);
}

bool Inspector::go_to(const model::Problem& problem) {
    FieldEditor* best = nullptr;
    std::size_t best_length = 0;
    for (FieldEditor* editor : editors_) {
        std::string path;
        for (const std::string& step : editor->field().path) path += (path.empty() ? "" : ".") + step;
        if ((problem.field == path || problem.field.starts_with(path + ".")) && path.size() > best_length) {
            best = editor;
            best_length = path.size();
        }
    }
    if (best == nullptr) return false;
    scroll_->ensureWidgetVisible(best);
    best->take_focus();
    return true;
}

}  // namespace headroom::desktop
