// What the plan rests on: which inputs decide, what may go wrong, what to measure next.

#include "app/report/content/build.h"
#include "app/report/content/evidence.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

double width(const Sensitivity::Effect& effect) {
    return std::isfinite(effect.low) && std::isfinite(effect.high) ? std::abs(effect.high - effect.low)
                                                                   : INFINITY;
}

/// The inputs that move a figure most, as bars around its middle.
Tornado tornado_of(const Input& input, const model::FigureKey& key, double middle, double scale,
                   const std::function<const Sensitivity::Effect&(const Sensitivity&)>& effect_of) {
    Tornado tornado;
    tornado.figure = key;
    tornado.middle = middle * scale;
    std::vector<const Sensitivity*> order;
    for (const Sensitivity& one : input.evidence->sensitivities)
        if (const auto& effect = effect_of(one);
            std::isfinite(width(effect)) && width(effect) > 0.002 * middle)
            order.push_back(&one);
    std::stable_sort(order.begin(), order.end(), [&](const Sensitivity* a, const Sensitivity* b) {
        return width(effect_of(*a)) > width(effect_of(*b));
    });
    if (order.size() > 8) order.resize(8);
    for (const Sensitivity* one : order)
        tornado.bars.push_back({one->input + " (" + shortened(one->from, 24) + ")" +
                                    (effect_of(*one).low > effect_of(*one).high ? ", inverse" : ""),
                                effect_of(*one).low * scale, effect_of(*one).high * scale});
    return tornado;
}

std::string spread_text(const Input& input) { return percent(input.evidence->spread, 2); }

/// Objectives that the input breaks within its range, by name.
std::vector<std::string> broken_by(const Input& input, const Sensitivity& one) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < one.objectives.size(); ++i)
        if (one.objectives[i].breaks_low || one.objectives[i].breaks_high)
            names.push_back("'" + clean(input.result.objectives[i].text) + "' at " + spread_text(input) +
                            (one.objectives[i].breaks_high ? " more" : " less"));
    return names;
}

/// Where the input takes the figure beyond all bounds: "at 20 % more"; empty where it does not.
std::string endless_at(const Input& input, const Sensitivity::Effect& effect) {
    if (std::isfinite(effect.low) && std::isfinite(effect.high)) return "";
    return "at " + spread_text(input) + (std::isfinite(effect.high) ? " less" : " more");
}

/// Inputs that overload something, with the figure that then has no end.
void add_overloads(Document& document, const Input& input) {
    for (std::size_t i = 0; i < input.result.objectives.size(); ++i) {
        std::vector<std::string> names;
        for (const Sensitivity& one : input.evidence->sensitivities)
            if (const std::string where = endless_at(input, one.objectives[i]); !where.empty())
                names.push_back(one.input + " " + where);
        if (!names.empty())
            document.add(Paragraph{unbroken(capitalised(subject_of(input.result.objectives[i].key)) +
                                            " grows without end with " + list_of(names) +
                                            ": that is more than the platform can carry.")});
    }
}

}  // namespace

