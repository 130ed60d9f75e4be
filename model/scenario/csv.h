#pragma once
// Lines of comma-separated values.

#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

/// The cells of one line, without the blanks around them; quotes may surround a cell and double within it.
std::vector<std::string> csv_cells(std::string_view line);

}  // namespace headroom::model
