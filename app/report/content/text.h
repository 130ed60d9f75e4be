#pragma once
// UTF-8 texts as reports need them.

#include <string>

namespace headroom::report {

/// Without control characters and direction overrides, which would let a name disturb the text around it;
/// what is not UTF-8 is replaced.
std::string clean(const std::string& text);

/// At most so many characters, the last of them an ellipsis where some were left out.
std::string shortened(const std::string& text, std::size_t characters);

/// Number of characters.
std::size_t length_of(const std::string& text);

/// With <, >, & and quotes as entities.
std::string escaped_html(const std::string& text);

}  // namespace headroom::report
