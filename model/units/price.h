#pragma once
// How prices are written.

#include <string>

namespace headroom::model {

/// The price of one unit, in dollars: "$0.0000004", "$1,234.56". At most ten decimals, from a dollar on four;
/// never as a power of ten, and the same in every locale.
std::string print_price(double dollars);

}  // namespace headroom::model
