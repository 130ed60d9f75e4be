#include "model/units/price.h"

#include "model/units/unit.h"

#include <array>
#include <charconv>
#include <cmath>

namespace headroom::model {

std::string print_price(double dollars) {
    const double size = std::abs(dollars);
    std::array<char, 400> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), size, std::chars_format::fixed,
                                   size >= 1 ? 4 : 10);
    std::string digits(text.data(), end.ptr);
    const std::size_t least = digits.find('.') + 3;  // cents
    while (digits.ends_with('0') && digits.size() > least) digits.pop_back();
    return (dollars < 0 ? "-$" : "$") + group_thousands(digits);
}

}  // namespace headroom::model
