#include "sim/experiment/run.h"

#include "model/scenario/document.h"
#include "sim/experiment/calibration_error.h"
#include "sim/experiment/effort.h"
#include "sim/experiment/intervals.h"
#include "sim/experiment/recovery.h"
#include "sim/experiment/rounds.h"
#include "sim/experiment/summary.h"
#include "sim/experiment/verdicts.h"
#include "sim/kernel/statistics.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace headroom::sim {

namespace {

/// Visits of all first replications together that record level may cost: some ten seconds on one core.
constexpr double affordable_visits = 5e7;

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

/// One run: keeps what the steps share.
class Experiment {
public:
    Experiment(const model::Scenario& scenario, model::System system, const model::Catalog& catalog,
               const RunOptions& options, const ProgressFn& progress, std::stop_token stop)
        : scenario_(scenario),
          catalog_(catalog),
          system_(std::move(system)),
          outline_(outline_of(system_)),
          analytic_(analytic_figures(system_, outline_, 24)),
          billing_(scenario_, catalog, system_, outline_),
          subject_{scenario_, system_, outline_, analytic_, billing_},
          options_(options),
          progress_(progress),
          stop_(std::move(stop)) {}

    model::Expected<model::RunResult> run(const model::Calibrations& calibrations);

private:
    Replication simulate(int replication, std::stop_token stop) const {
        return simulate(system_, replication, std::move(stop));
    }
    Replication simulate(const model::System& system, int replication, std::stop_token stop) const {
        const ReplicationOptions options{.seed = result_.seed,
                                         .replication = replication,
                                         .warm_up = result_.warm_up.value(),
                                         .stop = std::move(stop)};
        Replication done = result_.level == model::Level::record ? simulate_records(system, options)
                                                                 : simulate_flow(system, options);
        if (!done.stopped) check_conservation(system, done);
        return done;
    }
    void choose_level();
    std::optional<Replication> find_warm_up();
    int next_count(int done, double half_width) const;
    void report(const std::vector<Replication>& done, int planned);
    double seconds_since_start() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    }

    const model::Scenario& scenario_;
    const model::Catalog& catalog_;
    model::System system_;
    Outline outline_;
    AnalyticFigures analytic_;
    Billing billing_;
    Subject subject_;
    const RunOptions& options_;
    const ProgressFn& progress_;
    std::stop_token stop_;
    model::RunResult result_;
    std::vector<std::string> notes_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point reported_{};
    model::RunResult so_far_;
    double half_width_so_far_ = 0;
};

void Experiment::choose_level() {
    result_.level = options_.level;
    if (result_.level != model::Level::automatic) return;
    if (!flow_gap(system_).empty()) {
        result_.level = model::Level::record;
        return;
    }
    const int least = options_.replications.value_or(scenario_.precision.replications_min);
    result_.level =
        expected_visits(system_) * least <= affordable_visits ? model::Level::record : model::Level::flow;
}

// Warm-up: as the scenario says; else found in a pilot, by MSER-5 and by how long the system remembers, where
// the load is constant. A load that changes has no steady state to wait for: then everything counts, from the
// empty start on.
std::optional<Replication> Experiment::find_warm_up() {
    const double horizon = system_.horizon.value();
    if (scenario_.warm_up) {
        result_.warm_up = model::seconds(std::min(scenario_.warm_up->value(), 0.9 * horizon));
        return std::nullopt;
    }
    if (!outline_.constant_rates) {
        notes_.push_back(
            "The load changes over the horizon, so no warm-up was dropped: the figures count from an empty "
            "start.");
        return std::nullopt;
    }
    const bool grows =
        std::any_of(analytic_.growing.begin(), analytic_.growing.end(), [](double g) { return g > 0; });
    if (grows) {
        notes_.push_back(
            "No steady state exists, so no warm-up was dropped: the figures depend on the horizon.");
        return std::nullopt;
    }
    Rounds first(
        [this](int replication, std::stop_token stop) { return simulate(replication, std::move(stop)); }, 1,
        stop_);
    first.run_to(1, [this](const std::vector<Replication>&, double) { report({}, 0); });
    if (first.done().empty()) return std::nullopt;
    Replication pilot = std::move(first.done().front());
    const auto& series = pilot.warm_up_series;
    const std::size_t cut = series.size() < 10 ? 0 : mser5(series);
    if (cut > 0 && cut >= series.size() / 2)
        notes_.push_back(
            "No end of the warm-up was found within the first half of the horizon: half of it was dropped, "
            "and a longer horizon would be firmer.");
    double warm_up = cut > 0 ? horizon * static_cast<double>(cut) / static_cast<double>(series.size()) : 0;
    // MSER-5 finds no warm-up that is small beside the noise of one replication, but a bias of all of them is
    // not small beside their mean. After four times its memory a system has forgotten that it began empty;
    // what it remembers of failures is no matter of how it began.
    if (system_.outages.empty())
        warm_up = std::max(warm_up, std::min(4 * memory_of_responses({&pilot, 1}), 0.2 * horizon));
    if (warm_up <= 0) return pilot;
    result_.warm_up = model::seconds(warm_up);
    return std::nullopt;
}

// The half-width shrinks with the root of the number of replications.
int Experiment::next_count(int done, double half_width) const {
    const model::Precision& precision = scenario_.precision;
    if (!std::isfinite(half_width)) return std::min(precision.replications_max, std::max(2, 2 * done));
    const double ratio = half_width / precision.half_width;
    const double wanted = std::ceil(done * ratio * ratio * 1.05);
    const double bounded = std::clamp(wanted, done + 1.0, 2.0 * done);
    return std::min(precision.replications_max, static_cast<int>(bounded));
}

