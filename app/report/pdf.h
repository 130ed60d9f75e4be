#pragma once
// Documents as PDF.

#include "app/report/content/document.h"

#include <QPicture>
#include <QSizeF>
#include <deque>
#include <string>

namespace headroom::report {

/// A4 pages with vectors, embedded fonts and bookmarks. All pictures must have something to show.
std::string pdf_of(const Document& document);

/// The same pages as pictures, to look at before they are written; each is of page_size().
std::deque<QPicture> pages_of(const Document& document);
QSizeF page_size();

}  // namespace headroom::report
