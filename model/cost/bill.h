#pragma once
// From usage to bill. Every line can be traced to its usage, its price and the price's source.

#include "model/catalog/catalog.h"
#include "model/scenario/problem.h"
#include "model/units/quantity.h"

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::model {

/// What a component does in the long run, as simulated: the input of its kind's usage(). Bytes are items
/// times the size on arrival at the component's first station on the flow's way (Station::sizes), so that
/// what a store keeps is counted as it is written.
struct Activity {
    struct Flow {
        std::string workload;
        ItemRate in, out;  ///< mean over the horizon
        DataRate bytes_in, bytes_out;
        Frequency batches;  ///< commits of gathered batches (files, loads)
    };
    std::vector<Flow> flows;
    /// Mean servers busy, by station of the component as its kind named it; "" for the only one.
    std::map<std::string, double, std::less<>> busy;
    int readers = 1;  ///< links that leave the component: who reads what it keeps

    DataRate bytes_in() const;
    ItemRate items_in() const;
    Frequency batches() const;
};

/// An amount of one billing dimension a month. For things held (nodes, bytes) it is amount x time: 3 nodes
/// are 3 x 730 x 3600 node-seconds.
struct Usage {
    std::string component;
    std::string dimension;  ///< of the kind: "nodes", "storage", "put requests"
    std::string detail;     ///< instance type or tier; fills "{instance}" and "{tier}" in the price's id
    double per_month = 0;   ///< base units
    // Of bytes that are kept until they have some age (both 0: not kept): `per_month` is what the long run
    // holds.
    Duration held_from, held_for;
    DataSize item_size;  ///< mean bytes of one kept item; 0: no terms apply to its size
    /// Comes and goes with the capacity of the component, where that is scaled; `per_month` is for all of it.
    bool of_capacity = false;
};

/// How nodes are bought, as shares that sum to 1: {"spot", 0.3}, {"on-demand", 0.7}.
using PurchaseMix = std::vector<std::pair<std::string, double>>;

/// Whose usage it is.
struct Buyer {
    const Technology* technology = nullptr;
    PurchaseMix mix = {{"on-demand", 1.0}};
};

/// What a component takes of the nodes that it runs on, all of them together, on average. What its kind does
/// not know is NaN.
struct NodeLoad {
    double cores = std::numeric_limits<double>::quiet_NaN();  ///< busy
    DataRate network{std::numeric_limits<double>::quiet_NaN()};
    DataRate disk{std::numeric_limits<double>::quiet_NaN()};   ///< read and written, block storage
    DataSize space{std::numeric_limits<double>::quiet_NaN()};  ///< bytes kept on the nodes
};

struct BillLine {
    std::string component, dimension;
    std::string detail;  ///< instance type or tier, and how it was bought where that is not on demand
    std::string price_id;
    double units = 0;  ///< in the price's unit, a month
    std::string unit;
    double unit_price = 0;  ///< dollars; the average where volume steps apply
    double amount = 0;      ///< dollars a month
    Provenance provenance;
};

struct Bill {
    std::vector<BillLine> lines;
    Money per_month() const;
};

/// Applies the book; `buyers` are by usage. A usage whose dimension the technology does not price is free of
/// charge by declaration; one whose price id the book lacks is an error that names component, dimension and
/// id. The price's terms (least time, least size) are applied.
Expected<Bill> make_bill(const std::vector<Usage>& usage, const std::vector<Buyer>& buyers,
                         const PriceBook& book);

/// The ids under which a book prices that dimension of the technology; none where it is free of charge.
std::vector<std::string> price_ids(const Technology& technology, std::string_view dimension,
                                   std::string_view detail, std::string_view purchase = "on-demand");

/// Cost of `units` a month under volume steps.
double price_of(const Price& price, double units);

}  // namespace headroom::model
