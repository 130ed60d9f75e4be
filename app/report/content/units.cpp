#include "app/report/content/units.h"

namespace headroom::report {

SheetUnit sheet_unit(const model::Metric& metric) {
    using namespace model::dimensions;
    const std::string noun = metric.noun;
    if (metric.dimension == time) return {"s"};
    if (metric.dimension == item) return {noun};
    if (metric.dimension == item_rate) return {noun + "/s"};
    if (metric.dimension == money_rate) return {"$/month", 1 / model::months(1).value(), true};
    if (metric.dimension == money_per_data) return {"$/TB", 1e-12, true};
    if (metric.dimension == money_per_item) return {"$/1M " + noun, 1e-6, true};
    if (metric.dimension == money_per_item_time)
        return {"$/month for a " + noun, 1 / model::months(1).value(), true};
    return {metric.percent ? "share" : ""};
}

}  // namespace headroom::report
