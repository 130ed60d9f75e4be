#include "app/desktop/shell/labels.h"

#include <QLabel>

namespace headroom::desktop {

QLabel* make_label(const QString& text, const char* role, bool wraps) {
    auto* made = new QLabel(text);
    made->setProperty("role", role);
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(wraps);
    return made;
}

}  // namespace headroom::desktop
