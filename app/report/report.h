#pragma once
// Planning reports with pictures and pages: PDF, HTML, Markdown and XLSX, the same bytes for the same input,
// from the command line and the desktop.

#include "app/report/content/build.h"
#include "app/report/content/input.h"
#include "app/report/content/write.h"
#include "app/report/content/writers.h"

#include <filesystem>
#include <string>

namespace headroom::report {

/// Draws with Qt. Needs a QApplication (offscreen will do): Qt Charts draws the charts.
class QtIllustrator final : public Illustrator {
public:
    std::string svg(const Picture& picture) const override;
    std::string svg_file(const Picture& picture) const override;
    std::string pdf(const Document& document) const override;
    /// Without pictures that have nothing to show.
    static Document shown(const Document& document);
};

/// Bytes of the finished documents of one run.
std::string to_html(const Input& input);
std::string to_pdf(const Input& input);

/// Writes the report of one run atomically, in the format of the file's ending.
model::Expected<void> write(const Input& input, const std::filesystem::path& file);

}  // namespace headroom::report
