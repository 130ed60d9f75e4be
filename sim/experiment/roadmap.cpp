#include "sim/experiment/roadmap.h"

#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {

using model::Value;

class StepReader {
public:
    StepReader(const Value::Entry& entry, std::filesystem::path folder)
        : entry_(entry), folder_(std::move(folder)) {}

    model::Expected<RoadmapStep> read() {
        RoadmapStep step{.id = entry_.key};
        if (auto known = only_fields(entry_.value, entry_.key,
                                     {"from", "scenario", "says", "parallel", "one-off", "door"});
            !known)
            return tl::unexpected(known.error());
        if (auto done = number("from", model::dimensions::time, step.from); !done)
            return tl::unexpected(done.error());
        if (entry_.value.find("from") == nullptr)
            return model::fail(entry_.key_place, entry_.key, "'from' is missing: when the step begins");
        if (auto done = number("parallel", model::dimensions::time, step.parallel); !done)
            return tl::unexpected(done.error());
        if (auto done = number("one-off", model::dimensions::money, step.one_off); !done)
            return tl::unexpected(done.error());
        step.says = text("says");
        if (text("scenario").empty())
            return model::fail(entry_.key_place, entry_.key, "'scenario' is missing: a file");
        step.scenario = (folder_ / text("scenario")).lexically_normal();
        const std::string door = text("door");
        if (!door.empty() && door != "one-way" && door != "two-way")
            return model::fail(entry_.value.find("door")->place, entry_.key + ".door",
                               "'" + model::excerpt(door) + "' is neither 'one-way' nor 'two-way'");
        step.one_way = door == "one-way";
        return step;
    }

private:
    std::string text(std::string_view name) const {
        const Value* value = entry_.value.find(name);
        return value != nullptr && value->is_scalar() ? value->text : std::string();
    }

    template <class Number>
    model::Expected<void> number(const char* name, model::Dimension dimension, Number& into) const {
        const Value* value = entry_.value.find(name);
        if (value == nullptr) return {};
        const std::string field = entry_.key + "." + name;
        if (!value->is_scalar()) return model::fail(value->place, field, "a single value is expected");
        const auto number = model::parse_quantity(value->text, dimension);
        if (!number) return model::fail(value->place, field, number.error());
        if (*number < 0) return model::fail(value->place, field, "0 or more is expected");
        into = Number(*number);
        return {};
    }

    const Value::Entry& entry_;
    std::filesystem::path folder_;
};

double month_of(model::Duration time) { return time.value() / model::months(1).value(); }

/// Part of the month that lies within [from, to), in months.
double overlap(double from, double to, int month) {
    return std::max(0.0, std::min(to, month + 1.0) - std::max(from, static_cast<double>(month)));
}

constexpr double rounding = 1e-9;  ///< of dates, in months

}  // namespace

model::Duration Roadmap::length(std::size_t step) const {
    return (step + 1 < steps.size() ? steps[step + 1].from : end) - steps[step].from;
}

int Roadmap::months() const { return static_cast<int>(std::ceil(month_of(end) - rounding)); }

int Roadmap::first_month(std::size_t step) const {
    return static_cast<int>(std::floor(month_of(steps[step].from) + rounding));
}

int Roadmap::last_month(std::size_t step) const {
    const model::Duration until =
        step + 1 < steps.size() ? steps[step + 1].from + steps[step + 1].parallel : end;
    return static_cast<int>(std::ceil(month_of(until) - rounding)) - 1;
}

double Roadmap::share(std::size_t step, int month) const {
    return overlap(month_of(steps[step].from), month_of(steps[step].from + length(step)), month);
}

double Roadmap::share_beside(std::size_t step, int month) const {
    if (step + 1 >= steps.size()) return 0;
    const model::Duration from = steps[step + 1].from;
    return overlap(month_of(from), month_of(from + steps[step + 1].parallel), month);
}

