#pragma once
// A line of `links`: "a -> b -> [c, d]".

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace headroom::model {

struct ChainName {
    std::string id;
    std::size_t at = 0;  ///< its first byte in the line
};

/// What stands between two arrows: one name, or several in brackets.
using ChainGroup = std::vector<ChainName>;

struct ChainFault {
    std::size_t at = 0;
    std::string message;
};

/// What a workload or component may be called: letters, digits, '-' and '_', at most 100 of them, no '-'
/// first.
bool is_id(std::string_view text);

inline constexpr const char* chain_example = "'a -> b -> [c, d]'";

/// At least two groups, none of them empty.
tl::expected<std::vector<ChainGroup>, ChainFault> read_chain(std::string_view text);

}  // namespace headroom::model
