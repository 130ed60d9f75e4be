#include "app/report/report.h"

#include "app/report/paint.h"
#include "app/report/pdf.h"
#include "app/report/svg.h"

namespace headroom::report {

std::string QtIllustrator::svg(const Picture& picture) const {
    Picture sized = picture;
    return has_something_to_show(sized) ? svg_of(sized) : "";
}

std::string QtIllustrator::svg_file(const Picture& picture) const {
    Picture sized = picture;
    return has_something_to_show(sized) ? svg_file_of(sized) : "";
}

Document QtIllustrator::shown(const Document& document) {
    Document made = document;
    std::erase_if(made.blocks, [](Block& block) {
        auto* picture = std::get_if<Picture>(&block);
        return picture != nullptr && !has_something_to_show(*picture);
    });
    return made;
}

std::string QtIllustrator::pdf(const Document& document) const { return pdf_of(shown(document)); }

std::string to_html(const Input& input) {
    const QtIllustrator illustrator;
    return html_of(build_report(input), &illustrator);
}

std::string to_pdf(const Input& input) { return QtIllustrator().pdf(build_report(input)); }

model::Expected<void> write(const Input& input, const std::filesystem::path& file) {
    const QtIllustrator illustrator;
    return write_report(file, format_of(file), &illustrator, {input}, [&] { return build_report(input); });
}

}  // namespace headroom::report
