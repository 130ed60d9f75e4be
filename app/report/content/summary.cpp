// What a reader in a hurry needs: tiles, sentences made of the results, the verdict on each objective.

#include "app/report/content/build.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

using model::Verdict;

namespace {

const model::Figure* figure(const Input& input, const char* metric, const std::string& subject,
                            const std::string& of) {
    return input.result.find({metric, subject, of});
}

int count(const Input& input, Verdict verdict) {
    return static_cast<int>(
        std::count_if(input.result.objectives.begin(), input.result.objectives.end(),
                      [&](const model::ObjectiveResult& objective) { return objective.verdict == verdict; }));
}

std::string bound_text(const model::ObjectiveResult& objective) {
    return (objective.relation == model::Relation::at_most ? "at most " : "at least ") +
           figure_text(objective.key, objective.bound);
}

std::string statistic_of(const model::FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    const std::string statistic = metric ? metric->statistic : "";
    return statistic.empty() ? "" : ", " + statistic + ",";
}

/// How the figure stands to the bound, as a person would say it.
std::string distance(const model::ObjectiveResult& objective) {
    const double value = objective.figure.value, bound = objective.bound;
    if (!std::isfinite(value)) return "grows without bound";
    const std::string is = "is " + figure_text(objective.key, value) + " where " + bound_text(objective) +
                           (bound > 0 || value > 0 ? " is asked" : " are asked");
    if (!(bound > 0) || !(value > 0)) return is;
    const double ratio = value / bound;
    if (ratio >= 2) return is + ", " + number(ratio, 2) + " times the bound";
    const double apart = std::abs(ratio - 1);
    return is + ", " + percent(apart, 2) + (ratio > 1 ? " above the bound" : " below it");
}

std::string verdict_sentence(const Input& input) {
    const int all = static_cast<int>(input.result.objectives.size());
    const int broken = count(input, Verdict::broken), undecided = count(input, Verdict::undecided);
    if (all == 0) return "The scenario states no objective, so there is no verdict.";
    if (broken == 0 && undecided == 0) {
        // The tightest one says how much room is left.
        const model::ObjectiveResult* tight = nullptr;
        double least = INFINITY;
        for (const auto& objective : input.result.objectives) {
            if (!(objective.bound > 0) || !(objective.figure.value > 0)) continue;
            const double ratio = objective.relation == model::Relation::at_most
                                     ? objective.bound / objective.figure.value
                                     : objective.figure.value / objective.bound;
            if (ratio < least) {
                least = ratio;
                tight = &objective;
            }
        }
        std::string sentence = all == 1   ? "The objective is met"
                               : all == 2 ? "Both objectives are met"
                                          : "All " + std::to_string(all) + " objectives are met";
        if (tight)
            sentence += "; the tightest is " + subject_of(tight->key) + ", which" + statistic_of(tight->key) +
                        " " + distance(*tight);
        return sentence + ".";
    }
    std::vector<std::string> parts;
    for (const Verdict verdict : {Verdict::broken, Verdict::undecided})
        for (const auto& objective : input.result.objectives)
            if (objective.verdict == verdict)
                parts.push_back(
                    capitalised(subject_of(objective.key)) + statistic_of(objective.key) + " " +
                    distance(objective) +
                    (verdict == Verdict::undecided ? "; the interval holds the bound, so this is open" : ""));
    std::string sentence = "Of " + count_of(all, "objective", "objectives") + ", " + std::to_string(broken) +
                           (broken == 1 ? " is broken" : " are broken");
    if (undecided > 0) sentence += " and " + std::to_string(undecided) + " undecided";
    sentence += ".";
    for (const std::string& part : parts) sentence += " " + part + ".";
    return sentence;
}

void add_load_sentences(std::vector<std::string>& items, const Input& input) {
    for (const model::Workload& workload : input.scenario.workloads) {
        const std::string name = clean(workload.id);
        const std::string noun = noun_of(input.scenario, workload.id);
        std::string sentence = capitalised(name);
        const auto* requests = std::get_if<model::Requests>(&workload.load);
        if (requests && requests->users) {
            sentence += ": " + count_of(*requests->users, "user asks", "users ask");
        } else {
            const model::RateProfile& rate =
                requests ? requests->rate : std::get<model::Stream>(workload.load).rate;
            const model::FigureKey key{"throughput", "", workload.id};
            const double mean = rate.mean({}, input.scenario.horizon).value();
            const double peak = rate.peak({}, input.scenario.horizon).value();
            sentence += ": " + figure_text(key, mean, noun) + " arrive";
            if (peak > mean * 1.02)
                sentence += " on average and " + figure_text(key, peak, noun) + " at the peak";
        }
        if (const auto* through = figure(input, "throughput", "", workload.id))
            sentence +=
                ", and " + figure_text(through->key, through->simulated.value, noun) + " leave the platform";
        for (const model::Figure& found : input.result.figures) {
            if (found.key.of != workload.id || found.key.metric != "freshness.p50") continue;
            const auto* tail = figure(input, "freshness.p99", found.key.subject, workload.id);
            sentence += "; half can be read in " + clean(found.key.subject) + " within " +
                        figure_text(found.key, found.simulated.value);
            if (tail) sentence += " and 99 % within " + figure_text(tail->key, tail->simulated.value);
        }
        if (!workload.is_stream()) {
            const auto* middle = figure(input, "response.p50", "", workload.id);
            const auto* tail = figure(input, "response.p99", "", workload.id);
            if (middle && tail)
                sentence += "; half are answered within " +
                            figure_text(middle->key, middle->simulated.value) + " and 99 % within " +
                            figure_text(tail->key, tail->simulated.value);
        }
        items.push_back(sentence + ".");
    }
}

void add_bottleneck_sentence(std::vector<std::string>& items, const Input& input) {
    const model::Figure* first = bottleneck_of(input.result);
    if (!first) return;
    const double mean = first->simulated.value;
    std::string sentence =
        capitalised(clean(first->key.subject)) +
        (mean < 0.6 ? " is the bottleneck, though far from full: it is " : " is the bottleneck: it is ");
    if (mean > 1)
        sentence += "offered " + number(mean, 3) + " times what it can do";
    else
        sentence += "used to " + percent(mean) + " on average";
    const auto* peak = figure(input, "utilisation.peak", first->key.subject, "");
    if (peak && mean <= 1 && peak->simulated.value > mean * 1.05)
        sentence += " and " + percent(peak->simulated.value) + " in its busiest interval";
    const model::Figure* second = nullptr;
    for (const model::Figure& other : input.result.figures)
        if (other.key.metric == "utilisation" && other.key.subject != first->key.subject &&
            !other.key.subject.starts_with(first->key.subject + ".") &&
            !first->key.subject.starts_with(other.key.subject + ".") &&
            (!second || other.simulated.value > second->simulated.value))
            second = &other;
    if (second && second->simulated.value > 0)
        sentence += "; the next, " + clean(second->key.subject) + ", to " + percent(second->simulated.value);
    if (peak && peak->simulated.value > 0 && peak->simulated.value < 0.995)
        sentence += ". With the same mix its busiest interval would be full at about " +
                    number(1 / peak->simulated.value, 3) + " times the load";
    items.push_back(sentence + ".");
    for (const model::Figure& growth : input.result.figures)
        if (growth.key.metric == "growth" && growth.simulated.value > 0)
            items.push_back("The backlog of " + clean(growth.key.subject) + " grows by " +
                            figure_text(growth.key, growth.simulated.value) + " without bound.");
}

void add_cost_sentence(std::vector<std::string>& items, const Input& input) {
    const model::Bill& bill = input.result.bill;
    if (bill.lines.empty()) return;
    const double total = bill.per_month().value();
    const auto largest = std::max_element(
        bill.lines.begin(), bill.lines.end(),
        [](const model::BillLine& a, const model::BillLine& b) { return a.amount < b.amount; });
    std::string sentence = "The platform costs " + rounded_money(total) + " a month";
    if (total > 0)
        sentence += "; the largest item is " + clean(largest->dimension) +
                    (largest->detail.empty() ? "" : " (" + clean(largest->detail) + ")") + " of " +
                    clean(largest->component) + " with " + rounded_money(largest->amount) + ", " +
                    percent(largest->amount / total, 2) + " of the bill";
    items.push_back(sentence + ".");
}

void add_honesty_sentences(std::vector<std::string>& items, const Input& input) {
    int compared = 0;
    std::vector<std::string> apart;
    for (const model::Figure& figure : input.result.figures) {
        if (!figure.analytic_exact || !std::isfinite(figure.analytic) || figure.simulated.exact()) continue;
        ++compared;
        if (figure.analytic < figure.simulated.low() || figure.analytic > figure.simulated.high())
            apart.push_back(subject_of(figure.key));
    }
    if (compared > 0 && input.result.replications > 0) {
        std::string sentence =
            "Where a closed form is exact (" + count_of(compared, "figure", "figures") + "), ";
        if (apart.empty())
            sentence += compared == 1 ? "it lies within the simulation's interval"
                                      : "all lie within the simulation's intervals";
        else
            sentence +=
                std::to_string(apart.size()) + (apart.size() == 1 ? " lies" : " lie") +
                " outside the simulation's interval, where chance alone puts " +
                percent(1 - input.result.confidence, 2) + ": " +
                list_of({apart.begin(), apart.begin() + std::min<std::ptrdiff_t>(3, std::ssize(apart))});
        items.push_back(sentence + ".");
    }
    if (!input.result.precise && input.result.replications > 0)
        items.push_back("The asked precision of " + percent(input.scenario.precision.half_width, 2) +
                        " was not reached with " +
                        count_of(input.result.replications, "replication", "replications") +
                        ": read the intervals before the figures.");
    if (input.result.cancelled) items.push_back("The run was stopped before it had finished.");
}

void add_tiles(Document& document, const Input& input) {
    Tiles tiles;
    const int all = static_cast<int>(input.result.objectives.size());
    if (all > 0) {
        const int broken = count(input, Verdict::broken), met = count(input, Verdict::met);
        tiles.tiles.push_back({"Objectives met", std::to_string(met) + " of " + std::to_string(all),
                               broken > 0  ? std::to_string(broken) + " broken"
                               : met < all ? std::to_string(all - met) + " undecided"
                                           : "",
                               broken > 0  ? Tone::bad
                               : met < all ? Tone::unsure
                                           : Tone::good});
    }
    if (!input.result.bill.lines.empty())
        tiles.tiles.push_back({"Cost a month", rounded_money(input.result.bill.per_month().value()),
                               rounded_money(input.result.bill.per_month().value() * 12) + " a year",
                               Tone::plain});
    if (const model::Figure* most = bottleneck_of(input.result))
        tiles.tiles.push_back({"Bottleneck", clean(most->key.subject),
                               percent(most->simulated.value) + " used on average",
                               most->simulated.value >= 0.85 ? Tone::bad : Tone::plain});
    // Times that objectives are about.
    for (const auto& objective : input.result.objectives) {
        const model::Metric* metric = model::find_metric(objective.key.metric);
        if (tiles.tiles.size() >= 4 || !metric || metric->dimension != model::dimensions::time) continue;
        model::FigureKey subject = objective.key;
        const std::string title = capitalised(metric->objective);
        std::string place = clean(subject.of);
        if (!subject.subject.empty())
            place += (subject.metric.starts_with("freshness") ? " in " : " at ") + clean(subject.subject);
        tiles.tiles.push_back({title + ", " + metric->statistic, figure_text(subject, objective.figure.value),
                               place, objective.verdict == Verdict::broken ? Tone::bad : Tone::plain});
    }
    if (!tiles.tiles.empty()) document.add(std::move(tiles));
}

}  // namespace

