#pragma once

#include <string>
#include <vector>

namespace headroom::report {

/// A section of the document for the reader's outline: its title and page, counted from 0.
struct OutlineEntry {
    std::string title;
    int page = 0;
};

/// Rewrites a PDF so that equal content gives equal bytes: no dates, no random ids; with title, author,
/// language and outline.
std::string with_identity(const std::string& pdf, const std::string& title, const std::string& subject,
                          const std::vector<OutlineEntry>& outline);

}  // namespace headroom::report
