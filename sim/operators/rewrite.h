#pragma once
// What it costs to write the stored records of a scenario anew after their schema has changed: read each
// once, give it the new fields and types, write it back.

#include "model/catalog/catalog.h"
#include "model/cost/bill.h"
#include "sim/operators/schema.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// Runs the change on a sample of the stored records: fields of the same name are converted, new ones are
/// null, others are dropped; the rows are written as Parquet with Snappy. Decoding is that of the sample's
/// own format.
model::Expected<model::Calibration> measure_rewrite(const std::filesystem::path& sample, const Schema& before,
                                                    const Schema& after,
                                                    const CalibrationOptions& options = {},
                                                    const CalibrationProgressFn& progress = {},
                                                    std::stop_token stop = {});

/// What one store holds in one class of storage, in the long run, and what rewriting it once takes.
struct RewriteLine {
    std::string component, tier;  ///< tier: empty where there are none
    model::DataSize stored;
    double records = 0;
    double files = 0;              ///< 0: it is not billed by requests
    model::Measured core_seconds;  ///< of a core of the chosen instance type
    double compute = 0;            ///< dollars, as are all below
    double requests = 0;           ///< a read and a write for each file
    double retrieval = 0;          ///< charged by the byte that is read from colder classes
    double total() const { return compute + requests + retrieval; }
};

struct RewriteCost {
    model::Measured time_per_record;  ///< core seconds on the chosen instance type
    double stored_record = 0;         ///< bytes
    std::string instance;
    double core_hour = 0;  ///< dollars
    std::vector<RewriteLine> lines;
    std::vector<std::string> notes;  ///< where figures come from and what is not counted
    double total() const;
};

/// Of every component of category "Store" whose storage the bill has. Problems: an instance type that the
/// catalogue or its price that the price book does not have; no store.
model::Expected<RewriteCost> rewrite_cost(const model::Scenario& scenario, const model::Catalog& catalog,
                                          const model::Bill& bill, const model::Calibration& measured,
                                          const std::string& instance);

}  // namespace headroom::sim
