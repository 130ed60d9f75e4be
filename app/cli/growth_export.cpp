#include "app/cli/growth.h"
#include "app/cli/table.h"

#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

Json month_json(const std::optional<int>& month) { return month ? Json(*month + 1) : Json(); }

Json estimate_json(const model::Estimate& estimate) {
    Json json{{"value", estimate.value}};
    if (!estimate.exact()) json["half_width"] = estimate.half_width;
    return json;
}

}  // namespace

std::string growth_json(const sim::Growth& growth) {
    Json json{
        {"format", "headroom-growth-1"}, {"workloads", Json::array()},  {"limits", Json::array()},
        {"months", Json::array()},       {"purchases", Json::array()},  {"commitments", Json::array()},
        {"simulated", growth.simulated}, {"screened", growth.screened}, {"replications", growth.replications},
        {"notes", growth.notes}};
    for (const sim::GrowthRate& rate : growth.growth)
        json["workloads"].push_back(
            {{"workload", rate.workload}, {"growth", rate.middle}, {"low", rate.low}, {"high", rate.high}});
    for (const sim::GrowthLimit& limit : growth.limits) {
        Json object{{"what", limit.text},
                    {"metric", limit.key.metric},
                    {"component", limit.component},
                    {"bound", limit.bound},
                    {"month", month_json(limit.breaks)},
                    {"month_before", estimate_json(limit.at_last)}};
        if (limit.breaks) {
            object["load"] = limit.load;
            object["then"] = estimate_json(limit.at_break);
        }
        if (growth.uncertain) {
            object["earliest"] = month_json(limit.earliest);
            object["latest"] = month_json(limit.latest);
        }
        json["limits"].push_back(std::move(object));
    }
    for (std::size_t m = 0; m < growth.months.size(); ++m) {
        const sim::GrowthMonth& month = growth.months[m];
        Json object{{"month", m + 1},
                    {"load", month.load},
                    {"rates", month.rates},
                    {"fullest", month.fullest},
                    {"utilisation", month.utilisation},
                    {"cost", month.cost},
                    {"cost_enlarged", month.planned}};
        if (growth.uncertain) object["cost_low"] = month.low, object["cost_high"] = month.high;
        json["months"].push_back(std::move(object));
    }
    for (const sim::Purchase& purchase : growth.purchases) {
        Json changes = Json::array();
        for (const auto& change : purchase.changes)
            changes.push_back({{"path", change.path}, {"from", change.from}, {"to", change.to}});
        json["purchases"].push_back({{"month", purchase.month + 1},
                                     {"changes", changes},
                                     {"more_cost", purchase.more_cost},
                                     {"because", purchase.because}});
    }
    for (const sim::Commitment& commitment : growth.commitments)
        json["commitments"].push_back({{"month", commitment.month + 1},
                                       {"component", commitment.component},
                                       {"instance", commitment.instance},
                                       {"nodes", commitment.nodes},
                                       {"terms_of_3_years", commitment.years_of_3},
                                       {"terms_of_1_year", commitment.years_of_1},
                                       {"months_on_demand", commitment.on_demand_months},
                                       {"cost_on_demand", commitment.on_demand_cost},
                                       {"cost", commitment.cost}});
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string growth_csv(const sim::Growth& growth) {
    Table table{{{"month"}, {"load"}}, {}};
    for (const sim::GrowthRate& rate : growth.growth) table.columns.push_back({rate.workload});
    for (const char* title :
         {"fullest", "utilisation", "cost", "cost_enlarged", "cost_enlarged_low", "cost_enlarged_high"})
        table.columns.push_back({title});
    for (std::size_t m = 0; m < growth.months.size(); ++m) {
        const sim::GrowthMonth& month = growth.months[m];
        std::vector<Cell> row{std::to_string(m + 1), plain_number(month.load)};
        for (const double rate : month.rates) row.emplace_back(plain_number(rate));
        row.emplace_back(month.fullest);
        for (const double value : {month.utilisation, month.cost, month.planned, month.low, month.high})
            row.emplace_back(plain_number(value));
        table.rows.push_back(std::move(row));
    }
    return to_csv(table);
}

}  // namespace headroom::cli
