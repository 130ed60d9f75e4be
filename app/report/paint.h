#pragma once
// Pictures of documents, painted.

#include "app/report/content/document.h"

class QPainter;

namespace headroom::report {

/// Whether there is something to see. Sets the size where it follows from what is shown.
bool has_something_to_show(Picture& picture);

/// On an area of the picture's width and height, in the colours of Theme::print.
void paint(const Picture& picture, QPainter& painter);

}  // namespace headroom::report