void add_sensitivity(Document& document, const Input& input) {
    if (input.evidence == nullptr || input.evidence->sensitivities.empty()) return;
    document.add(Heading{1, "Sensitivity", "sensitivity"});
    const Evidence& evidence = *input.evidence;
    // The time objective that inputs take farthest towards its bound, and the bill.
    std::size_t tightest = evidence.middle.size();
    double farthest = 0;
    for (std::size_t i = 0; i < evidence.middle.size(); ++i) {
        const model::ObjectiveResult& objective = input.result.objectives[i];
        const model::Metric* metric = model::find_metric(objective.key.metric);
        if (!metric || metric->dimension != model::dimensions::time || !std::isfinite(evidence.middle[i]))
            continue;
        const double room = std::max(std::abs(objective.bound - evidence.middle[i]), 1e-9);
        for (const Sensitivity& one : evidence.sensitivities)
            if (const double share = width(one.objectives[i]) / room; share > farthest) {
                farthest = share;
                tightest = i;
            }
    }
    const auto add = [&](Tornado tornado, const std::string& title) {
        if (tornado.bars.empty()) return;
        const Tornado::Bar& first = tornado.bars.front();
        document.add(Paragraph{unbroken(capitalised(title) + " hangs most on " + first.label + ": " +
                                        spread_text(input) + " less makes it " +
                                        figure_text(tornado.figure, first.low) + ", " + spread_text(input) +
                                        " more " + figure_text(tornado.figure, first.high) + ".")});
        tornado.axis = capitalised(title);
        const double height = 92 + 25 * static_cast<double>(tornado.bars.size());
        document.add(Picture{
            capitalised(title),
            "Left of the middle is what less of an input makes of it, right what more does; of an "
            "inverse input the other way round.",
            "What each input makes of " + title + ", the strongest first", std::move(tornado), 720, height});
    };
    if (tightest < evidence.middle.size()) {
        const model::FigureKey& key = input.result.objectives[tightest].key;
        const model::Metric* metric = model::find_metric(key.metric);
        add(tornado_of(input, key, evidence.middle[tightest], 1,
                       [&](const Sensitivity& one) -> const Sensitivity::Effect& {
                           return one.objectives[tightest];
                       }),
            subject_of(key) + (*metric->statistic ? ", " + std::string(metric->statistic) : ""));
    }
    add(tornado_of(input, {"cost", "", ""}, evidence.middle_cost, 1 / model::months(1).value(),
                   [](const Sensitivity& one) -> const Sensitivity::Effect& { return one.cost; }),
        "cost");
    add_overloads(document, input);
    document.add(Paragraph{
        "Each input that can turn out otherwise than assumed (loads, sizes, and what is measured; what is "
        "chosen is in the sizing) " +
            spread_text(input) + " lower and higher, one at a time, by closed forms.",
        Paragraph::Role::note});
}

void add_experiments(Document& document, const Input& input) {
    if (input.evidence == nullptr || input.evidence->sensitivities.empty()) return;
    Table table;
    table.columns = {{"Measure"}, {"Planned with"}, {"Rests on"}, {"What hangs on it"}};
    // Inputs that break something within their range first, then those that decide most without a source.
    std::vector<const Sensitivity*> order;
    for (const bool breaking : {true, false})
        for (const Sensitivity& one : input.evidence->sensitivities)
            if (broken_by(input, one).empty() != breaking && order.size() < 8) order.push_back(&one);
    for (const Sensitivity* one : order) {
        std::vector<std::string> hangs = broken_by(input, *one);
        if (!hangs.empty()) hangs.front() = "breaks " + hangs.front();
        if (hangs.empty()) {
            double most = 0;
            std::size_t which = 0;
            for (std::size_t i = 0; i < one->objectives.size(); ++i) {
                const double middle = input.evidence->middle[i];
                if (!(middle > 0) || input.result.objectives[i].key.metric == "cost") continue;
                if (const std::string where = endless_at(input, one->objectives[i]); !where.empty()) {
                    hangs.push_back(subject_of(input.result.objectives[i].key) + " grows without end " +
                                    where);
                    continue;
                }
                const double share = width(one->objectives[i]) / middle;
                if (share > most) {
                    most = share;
                    which = i;
                }
            }
            if (most > 0.02)
                hangs.push_back(
                    subject_of(input.result.objectives[which].key) + " between " +
                    figure_text(input.result.objectives[which].key,
                                std::min(one->objectives[which].low, one->objectives[which].high)) +
                    " and " +
                    figure_text(input.result.objectives[which].key,
                                std::max(one->objectives[which].low, one->objectives[which].high)));
            if (const double money_width = width(one->cost); money_width > 0.01 * input.evidence->middle_cost)
                hangs.push_back(rounded_money(money_width) + " a month");
        }
        if (hangs.empty()) continue;
        table.rows.push_back({{capitalised(one->input), "", Tone::strong},
                              {shortened(one->from, 60)},
                              {shortened(one->origin, 80), "", one->sourced ? Tone::plain : Tone::unsure},
                              {unbroken(list_of(hangs))}});
    }
    if (table.rows.empty()) return;
    document.add(Heading{1, "Experiments to run next", "experiments"});
    document.add(Paragraph{"In this order: what breaks an objective within " + spread_text(input) +
                           " of its planned value comes first, then what moves the figures most."});
    document.add(std::move(table));
}

