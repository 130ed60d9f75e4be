#pragma once
// Where the closed forms are exact, told from the structure of a system.

#include "model/system/system.h"

#include <vector>

namespace headroom::sim {

struct Exactness {
    std::vector<bool> stations;        ///< mean wait and response of the station
    std::vector<bool> rates;           ///< no decision before the station has shares that are approximate
    bool constant_rates = false;       ///< a steady state exists at all
    bool regions = true;               ///< what regions let in
    bool closed_product_form = false;  ///< every queue that closed classes visit keeps the product form
};

/// For each station the one open source whose items are all that arrive there, undivided; -1 where there is
/// none or more than one.
std::vector<int> renewal_inputs(const model::System& system);

/// The station is GI/M/c for the gaps of this source, or MMPP/M/1 or M[X]/G/1 for its pattern.
bool is_renewal_exact(const model::Station& station, const model::OpenSource& source);

/// Arrivals that are not independent, singly and at one rate have formulas only where they are all that comes
/// to a single server.
bool has_formula(const model::System& system, const model::OpenSource& source,
                 const std::vector<int>& renewal);

/// Product form (Jackson 1957; Baskett, Chandy, Muntz, Palacios, JACM 1975), M/G/1 where the arrivals are
/// Poisson, and GI/M/c.
Exactness examine_exactness(const model::System& system);

}  // namespace headroom::sim