model::Expected<Roadmap> read_roadmap(const std::filesystem::path& file) {
    const auto tree = read_tree(file, "the roadmap");
    if (!tree) return tl::unexpected(tree.error());
    if (!tree->is_mapping()) return model::fail(tree->place, "", "steps by name, and an 'end', are expected");
    Roadmap roadmap;
    const Value* end = tree->find("end");
    if (end == nullptr)
        return model::fail(tree->place, "end", "'end' is missing: when the last step is over");
    const auto length = model::parse_quantity(end->text, model::dimensions::time);
    if (!length) return model::fail(end->place, "end", length.error());
    roadmap.end = model::Duration(*length);
    for (const Value::Entry& entry : tree->entries) {
        if (entry.key == "end") continue;
        auto step = StepReader(entry, file.parent_path()).read();
        if (!step) return tl::unexpected(step.error());
        if (!roadmap.steps.empty() && step->from <= roadmap.steps.back().from)
            return model::fail(entry.key_place, entry.key + ".from",
                               "a step begins after the one above it, '" + roadmap.steps.back().id + "'");
        roadmap.steps.push_back(*std::move(step));
    }
    if (roadmap.steps.empty()) return model::fail(tree->place, "", "there is no step");
    if (roadmap.end <= roadmap.steps.back().from)
        return model::fail(end->place, "end",
                           "the roadmap ends after the last step begins, '" + roadmap.steps.back().id + "'");
    for (std::size_t i = 0; i < roadmap.steps.size(); ++i)
        if (roadmap.steps[i].parallel > roadmap.length(i) ||
            (i == 0 && roadmap.steps[i].parallel.value() > 0))
            return model::fail(tree->find(roadmap.steps[i].id)->place, roadmap.steps[i].id + ".parallel",
                               i == 0 ? "nothing runs before the first step"
                                      : "the step before cannot run on for longer than this one lasts");
    return roadmap;
}

namespace {

/// Sum over the months of a step's platform, each with its part.
template <class Share>
model::Estimate sum_of(const std::vector<model::Estimate>& months, Share share) {
    model::Estimate sum{0};
    for (std::size_t m = 0; m < months.size(); ++m) {
        const double part = share(static_cast<int>(m));
        if (part <= 0) continue;
        sum.value += part * months[m].value;
        if (months[m].exact()) continue;
        sum.half_width = (sum.exact() ? 0 : sum.half_width) + part * months[m].half_width;
    }
    return sum;
}

}  // namespace

std::vector<RoadmapCost> costs_of(const Roadmap& roadmap,
                                  const std::vector<std::vector<model::Estimate>>& monthly) {
    std::vector<RoadmapCost> costs;
    std::vector<model::Estimate> paid(roadmap.steps.size(), model::Estimate{0});  // for each platform so far
    const auto add = [](model::Estimate& to, const model::Estimate& more) {
        to.value += more.value;
        if (!more.exact()) to.half_width = (to.exact() ? 0 : to.half_width) + more.half_width;
    };
    double once = 0;
    for (std::size_t i = 0; i < roadmap.steps.size(); ++i) {
        RoadmapCost cost;
        cost.own = sum_of(monthly[i], [&](int month) { return roadmap.share(i, month); });
        cost.beside =
            i > 0 ? sum_of(monthly[i - 1], [&](int month) { return roadmap.share_beside(i - 1, month); })
                  : model::Estimate{0};
        add(paid[i], cost.own);
        if (i > 0) add(paid[i - 1], cost.beside);
        once += roadmap.steps[i].one_off.value();
        cost.in_all.value = once;
        double variance = 0;
        bool estimated = false;
        for (const model::Estimate& platform : paid) {
            cost.in_all.value += platform.value;
            if (platform.exact()) continue;
            estimated = true;
            variance += platform.half_width * platform.half_width;
        }
        if (estimated) cost.in_all.half_width = std::sqrt(variance);
        costs.push_back(cost);
    }
    return costs;
}

std::vector<RoadmapMonth> months_of(const Roadmap& roadmap,
                                    const std::vector<std::vector<model::Estimate>>& monthly) {
    std::vector<RoadmapMonth> months(static_cast<std::size_t>(roadmap.months()));
    double so_far = 0;
    for (std::size_t m = 0; m < months.size(); ++m) {
        RoadmapMonth& month = months[m];
        const auto number = static_cast<int>(m);
        for (std::size_t i = 0; i < roadmap.steps.size(); ++i) {
            const double share = roadmap.share(i, number), beside = roadmap.share_beside(i, number);
            if (share > 0) month.step = i;
            month.own += share > 0 ? share * monthly[i][m].value : 0;
            month.beside += beside > 0 ? beside * monthly[i][m].value : 0;
            if (roadmap.first_month(i) == number) month.once += roadmap.steps[i].one_off.value();
        }
        month.so_far = so_far += month.own + month.beside + month.once;
    }
    return months;
}

}  // namespace headroom::sim