void add_summary(Document& document, const Input& input) {
    add_tiles(document, input);
    document.add(Heading{1, "Summary", "summary"});
    Bullets bullets;
    bullets.items.push_back(verdict_sentence(input));
    add_load_sentences(bullets.items, input);
    add_bottleneck_sentence(bullets.items, input);
    add_cost_sentence(bullets.items, input);
    add_honesty_sentences(bullets.items, input);
    for (std::string& item : bullets.items) item = unbroken(item);
    document.add(std::move(bullets));
}

void add_objectives(Document& document, const Input& input) {
    if (input.result.objectives.empty()) return;
    document.add(Heading{1, "Objectives", "objectives"});
    const std::string level = percent(input.result.confidence, 3);
    Table table;
    table.columns = {
        {"Objective"}, {"Verdict"}, {"Figure", true}, {level + " interval", true}, {"Bound", true}};
    for (const auto& objective : input.result.objectives) {
        const bool met = objective.verdict == Verdict::met, broken = objective.verdict == Verdict::broken;
        const bool interval = !objective.figure.exact() && std::isfinite(objective.figure.half_width);
        Cell verdict{met      ? "✔ met"
                     : broken ? "✘ broken"
                              : "? undecided",
                     objective.verdict == Verdict::undecided ? "the interval holds the bound"
                     : interval                              ? level + " confidence"
                     : objective.figure.exact()              ? "by construction"
                                                             : "without an interval",
                     met      ? Tone::good
                     : broken ? Tone::bad
                              : Tone::unsure};
        table.rows.push_back({{clean(objective.text)},
                              verdict,
                              {figure_text(objective.key, objective.figure.value), "", Tone::strong},
                              {interval_text(objective.key, objective.figure), "", Tone::muted},
                              {(objective.relation == model::Relation::at_most ? "≤ " : "≥ ") +
                               figure_text(objective.key, objective.bound)}});
    }
    table.note = "Met or broken means that the whole interval lies on one side of the bound.";
    document.add(std::move(table));
}

}  // namespace headroom::report
