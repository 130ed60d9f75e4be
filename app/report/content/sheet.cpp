#include "app/report/content/sheet.h"

#include "app/report/content/text.h"
#include "model/scenario/write_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <xlsxwriter.h>

namespace headroom::report {

namespace {

constexpr std::size_t longest_text = 32'000;  // 32,767 characters fit
constexpr time_t fixed_date = 1'577'836'800;  // 2020-01-01: the same input gives the same bytes

lxw_format* look(lxw_workbook* book, Look look) {
    lxw_format* format = workbook_add_format(book);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    switch (look) {
        case Look::title:
            format_set_bold(format);
            format_set_font_size(format, 16);
            break;
        case Look::header:
            format_set_bold(format);
            format_set_bottom(format, LXW_BORDER_THIN);
            format_set_text_wrap(format);
            break;
        case Look::strong:
            format_set_bold(format);
            break;
        case Look::money:
            format_set_num_format(format, "$#,##0.00");
            break;
        case Look::price:
            format_set_num_format(format, "$#,##0.00########");
            format_set_bg_color(format, 0xFFF7DC);
            break;
        case Look::count:
            format_set_num_format(format, "#,##0.######");
            break;
        case Look::percent:
            format_set_num_format(format, "0.0%");
            break;
        case Look::factor:
            format_set_num_format(format, "0.0000");
            break;
        case Look::note:
            format_set_font_color(format, 0x59636E);
            format_set_italic(format);
            break;
        case Look::input:
            format_set_bg_color(format, 0xFFF7DC);
            break;
        case Look::plain:
            break;
    }
    return format;
}

}  // namespace

Sheet& Sheet::text(const std::string& words, Look look) {
    if (!words.empty())
        worksheet_write_string(sheet_, row_, column_, shortened(words, longest_text).c_str(),
                               looks_.at(look));
    ++column_;
    return *this;
}

Sheet& Sheet::number(double value, Look look) {
    if (std::isinf(value)) return text("without bound", look);
    if (!std::isnan(value)) worksheet_write_number(sheet_, row_, column_, value, looks_.at(look));
    ++column_;
    return *this;
}

Sheet& Sheet::formula(const std::string& formula, double value, Look look) {
    worksheet_write_formula_num(sheet_, row_, column_, formula.c_str(), looks_.at(look), value);
    ++column_;
    return *this;
}

void Sheet::header(const std::vector<std::string>& titles) {
    for (const std::string& title : titles) text(title, Look::header);
    end_row();
}

void Sheet::widths(const std::vector<double>& characters) {
    lxw_col_t column = 0;
    for (const double width : characters) {
        worksheet_set_column(sheet_, column, column, width, nullptr);
        ++column;
    }
}

void Sheet::freeze() { worksheet_freeze_panes(sheet_, row_, 0); }

std::string column_name(int column) {
    std::string name;
    for (int rest = column; rest >= 0; rest = rest / 26 - 1)
        name.insert(name.begin(), static_cast<char>('A' + rest % 26));
    return name;
}

Workbook::Workbook(const std::string& title, const std::string& subject) {
    std::error_code error;
    std::string pattern = (std::filesystem::temp_directory_path(error) / "headroom-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return;
    folder_ = pattern;
    file_ = (folder_ / "report.xlsx").string();
    lxw_workbook_options options{};
    options.tmpdir = pattern.data();
    book_ = workbook_new_opt(file_.c_str(), &options);
    if (book_ == nullptr) return;
    std::string clean_title = shortened(title, 250), clean_subject = shortened(subject, 250);
    std::string author = "Headroom";
    lxw_doc_properties properties{};
    properties.title = clean_title.data();
    properties.subject = clean_subject.data();
    properties.author = author.data();
    properties.created = fixed_date;
    workbook_set_properties(book_, &properties);
    for (const Look each : {Look::plain, Look::title, Look::header, Look::strong, Look::money, Look::price,
                            Look::count, Look::percent, Look::note, Look::input, Look::factor})
        looks_[each] = look(book_, each);
}

Workbook::~Workbook() {
    if (book_ != nullptr) workbook_close(book_);
    std::error_code error;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, error);
}

Sheet Workbook::add(std::string& name) {
    std::string kept;
    for (const char c : name)
        kept += std::string_view("[]:*?/\\'").find(c) == std::string_view::npos ? c : '-';
    name = shortened(kept, 31);
    for (int n = 2; std::count(names_.begin(), names_.end(), name) > 0; ++n)
        name = shortened(kept, 27) + " " + std::to_string(n);
    names_.push_back(name);
    return {book_ != nullptr ? workbook_add_worksheet(book_, name.c_str()) : nullptr, looks_};
}

model::Expected<std::string> Workbook::finish() {
    if (book_ == nullptr) return model::fail({}, "", "there is no room for temporary files of the workbook");
    const lxw_error error = workbook_close(book_);
    book_ = nullptr;
    if (error != LXW_NO_ERROR)
        return model::fail({}, "",
                           std::string("the workbook could not be put together: ") + lxw_strerror(error));
    std::ifstream stream(file_, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (bytes.empty()) return model::fail({}, "", "the workbook could not be read back");
    return bytes;
}

}  // namespace headroom::report
