#pragma once
// Where the parts of YAML text end. The parser tells where a node begins; splicing needs its end as well.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::model::yaml {

/// Behind blanks, line ends and comments, and whatever of `also` comes between.
std::size_t skip_blanks(std::string_view text, std::size_t at, std::string_view also = {});
/// Behind a node's anchor and tag.
std::size_t skip_properties(std::string_view text, std::size_t at);
/// End of the scalar that begins at `at` (behind its properties) and was read as `decoded`. A block scalar
/// ends where its lines are no longer indented deeper than `parent_column` (-1 at the root).
std::size_t end_of_scalar(std::string_view text, std::size_t at, std::string_view decoded, int parent_column);
std::size_t end_of_alias(std::string_view text, std::size_t at);
/// Position of the line end ('\n', "\r\n" or the end of the text) of the line that holds `at`.
std::size_t end_of_line(std::string_view text, std::size_t at);
std::size_t start_of_line(std::string_view text, std::size_t at);
/// Bytes between the start of the line and `at`.
std::size_t column_of(std::string_view text, std::size_t at);

}  // namespace headroom::model::yaml
