#include "model/kinds/scaling.h"

#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace headroom::model {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// "07:00 100 %, 22:00 30 %"
tl::expected<std::vector<std::pair<Duration, double>>, std::string> read_schedule(std::string_view text) {
    std::vector<std::pair<Duration, double>> schedule;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string entry(trimmed(text.substr(0, comma)));
        text.remove_prefix(std::min(text.size(), comma + 1));
        int hour = 0, minute = 0, used = 0;
        if (std::sscanf(entry.c_str(), "%2d:%2d %n", &hour, &minute, &used) != 2 || used == 0 || hour < 0 ||
            hour > 23 || minute < 0 || minute > 59)
            return tl::unexpected("'" + excerpt(entry) +
                                  "' is not a time of day with a share; write '07:00 100 %, 22:00 30 %'");
        const auto share = parse_quantity(entry.substr(static_cast<std::size_t>(used)), Dimension{});
        if (!share || !(*share > 0 && *share <= 1))
            return tl::unexpected("'" + excerpt(entry) +
                                  "' has no share above 0 and up to 100 %; write '07:00 100 %, 22:00 30 %'");
        const Duration time = hours(hour) + minutes(minute);
        if (!schedule.empty() && time <= schedule.back().first)
            return tl::unexpected("the times of the schedule must ascend; '" + excerpt(entry) +
                                  "' is not later than the one before it");
        schedule.emplace_back(time, *share);
    }
    return schedule;
}

}  // namespace

std::vector<ParameterSpec> scaling_parameters() {
    return {
        spec::chosen(spec::share(
            "scale-target", "",
            "Utilisation at which an autoscaler holds it, with the nodes given as the most that it may "
            "have. Not scaled if left out.",
            "65 %")),
        spec::chosen(spec::share("scale-least", "20 %",
                                 "Part of the capacity that an autoscaler leaves it at the least.")),
        spec::chosen(spec::share("scale-step", "",
                                 "Part of the capacity that one decision adds or takes away. As much as the "
                                 "target asks for, if left out.",
                                 "10 %")),
        spec::measured(
            spec::duration("scale-delay", "3 min", 0, 86'400,
                           "Time until more capacity is there, from when the autoscaler asked for it.")),
        spec::duration("scale-period", "1 min", 1, 86'400,
                       "How often the autoscaler looks at the utilisation."),
        spec::duration("scale-cool-down", "5 min", 0, 86'400,
                       "Time after a change in which the autoscaler takes nothing away."),
        {.name = "scale-schedule",
         .type = ParameterType::text,
         .help = "Times of day with the part of the capacity that is there from then on at the least.",
         .example = "\"07:00 100 %, 22:00 30 %\""},
    };
}

std::optional<Scaler> scaler_of(const Component& component) {
    if (!component.has("scale-target") && !component.has("scale-schedule")) return {};
    Scaler scaler{.least = component.number("scale-least"),
                  .first = 0,
                  .period = Duration(component.number("scale-period")),
                  .delay = Duration(component.number("scale-delay")),
                  .cool_down = Duration(component.number("scale-cool-down"))};
    if (component.has("scale-target")) scaler.target = component.number("scale-target");
    if (component.has("scale-step")) scaler.stride = component.number("scale-step");
    if (component.has("nodes")) scaler.step = 1.0 / component.nodes("nodes").count;
    if (component.has("scale-schedule"))
        if (auto schedule = read_schedule(component.text("scale-schedule")))
            scaler.schedule = std::move(*schedule);
    return scaler;
}

std::optional<Scaler> pool_scaler_of(const Component& component, int nodes) {
    std::optional<Scaler> scaler = scaler_of(component);
    if (!scaler) return {};
    scaler->name = component.id;
    scaler->step = 1.0 / nodes;
    scaler->sees_waiting = true;
    return scaler;
}

Problems check_scaling(const Component& component) {
    Problems problems;
    if (component.has("scale-target") && component.number("scale-target") <= 0)
        problems.push_back(problem_of(component, "scale-target", Severity::error,
                                      "a utilisation above 0 is expected, for example '65 %'"));
    if (component.has("scale-step") && component.number("scale-step") <= 0)
        problems.push_back(problem_of(component, "scale-step", Severity::error,
                                      "a share above 0 is expected, for example '10 %'"));
    if (component.has("scale-schedule"))
        if (const auto schedule = read_schedule(component.text("scale-schedule")); !schedule)
            problems.push_back(problem_of(component, "scale-schedule", Severity::error, schedule.error()));
    if (component.has("runs-on") && (component.has("scale-target") || component.has("scale-schedule")))
        problems.push_back(problem_of(component, "runs-on", Severity::error,
                                      "nodes that others share do not scale with one of them"));
    return problems;
}

}  // namespace headroom::model
