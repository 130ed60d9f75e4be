#pragma once
// The fields of the selected workload or component, or of the scenario where nothing is selected.

#include "app/desktop/inspector/field_editor.h"

#include <QFrame>

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace headroom::desktop {

class Inspector final : public QFrame {
    Q_OBJECT

public:
    explicit Inspector(Project& project, QWidget* parent = nullptr);

    void show_subject(const QString& id);
    const QString& subject() const { return subject_; }
    /// The editor of a parameter, or nullptr.
    FieldEditor* field(const QString& label) const;
    /// Puts the focus into the field that a problem is about; false where there is none.
    bool go_to(const model::Problem& problem);

private:
    void refresh();
    void build(std::vector<Field> fields);
    void head();
    void edit(FieldEditor& editor, const QString& text);

    Project& project_;
    QString subject_;
    std::vector<model::FieldPath> shown_;
    std::vector<FieldEditor*> editors_;
    QLabel *icon_, *title_, *subtitle_;
    QScrollArea* scroll_;
};

}  // namespace headroom::desktop
