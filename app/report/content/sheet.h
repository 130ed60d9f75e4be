#pragma once
// An XLSX workbook written cell by cell, over libxlsxwriter.

#include "model/scenario/problem.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

namespace headroom::report {

enum class Look { plain, title, header, strong, money, price, count, percent, note, input, factor };

/// A sheet's next row is written with row(); cells follow from left to right.
class Sheet {
public:
    Sheet(lxw_worksheet* sheet, const std::map<Look, lxw_format*>& looks) : sheet_(sheet), looks_(looks) {}

    Sheet& text(const std::string& words, Look look = Look::plain);
    /// NaN leaves the cell empty; what is infinite is said in words.
    Sheet& number(double value, Look look = Look::plain);
    /// `value` is what stands there until the formula is computed anew.
    Sheet& formula(const std::string& formula, double value, Look look);
    Sheet& skip() {
        ++column_;
        return *this;
    }
    void end_row() {
        ++row_;
        column_ = 0;
    }
    void header(const std::vector<std::string>& titles);
    void widths(const std::vector<double>& characters);
    /// Rows above the next one stay in sight.
    void freeze();

    /// The next row as formulas name it, from 1.
    int row() const { return static_cast<int>(row_) + 1; }

private:
    lxw_worksheet* sheet_;
    const std::map<Look, lxw_format*>& looks_;
    unsigned row_ = 0;
    unsigned short column_ = 0;
};

/// "A", ..., "Z", "AA", ... of a column from 0.
std::string column_name(int column);

class Workbook {
public:
    Workbook(const std::string& title, const std::string& subject);
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;
    ~Workbook();

    /// Names are shortened, and numbered where another sheet has them. `name` becomes the one that is used.
    Sheet add(std::string& name);
    /// Ends it and gives its bytes.
    model::Expected<std::string> finish();

private:
    std::filesystem::path folder_;
    std::string file_;
    lxw_workbook* book_ = nullptr;
    std::map<Look, lxw_format*> looks_;
    std::vector<std::string> names_;
};

}  // namespace headroom::report