void Experiment::report(const std::vector<Replication>& done, int planned) {
    if (!progress_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - reported_ < std::chrono::milliseconds(200)) return;
    reported_ = now;
    if (so_far_.replications != static_cast<int>(done.size()) && !done.empty()) {
        so_far_ = result_;
        summarise(subject_, done, scenario_.precision.confidence, so_far_);
        if (done.size() > 1) half_width_so_far_ = worst_half_width(scenario_, so_far_.figures);
    }
    Progress progress;
    progress.replications = static_cast<int>(done.size());
    progress.fraction = planned > 0 ? std::min(1.0, static_cast<double>(done.size()) / planned) : 0;
    progress.worst_half_width = std::isfinite(half_width_so_far_) ? half_width_so_far_ : 0;
    if (progress.fraction > 0)
        progress.seconds_left = seconds_since_start() * (1 - progress.fraction) / progress.fraction;
    if (!done.empty()) progress.so_far = &so_far_;
    progress_(progress);
}

model::Expected<model::RunResult> Experiment::run(const model::Calibrations& calibrations) {
    result_.scenario_name = scenario_.name;
    result_.scenario_file = scenario_.file.string();
    result_.scenario_hash = content_hash(scenario_, calibrations);
    if (!scenario_.file.empty())
        if (const auto document = model::Document::load(scenario_.file))
            result_.scenario_text = document->text();
    result_.seed = options_.seed.value_or(scenario_.seed);
    result_.horizon = system_.horizon;
    result_.confidence = scenario_.precision.confidence;
    choose_level();
    if (const auto reach =
            within_reach(system_, analytic_.growing, result_.level, options_.level == result_.level,
                         std::max(options_.replications.value_or(1), scenario_.precision.replications_min));
        !reach) {
        model::Problems problems = reach.error();
        for (model::Problem& problem : problems) problem.place.file = scenario_.file.string();
        return tl::unexpected(std::move(problems));
    }

    Rounds rounds(
        [this](int replication, std::stop_token stop) { return simulate(replication, std::move(stop)); },
        options_.threads, stop_);
    if (std::optional<Replication> pilot = find_warm_up()) rounds.done().push_back(*std::move(pilot));
    int planned = std::max(1, options_.replications.value_or(scenario_.precision.replications_min));
    for (;;) {
        rounds.run_to(planned, [&](const std::vector<Replication>& done, double) { report(done, planned); });
        const std::vector<Replication>& done = rounds.done();
        if (stop_.stop_requested()) {
            result_.cancelled = static_cast<int>(done.size()) < planned;
            break;
        }
        summarise(subject_, done, result_.confidence, result_);
        if (auto priced = price(subject_, done, result_.confidence, result_); !priced)
            return tl::unexpected(priced.error());
        const double half_width = worst_half_width(scenario_, result_.figures);
        result_.precise = half_width <= scenario_.precision.half_width;
        const bool fixed = options_.replications.has_value();
        const int count = static_cast<int>(done.size());
        if (fixed || result_.precise || count >= scenario_.precision.replications_max) break;
        planned = next_count(count, half_width);
    }

    const std::vector<Replication>& done = rounds.done();
    if (stop_.stop_requested()) {  // else the last round has been summed up
        summarise(subject_, done, result_.confidence, result_);
        if (auto priced = price(subject_, done, result_.confidence, result_); !priced)
            return tl::unexpected(priced.error());
    }
    if (!result_.cancelled) {
        const auto again = [this](const model::System& system, int replication, std::stop_token stop) {
            return simulate(system, replication, std::move(stop));
        };
        for (std::string& note :
             widen_by_calibrations(subject_, catalog_, calibrations, done, again, stop_, result_))
            notes_.push_back(std::move(note));
    }
    result_.notes.clear();
    if (!result_.cancelled) add_recovery(subject_, options_, stop_, result_);
    notes_.insert(notes_.end(), result_.notes.begin(), result_.notes.end());
    result_.objectives = judge(scenario_, result_.figures);
    result_.notes = cautions(subject_, done, result_);
    result_.notes.insert(result_.notes.end(), notes_.begin(), notes_.end());
    const std::string so_many =
        std::to_string(done.size()) + (done.size() == 1 ? " replication" : " replications");
    if (result_.cancelled) {
        result_.notes.push_back(
            done.empty() ? "Stopped before the first replication was finished: there are no figures."
                         : "Stopped after " + so_many + ": the intervals are wider than asked for.");
    } else if (!result_.precise) {
        char asked[32];
        std::snprintf(asked, sizeof asked, "%.3g %%", scenario_.precision.half_width * 100);
        result_.notes.push_back("The half-width of " + std::string(asked) + " was not reached with " +
                                so_many + ".");
    }
    result_.wall_seconds = seconds_since_start();
    result_.finished_at = utc_now();
    return std::move(result_);
}

}  // namespace

model::Expected<model::RunResult> run(const model::Scenario& scenario, const model::Catalog& catalog,
                                      const model::Calibrations& calibrations, const RunOptions& options,
                                      const ProgressFn& progress, std::stop_token stop) {
    model::Scenario asked = scenario;
    if (options.horizon) asked.horizon = *options.horizon;
    if (options.seed) asked.seed = *options.seed;
    auto system = model::lower(asked, catalog, calibrations);
    if (!system) return tl::unexpected(system.error());
    if (options.level == model::Level::flow)
        if (const std::string gap = flow_gap(*system); !gap.empty()) {
            model::Problem problem;
            problem.field = "level";
            problem.found = "flow";
            problem.message = gap;
            return tl::unexpected(model::Problems{std::move(problem)});
        }
    return Experiment(asked, *std::move(system), catalog, options, progress, std::move(stop))
        .run(calibrations);
}

}  // namespace headroom::sim
