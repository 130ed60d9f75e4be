#pragma once
// Documents as files of each format. The same document gives the same bytes.

#include "app/report/content/document.h"
#include "app/report/content/input.h"
#include "model/scenario/problem.h"

#include <filesystem>
#include <optional>
#include <string>

namespace headroom::report {

enum class Format { pdf, html, markdown, workbook };

/// "pdf", "html", "markdown", "xlsx"
const char* word_for(Format format);
std::optional<Format> format_named(std::string_view word);
/// By the ending of the file: .pdf, .html or .htm, .md or .markdown, .xlsx. The problem says what would do.
model::Expected<Format> format_of(const std::filesystem::path& file);

/// What needs Qt: pictures and pages. A build without it writes no PDF, and HTML without pictures.
class Illustrator {
public:
    virtual ~Illustrator() = default;
    /// One <svg> element in the page's colours; empty where there is nothing to show.
    virtual std::string svg(const Picture& picture) const = 0;
    /// The same as a file of its own, in the colours of print.
    virtual std::string svg_file(const Picture& picture) const = 0;
    virtual std::string pdf(const Document& document) const = 0;
};

std::string html_of(const Document& document, const Illustrator* illustrator);
/// GitHub's flavour; the topology as Mermaid, other pictures left to their tables.
std::string markdown_of(const Document& document);
/// The verdicts, the bill with live formulas, the years to come, every figure, series and distribution, the
/// inputs with their sources; sheets for each of the inputs where there are several.
model::Expected<std::string> workbook_of(const std::vector<Input>& inputs);

/// All formats. PDF needs an illustrator.
model::Expected<std::string> bytes_of(const Document& document, const std::vector<Input>& inputs,
                                      Format format, const Illustrator* illustrator);

}  // namespace headroom::report
