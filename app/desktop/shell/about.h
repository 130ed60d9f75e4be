#pragma once
// What the program is made of, with versions and licences.

#include <QString>

namespace headroom::desktop {

/// Rich text.
QString about_text();

}  // namespace headroom::desktop
