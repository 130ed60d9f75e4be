#pragma once
// Pictures as SVG elements that stand inside an HTML page.

#include "app/report/content/document.h"

#include <string>

namespace headroom::report {

/// One <svg> element. Colours of the print palette become the page's custom properties (var(--text), ...), so
/// that the picture follows the reader's dark or light scheme.
std::string svg_of(const Picture& picture);

/// A file of its own, in the colours of print, that any viewer shows.
std::string svg_file_of(const Picture& picture);

}  // namespace headroom::report
