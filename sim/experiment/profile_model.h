#pragma once
// A rate profile as a line: the logarithm of base x growth x seasons x events has one coefficient for each.

#include "sim/experiment/forecast.h"
#include "sim/experiment/log_linear.h"

#include <optional>

namespace headroom::sim {

class ProfileModel {
public:
    /// `logs`: of the history's rates. Seasons that are not significant at 1 % are dropped; outliers are
    /// taken out as events of their own. A problem: too few values.
    static model::Expected<ProfileModel> fit(const History& history, std::vector<double> logs,
                                             ClockTime first_day, const ForecastOptions& options);

    std::size_t columns() const { return 1 + (grows_ ? 1 : 0) + 2 * periods_.size() + names_.size(); }
    /// Of a step of the history or behind it.
    void row(std::size_t step, std::vector<double>& columns) const;
    const LogLinear& line() const { return *line_; }
    LogLinear::Foretold foretell(std::size_t step) const;
    /// Student's t for a two-sided interval.
    double quantile(double confidence) const;

    bool grows() const { return grows_; }
    double explained() const { return explained_; }
    /// Mean of the exponential of the residuals: what the rate's mean is above its median (Duan 1983).
    double smear() const { return smear_; }
    std::vector<SeasonFit> seasons() const;
    std::vector<EventFit> events(double confidence) const;
    /// Time 0 is the first day; events of the past are not in it.
    model::RateProfile profile(const std::vector<KnownEvent>& events) const;

private:
    struct Period {
        std::string name;
        model::Duration length;
    };
    double time_of(std::size_t step) const;  ///< of its middle, seconds from the first day
    std::size_t first_season() const { return grows_ ? 2 : 1; }
    std::size_t first_event() const { return first_season() + 2 * periods_.size(); }
    void solve(const std::vector<double>& logs);
    void drop_seasons();
    bool take_out_outliers(std::vector<double>& logs);
    SeasonFit season(std::size_t index) const;

    ClockTime start_ = 0, first_day_ = 0;
    model::Duration step_;
    bool grows_ = false;
    std::vector<Period> periods_, dropped_;
    std::vector<std::string> names_;  ///< of known events that the history has
    std::vector<KnownEvent> known_;
    std::vector<EventFit> found_;
    std::optional<LogLinear> line_;
    double explained_ = 0, smear_ = 1;
};

}  // namespace headroom::sim
