#pragma once
// Nodes on demand against nodes that are committed to for years.

#include "model/catalog/catalog.h"
#include "model/cost/bill.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// Nodes that are needed from a month until the end, and the cheapest way to pay for them: so many terms of
/// three years and of one, one after the other, and the rest on demand.
struct Commitment {
    std::string component, instance;
    int month = 0;                       ///< from which they are needed
    double nodes = 0;                    ///< on average over a month
    int years_of_3 = 0, years_of_1 = 0;  ///< terms
    int on_demand_months = 0;
    double on_demand_cost = 0;  ///< dollars until the end, all of it on demand
    double cost = 0;            ///< dollars of the cheapest way; terms that outlast the end are paid in full
    /// Months of use from which a term of one or three years is cheaper than on demand; NaN where the book
    /// has no such price.
    double even_1 = 0, even_3 = 0;
};

/// For everything that is billed on demand by the hour and has a price for a term of years in the book, in
/// layers: each is what is needed from its month to the end. Lines that are bought another way already are
/// left as they are.
std::vector<Commitment> commitments_for(const std::vector<model::Bill>& months, const model::PriceBook& book);

}  // namespace headroom::sim