void add_risks(Document& document, const Input& input) {
    struct Risk {
        std::string what, evidence, answer;
        Tone tone = Tone::plain;
    };
    std::vector<Risk> risks;
    const model::RunResult& result = input.result;
    for (const model::ObjectiveResult& objective : result.objectives) {
        if (objective.verdict == model::Verdict::undecided)
            risks.push_back({"'" + clean(objective.text) + "' is open",
                             figure_text(objective.key, objective.figure.value) + ", " +
                                 interval_text(objective.key, objective.figure) + " holds the bound",
                             "more replications decide it", Tone::unsure});
        else if (objective.verdict == model::Verdict::broken)
            risks.push_back({"'" + clean(objective.text) + "' is broken",
                             figure_text(objective.key, objective.figure.value), "see the five whys",
                             Tone::bad});
        else if (room_of(objective) < 1.1)
            risks.push_back({"'" + clean(objective.text) + "' is met with little room",
                             figure_text(objective.key, objective.figure.value) + ", " +
                                 percent(1 - 1 / room_of(objective), 2) + " of the bound to spare",
                             "", Tone::unsure});
    }
    for (const model::Figure& figure : result.figures)
        if (figure.key.metric == "utilisation.peak" && figure.simulated.value > 0.8 &&
            figure.key.subject.find('.') == std::string::npos)
            risks.push_back({clean(figure.key.subject) + " is nearly full in its busiest interval",
                             percent(figure.simulated.value) + " used",
                             figure.simulated.value < 1
                                 ? "its load may grow by " + percent(1 / figure.simulated.value - 1, 2)
                                 : "it has no room at all",
                             Tone::unsure});
    double unsourced = 0;
    std::vector<std::string> which;
    for (const model::BillLine& line : result.bill.lines)
        if (line.provenance.status == 'M' || line.provenance.source.empty()) {
            unsourced += line.amount;
            if (std::count(which.begin(), which.end(), clean(line.price_id)) == 0)
                which.push_back(clean(line.price_id));
        }
    const double total = result.bill.per_month().value();
    if (unsourced > 0 && total > 0)
        risks.push_back(
            {"Prices without a source",
             rounded_money(unsourced) + " a month, " + percent(unsourced / total, 2) + " of the bill",
             "ask the provider for " +
                 list_of({which.begin(), which.begin() + std::min<std::ptrdiff_t>(3, std::ssize(which))}) +
                 (which.size() > 3 ? " and " + std::to_string(which.size() - 3) + " more" : ""),
             Tone::unsure});
    if (input.evidence != nullptr) {
        int named = 0;
        for (const Sensitivity& one : input.evidence->sensitivities) {
            const std::vector<std::string> broken = broken_by(input, one);
            if (broken.empty() || named >= 4) continue;
            ++named;
            risks.push_back({capitalised(one.input) + " is not as planned", "breaks " + list_of(broken),
                             "planned with " + shortened(one.from, 40) + ", " + shortened(one.origin, 60),
                             Tone::unsure});
        }
        std::vector<std::string> breaking;
        double first = INFINITY;
        for (std::size_t i = 0; i < input.evidence->breaks_at.size(); ++i)
            if (input.evidence->breaks_at[i] < 2) {
                first = std::min(first, input.evidence->breaks_at[i]);
                breaking.push_back("'" + clean(result.objectives[i].text) + "' at " +
                                   number(input.evidence->breaks_at[i], 3) + " times");
            }
        if (!breaking.empty())
            risks.push_back({"Load grows beyond " + number(first, 3) + " times what is planned",
                             "breaks " + list_of(breaking), "", Tone::unsure});
    }
    const std::vector<Relief> reliefs = reliefs_of(input);
    for (const Relief& relief : reliefs)
        if (relief.drain > 3600)
            risks.push_back(
                {"After an outage, " + relief.component + " catches up slowly",
                 std::isfinite(relief.drain) ? duration(relief.drain) + " for an hour away" : "never",
                 percent(relief.utilisation) + " used at the mean load", Tone::unsure});
    std::vector<Risk> told;
    if (input.narrative != nullptr)
        for (const auto& [risk, answer] : input.narrative->risks)
            told.push_back({clean(risk), "the architect's", clean(answer), Tone::plain});
    risks.insert(risks.begin(), told.begin(), told.end());
    if (risks.empty()) return;
    document.add(Heading{1, "Risks", "risks"});
    Table table;
    table.columns = {{"Risk"}, {"Evidence"}, {"What is known or done"}};
    for (const Risk& risk : risks)
        table.rows.push_back({{unbroken(risk.what), "", risk.tone == Tone::plain ? Tone::strong : risk.tone},
                              {unbroken(risk.evidence)},
                              {unbroken(risk.answer.empty() ? "–" : risk.answer)}});
    document.add(std::move(table));
}

}  // namespace headroom::report
