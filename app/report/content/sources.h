#pragma once
// Where the figures of a report come from, numbered in the order in which they are met: the bill first, then
// what technologies bring.

#include "app/report/content/input.h"

#include <string>
#include <vector>

namespace headroom::report {

struct Source {
    std::string name, as_of;
    std::vector<std::string> figures;
};

class SourceList {
public:
    explicit SourceList(const Input& input);

    /// "[3]"; "unsourced" where the source is empty.
    std::string mark(const std::string& source, const std::string& as_of) const;
    const std::vector<Source>& sources() const { return sources_; }
    /// Figures of which no source was seen.
    const std::vector<std::string>& unsourced() const { return unsourced_; }

private:
    std::vector<Source> sources_;
    std::vector<std::string> unsourced_;
};

}  // namespace headroom::report
