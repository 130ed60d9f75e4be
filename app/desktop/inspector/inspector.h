#pragma once
// The fields of the selected workloads or components, or of the scenario where nothing is selected.

#include "app/desktop/inspector/field_editor.h"

#include <QFrame>
#include <QStringList>

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace headroom::desktop {

class ProfilePreview;

class Inspector final : public QFrame {
    Q_OBJECT

public:
    explicit Inspector(Project& project, QWidget* parent = nullptr);

    /// One, or several of one kind to be edited together; none: the scenario.
    void show_subjects(const QStringList& ids);
    /// The one that is shown; the first where there are several.
    QString subject() const { return subjects_.value(0); }
    /// The editor of a parameter, or nullptr.
    FieldEditor* field(const QString& label) const;
    /// Puts the focus into the field that a problem is about; false where there is none.
    bool go_to(const model::Problem& problem);

signals:
    /// Another technology is wanted for the component; what differs is to be shown before.
    void technology_wanted(const QString& component, const QString& technology);

private:
    void refresh();
    void build(std::vector<Field> fields);
    void head();
    FieldState state(const Field& field) const;
    void edit(FieldEditor& editor, const QString& text);

    Project& project_;
    QStringList subjects_;
    std::vector<model::FieldPath> shown_;
    std::vector<FieldEditor*> editors_;
    QLabel *icon_, *title_, *subtitle_;
    QScrollArea* scroll_;
    ProfilePreview* preview_;
};

}  // namespace headroom::desktop
