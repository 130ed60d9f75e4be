#pragma once
// Where the closed forms are exact, told from the structure of a system.

#include "model/system/system.h"

#include <vector>

namespace headroom::sim {

struct Exactness {
    std::vector<bool> stations;        ///< mean wait and response of the station
    bool constant_rates = false;       ///< a steady state exists at all
    bool closed_product_form = false;  ///< every queue that closed classes visit keeps the product form
};

/// Product form (Jackson 1957; Baskett, Chandy, Muntz, Palacios, JACM 1975), and M/G/1 where the arrivals are
/// Poisson.
Exactness examine_exactness(const model::System& system);

}  // namespace headroom::sim
