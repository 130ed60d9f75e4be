#pragma once
// The scenario's text itself: what the pictures and fields are read from, and the way to mend a file that
// cannot be read.

#include "app/desktop/document/project.h"

#include <QPlainTextEdit>
#include <QTimer>

namespace headroom::desktop {

class TextPage final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit TextPage(Project& project, QWidget* parent = nullptr);

    /// Puts the cursor where a problem is; false where that is in another file, or not known.
    bool go_to(const model::Place& place);
    /// Makes what was typed an edit now, not only when the person pauses.
    void commit();

protected:
    bool event(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void show_text();

    Project& project_;
    QTimer pause_;
    bool filling_ = false, typed_ = false;
};

}  // namespace headroom::desktop
