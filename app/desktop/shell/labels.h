#pragma once
// Words on pages, in the looks that the appearance knows by role.

#include <QString>

class QLabel;

namespace headroom::desktop {

/// Plain text; `role` is one of those of appearance.cpp: "title", "heading", "muted", ...
QLabel* make_label(const QString& text, const char* role, bool wraps = true);

}  // namespace headroom::desktop
