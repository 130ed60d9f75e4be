#pragma once
// What makes a PDF a document: who wrote it, where its sections are.

#include <string>
#include <vector>

namespace headroom::report {

/// A section of the document for the reader's outline: its title and page, counted from 0.
struct OutlineEntry {
    std::string title;
    int page = 0;
};

/// An area of a page that leads to another page, both counted from 0. Lengths are shares of the page from its
/// upper left corner.
struct PageLink {
    int page = 0, target = 0;
    double left = 0, top = 0, right = 0, bottom = 0;
};

struct Identity {
    std::string title, subject, author;
};

/// Rewrites a PDF so that equal content gives equal bytes: no dates, no random ids; with title, author,
/// language, outline and links.
std::string with_identity(const std::string& pdf, const Identity& identity,
                          const std::vector<OutlineEntry>& outline, const std::vector<PageLink>& links);

}  // namespace headroom::report
