#include "app/report/content/writers.h"

#include <algorithm>

namespace headroom::report {

const char* word_for(Format format) {
    switch (format) {
        case Format::pdf:
            return "pdf";
        case Format::html:
            return "html";
        case Format::markdown:
            return "markdown";
        case Format::workbook:
            break;
    }
    return "xlsx";
}

std::optional<Format> format_named(std::string_view word) {
    if (word == "pdf") return Format::pdf;
    if (word == "html" || word == "htm") return Format::html;
    if (word == "markdown" || word == "md") return Format::markdown;
    if (word == "xlsx") return Format::workbook;
    return std::nullopt;
}

model::Expected<Format> format_of(const std::filesystem::path& file) {
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (const auto format = format_named(ending.empty() ? ending : ending.substr(1))) return *format;
    return model::fail({}, "",
                       "the report '" + file.string() + "' has " +
                           (ending.empty() ? "no ending" : "the ending '" + ending + "'") +
                           "; .pdf, .html, .md or .xlsx expected");
}

model::Expected<std::string> bytes_of(const Document& document, const std::vector<Input>& inputs,
                                      Format format, const Illustrator* illustrator) {
    switch (format) {
        case Format::markdown:
            return markdown_of(document);
        case Format::workbook:
            return workbook_of(inputs);
        case Format::html:
            return html_of(document, illustrator);
        case Format::pdf:
            break;
    }
    if (illustrator == nullptr)
        return model::fail({}, "",
                           "this build draws no pages; .html, .md or .xlsx expected, or a build with "
                           "-DHEADROOM_DESKTOP=ON");
    return illustrator->pdf(document);
}

}  // namespace headroom::report
