#include "sim/experiment/monthly_load.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace headroom::sim {

namespace {

const model::RateProfile& rate_of(const model::Workload& workload) {
    const auto* stream = std::get_if<model::Stream>(&workload.load);
    return stream ? stream->rate : std::get<model::Requests>(workload.load).rate;
}

bool has_field(const model::Value& tree, const model::FieldPath& path) {
    const model::Value* at = &tree;
    for (const std::string& step : path) {
        at = at->is_mapping() ? at->find(step) : nullptr;
        if (at == nullptr) return false;
    }
    return true;
}

}  // namespace

double growth_of(const model::Workload& workload) { return rate_of(workload).growth_per_year; }

MonthlyLoad::MonthlyLoad(const model::Scenario& scenario, const std::vector<double>& growth) {
    for (std::size_t w = 0; w < scenario.workloads.size(); ++w) {
        model::RateProfile profile = rate_of(scenario.workloads[w]);
        profile.base = model::per_second(1);
        profile.growth_per_year = growth[w];
        std::erase_if(profile.events, [&](const auto& event) { return event.from < scenario.horizon; });
        peak_.push_back(profile.peak({}, scenario.horizon).value());
        whole_.push_back(profile);
        std::erase_if(profile.seasons, [](const auto& season) { return season.period <= model::days(7); });
        mean_.push_back(profile.mean({}, scenario.horizon).value());
        slow_.push_back(std::move(profile));
    }
}

double MonthlyLoad::mean(std::size_t workload, int month) const {
    return slow_[workload].mean(model::months(month), model::months(month + 1)).value() / mean_[workload];
}

double MonthlyLoad::peak(std::size_t workload, int month) const {
    return whole_[workload].peak(model::months(month), model::months(month + 1)).value() / peak_[workload];
}

MonthChanges::MonthChanges(const model::Document& document, const model::Scenario& scenario,
                           const MonthlyLoad& load, int months)
    : changes_(static_cast<std::size_t>(months)), factors_(static_cast<std::size_t>(months)) {
    const auto tree = document.tree();
    for (std::size_t w = 0; w < scenario.workloads.size(); ++w) {
        const model::Workload& workload = scenario.workloads[w];
        const auto* requests = std::get_if<model::Requests>(&workload.load);
        const bool users = requests != nullptr && requests->users.has_value();
        const model::FieldPath path{"workloads", workload.id, requests ? "requests" : "stream",
                                    users ? "users" : "rate"};
        if (!tree || !has_field(*tree, path)) {
            unscaled_.push_back(workload.id);
            continue;
        }
        for (int month = 0; month < months; ++month) {
            const double factor = load.peak(w, month);
            char text[64];
            if (users)
                std::snprintf(text, sizeof text, "%.0f",
                              std::max(1.0, std::round(*requests->users * factor)));
            else
                std::snprintf(text, sizeof text, "%.17g/s", rate_of(workload).base.value() * factor);
            const auto m = static_cast<std::size_t>(month);
            changes_[m].emplace_back(path, text);
            factors_[m].push_back(factor);
        }
    }
}

double MonthChanges::highest(int month) const {
    const std::vector<double>& factors = factors_[static_cast<std::size_t>(month)];
    return factors.empty() ? 1 : *std::max_element(factors.begin(), factors.end());
}

double MonthChanges::all(int month) const {
    const std::vector<double>& factors = factors_[static_cast<std::size_t>(month)];
    return std::accumulate(factors.begin(), factors.end(), 0.0);
}

bool MonthChanges::covered(int month, int other) const {
    const std::vector<double>&a = factors_[static_cast<std::size_t>(month)],
          &b = factors_[static_cast<std::size_t>(other)];
    return std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) { return x <= y * (1 + 1e-9); });
}

}  // namespace headroom::sim
