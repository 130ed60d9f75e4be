#include "sim/experiment/growth_plan.h"

#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim {

namespace {

using model::Expected;

constexpr int attempts = 4;

std::string percent(double share) {
    return model::format_quantity(share, model::dimensions::none, {.percent = true});
}

std::string reason(const GrowthLimit& limit, double figure) {
    return limit.component ? limit.text + " would be " + percent(figure) + " full"
                           : "'" + limit.text + "' would break";
}

class Planner {
public:
    Planner(GrowthPath& path, const std::vector<DecisionVariable>& variables, const GrowthOptions& options)
        : path_(path),
          variables_(variables),
          options_(options),
          which_(path.limits().size()),
          now_(path.as_it_is()) {
        std::iota(which_.begin(), which_.end(), std::size_t{0});
    }

    Expected<GrowthPlan> plan() {
        for (int month = 0; month < options_.months && !which_.empty();) {
            const auto fails = path_.first_failure(now_, month, which_);
            if (!fails) return tl::unexpected(fails.error());
            if (!*fails) break;
            month = **fails;
            const auto failing = path_.check(now_, month, which_);
            if (!failing) return tl::unexpected(failing.error());
            busiest_ = path_.busiest(month, std::min(options_.months, month + options_.hold));
            find_mendable();
            const auto larger = enlarged(month);
            if (!larger) return tl::unexpected(larger.error());
            if (!*larger) {
                if (auto done = give_up(month, *failing); !done) return tl::unexpected(done.error());
                continue;
            }
            plan_.months.resize(static_cast<std::size_t>(month), now_);
            if (auto done = buy(**larger, month, *failing); !done) return tl::unexpected(done.error());
            ++month;
        }
        plan_.months.resize(static_cast<std::size_t>(options_.months), now_);
        return std::move(plan_);
    }

private:
    /// Those of the limits that hold in the busiest month or can be mended, each by itself. The others are
    /// told when their month comes; until then they do not keep the rest from being bought ahead.
    void find_mendable() {
        ahead_.clear();
        for (const std::size_t l : which_)
            if (path_.should_hold(now_, busiest_, {l}) || path_.enlarged(now_, busiest_, {l}))
                ahead_.push_back(l);
    }

    /// Enlarged until the limits hold in that month also as simulated; none where that is out of reach.
    Expected<std::optional<Configuration>> enlarged(Configuration larger, int month,
                                                    const std::vector<std::size_t>& limits) {
        for (int attempt = 0; attempt < attempts; ++attempt) {
            const auto trial = path_.enlarged(larger, month, limits);
            if (!trial) break;
            larger = *trial;
            const auto failing = path_.check(larger, month, limits);
            if (!failing) return tl::unexpected(failing.error());
            if (failing->empty()) return larger;
        }
        return std::optional<Configuration>();
    }

    /// Large enough for the busiest of the months that it must do for, as far as what breaks there can be
    /// mended; for the first of them, where that is out of reach. None where that is, too.
    Expected<std::optional<Configuration>> enlarged(int month) {
        auto larger = enlarged(now_, busiest_, ahead_);
        if (!larger) return larger;
        if (!*larger) return enlarged(now_, month, which_);
        const auto failing = path_.check(**larger, month, which_);
        if (!failing) return tl::unexpected(failing.error());
        return failing->empty() ? larger : enlarged(**larger, month, which_);
    }

    /// What nothing mends is not for the plan to keep: that which cannot be met alone, or all of it.
    Expected<void> give_up(int month, const std::vector<std::size_t>& failing) {
        std::vector<std::size_t> beyond;
        for (const std::size_t l : failing)
            if (!path_.enlarged(now_, month, {l})) beyond.push_back(l);
        if (beyond.empty()) beyond = failing;
        for (const std::size_t l : beyond) {
            const auto figure = path_.figure(now_, month, l);
            if (!figure) return tl::unexpected(figure.error());
            std::erase(which_, l);
            plan_.notes.push_back("From month " + std::to_string(month + 1) + " on " +
                                  reason(path_.limits()[l], figure->value) + why_not(month, l));
        }
        return {};
    }

    std::string why_not(int month, std::size_t limit) {
        const Configuration most = path_.largest(now_, month);
        const double is = path_.expected(now_, month, limit), would = path_.expected(most, month, limit);
        if (!(std::abs(would - is) > 0.01 * std::abs(is)))
            return ": nothing that can be enlarged any further relieves it. Published limits and quotas "
                   "cannot be "
                   "bought.";
        if (path_.holds(limit, would))
            return ", and nothing was found to enlarge, within eight times what it is, with which that and "
                   "everything else holds.";
        const GrowthLimit& spec = path_.limits()[limit];
        return ": also with everything eight times as large, or as large as it can be, it would be " +
               (spec.component ? percent(would) + " full"
                               : model::print_figure(*model::find_metric(spec.key.metric), would)) +
               " by closed form.";
    }

    Expected<void> buy(const Configuration& larger, int month, const std::vector<std::size_t>& failing) {
        Purchase bought{.month = month};
        for (std::size_t v = 0; v < variables_.size(); ++v)
            if (now_[v] != larger[v])
                bought.changes.push_back(
                    {variables_[v].path, variables_[v].levels[now_[v]], variables_[v].levels[larger[v]]});
        for (const std::size_t l : failing) {
            const auto figure = path_.figure(now_, month, l);
            if (!figure) return tl::unexpected(figure.error());
            bought.because += (bought.because.empty() ? "" : "; ") + reason(path_.limits()[l], figure->value);
        }
        std::string later;
        for (const std::size_t l : ahead_)
            if (std::find(failing.begin(), failing.end(), l) == failing.end() &&
                !path_.should_hold(now_, busiest_, {l}))
                later += (later.empty() ? "" : "; ") +
                         reason(path_.limits()[l], path_.expected(now_, busiest_, l));
        if (!later.empty()) bought.because += "; in month " + std::to_string(busiest_ + 1) + " " + later;
        bought.more_cost = path_.cost(larger, month) - path_.cost(now_, month);
        plan_.purchases.push_back(std::move(bought));
        now_ = larger;
        return {};
    }

    GrowthPath& path_;
    const std::vector<DecisionVariable>& variables_;
    const GrowthOptions& options_;
    GrowthPlan plan_;
    std::vector<std::size_t> which_;  ///< limits that are kept
    std::vector<std::size_t> ahead_;  ///< those of them that can hold in the busiest month
    int busiest_ = 0;                 ///< of the months that what is bought must do for
    Configuration now_;
};

}  // namespace

Expected<GrowthPlan> plan_growth(GrowthPath& path, const std::vector<DecisionVariable>& variables,
                                 const GrowthOptions& options) {
    return Planner(path, variables, options).plan();
}

}  // namespace headroom::sim
