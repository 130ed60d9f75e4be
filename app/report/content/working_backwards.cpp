// The plan told from its end: a press release, questions and answers, the five customer questions. The
// architect's own words come from the scenario file; what he leaves out is said with the run's figures.

#include "app/report/content/build.h"
#include "app/report/content/evidence.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

using model::ObjectiveResult;

/// The objective that says most about the customer's experience: of a time, the tightest first.
const ObjectiveResult* promise_of(const Input& input) {
    const ObjectiveResult* chosen = nullptr;
    for (const ObjectiveResult& objective : input.result.objectives) {
        const model::Metric* metric = model::find_metric(objective.key.metric);
        if (!metric || metric->dimension != model::dimensions::time || !std::isfinite(objective.figure.value))
            continue;
        if (!chosen || room_of(objective) < room_of(*chosen)) chosen = &objective;
    }
    return chosen;
}

std::string statistic_in_words(const std::string& metric) {
    const model::Metric* row = model::find_metric(metric);
    const std::string statistic = row ? row->statistic : "";
    if (statistic == "p50") return "half of the time";
    if (statistic.starts_with("p")) return statistic.substr(1) + " % of the time";
    return "on average";
}

std::string headline(const Input& input) {
    const std::string name = clean(input.scenario.name);
    const ObjectiveResult* promise = promise_of(input);
    if (!promise) {
        const double month = input.result.bill.per_month().value();
        return month > 0 ? name + " for " + rounded_money(month) + " a month" : name;
    }
    const std::string value = figure_text(promise->key, promise->figure.value);
    if (promise->key.metric.starts_with("freshness"))
        return clean(promise->key.of) + " can be read in " + clean(promise->key.subject) + " within " +
               value + ", " + statistic_in_words(promise->key.metric);
    return clean(promise->key.of) + " are answered within " + value + ", " +
           statistic_in_words(promise->key.metric);
}

std::string customers(const Input& input) {
    std::vector<std::string> parts;
    for (const model::Workload& workload : input.scenario.workloads) {
        const auto* requests = std::get_if<model::Requests>(&workload.load);
        if (!requests) continue;
        if (requests->users)
            parts.push_back(count_of(*requests->users, "user of ", "users of ") + clean(workload.id));
        else
            parts.push_back("who sends the " + load_in_short(workload) + " of " + clean(workload.id));
    }
    if (parts.empty()) {
        std::vector<std::string> ends;
        for (const model::Figure& figure : input.result.figures)
            if (figure.key.metric == "freshness.p50")
                ends.push_back(clean(figure.key.of) + " in " + clean(figure.key.subject));
        return ends.empty()
                   ? "The scenario has no requests: nobody asks anything of this platform within the plan."
                   : "The scenario has no requests of users; its customers are those who read " +
                         list_of(ends) + ".";
    }
    return capitalised(list_of(parts)) + ".";
}

std::string problem(const Input& input) {
    if (input.baseline != nullptr) {
        std::vector<std::string> broken;
        for (const ObjectiveResult& now : input.result.objectives) {
            const model::Figure* before = input.baseline->result->find(now.key);
            if (!before || now.verdict != model::Verdict::met) continue;
            const bool met = now.relation == model::Relation::at_most ? before->simulated.value <= now.bound
                                                                      : before->simulated.value >= now.bound;
            if (!met)
                broken.push_back(subject_of(now.key) + " is " +
                                 figure_text(now.key, before->simulated.value) + " where " +
                                 figure_text(now.key, now.bound) + " is promised");
        }
        if (!broken.empty()) return "With " + clean(input.baseline->name) + ", " + list_of(broken) + ".";
    }
    return input.scenario.question.empty() ? "The scenario states no question."
                                           : clean(input.scenario.question);
}

std::string benefit(const Input& input) {
    const ObjectiveResult* promise = promise_of(input);
    if (!promise) return "The scenario promises no time; " + verdicts_in_short(input) + ".";
    std::string text = capitalised(subject_of(promise->key)) + ": " +
                       figure_text(promise->key, promise->figure.value) + " " +
                       statistic_in_words(promise->key.metric) + ", where " +
                       figure_text(promise->key, promise->bound) + " is promised";
    if (input.baseline != nullptr)
        if (const model::Figure* before = input.baseline->result->find(promise->key))
            text += "; it is " + figure_text(promise->key, before->simulated.value) + " with " +
                    clean(input.baseline->name);
    return text + ".";
}

std::string how_we_know(const Input& input) {
    const model::RunResult& result = input.result;
    if (result.replications == 0) return "By closed forms alone; nothing was simulated yet.";
    int stated = 0, unsourced = 0;
    for (const model::Component& component : input.scenario.components)
        for (const auto& [name, setting] : component.settings) {
            if (setting.origin == model::Origin::scenario) ++stated;
            if (setting.origin == model::Origin::technology && setting.source.empty()) ++unsourced;
        }
    std::string text = "Simulated " + count_of(result.replications, "time", "times") + " over " +
                       duration(result.horizon.value()) + ". The load and " +
                       count_of(stated, "parameter is", "parameters are") + " the plan's own assumptions";
    if (unsourced > 0)
        text += ", " + count_of(unsourced, "technology figure has", "technology figures have") + " no source";
    if (!input.calibrations.empty()) {
        std::vector<std::string> names;
        for (const auto& [component, calibration] : input.calibrations) names.push_back(clean(component));
        text += "; the transforms of " + list_of(names) + " were measured on sample data";
    }
    return text + ".";
}

std::string experience(const Input& input) {
    std::vector<std::string> parts;
    for (const model::Workload& workload : input.scenario.workloads) {
        if (workload.is_stream()) continue;
        const auto* half = input.result.find({"response.p50", "", workload.id});
        const auto* most = input.result.find({"response.p95", "", workload.id});
        const auto* tail = input.result.find({"response.p99", "", workload.id});
        if (!half || !most || !tail) continue;
        parts.push_back("Of 100 " + clean(workload.id) + ", 50 are answered within " +
                        figure_text(half->key, half->simulated.value) + ", 95 within " +
                        figure_text(most->key, most->simulated.value) + ", and one takes longer than " +
                        figure_text(tail->key, tail->simulated.value) + ".");
    }
    for (const model::Figure& figure : input.result.figures) {
        if (figure.key.metric != "freshness.p50" || parts.size() >= 5) continue;
        const auto* tail = input.result.find({"freshness.p99", figure.key.subject, figure.key.of});
        parts.push_back(
            "What " + clean(figure.key.subject) + " shows of " + clean(figure.key.of) + " is " +
            figure_text(figure.key, figure.simulated.value) + " old in the middle" +
            (tail ? " and " + figure_text(tail->key, tail->simulated.value) + " at the 99th percentile."
                  : "."));
    }
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
    return text.empty() ? "The run has no times that a customer would notice." : text;
}

/// "3.46M items that arrived in 5 replications"
std::string arrived_text(const Input& input) {
    double arrived = 0;
    for (const model::Conservation& count : input.result.conservation) arrived += count.arrived;
    return figure_text({"queue", "", ""}, arrived) + " that arrived in " +
           count_of(input.result.replications, "replication", "replications");
}

using Faq = std::vector<std::pair<std::string, std::string>>;

/// Questions that a reader would ask of this plan, answered by its figures.
Faq generated_faq(const Input& input) {
    Faq faq;
    const model::Bill& bill = input.result.bill;
    const double month = bill.per_month().value();
    if (month > 0) {
        std::vector<std::string> each = unit_costs(input);
        faq.emplace_back("What does it cost?", rounded_money(month) + " a month, " +
                                                   rounded_money(12 * month) + " a year" +
                                                   (each.empty() ? "" : ": " + list_of(each)) + ".");
    }
    if (input.evidence != nullptr && !input.evidence->loads.empty()) {
        double first = INFINITY;
        std::size_t which = 0;
        for (std::size_t i = 0; i < input.evidence->breaks_at.size(); ++i)
            if (input.evidence->breaks_at[i] < first) {
                first = input.evidence->breaks_at[i];
                which = i;
            }
        faq.emplace_back("How much more load does it take?",
                         std::isfinite(first)
                             ? "Up to " + number(first, 3) + " times today's; then '" +
                                   clean(input.result.objectives[which].text) +
                                   "' breaks first (closed forms)."
                             : "No objective breaks up to " + number(input.evidence->loads.back().factor, 3) +
                                   " times the load by closed forms, nodes and shards as they are.");
    }
    for (const Relief& relief : reliefs_of(input)) {
        faq.emplace_back("What if " + relief.component + " is away for an hour?", relief.sentence);
        break;
    }
    const auto* lost = input.result.find({"lost", "", ""});
    if (lost)
        faq.emplace_back("What gets lost?",
                         lost->simulated.value > 0
                             ? figure_text(lost->key, lost->simulated.value) + " within " +
                                   duration(input.result.horizon.value()) + "."
                             : "Nothing of the " + arrived_text(input) +
                                   (input.scenario.failures.empty()
                                        ? "; the scenario names no failures, so none were simulated."
                                        : ", with " +
                                              count_of(static_cast<double>(input.scenario.failures.size()),
                                                       "cause of failure", "causes of failure") +
                                              " at work."));
    return faq;
}

}  // namespace

void add_working_backwards(Document& document, const Input& input) {
    static const model::Narrative silent;
    const model::Narrative& told = input.narrative ? *input.narrative : silent;
    document.add(Heading{1, "Working backwards", "working-backwards"});
    document.add(Heading{2, told.headline.empty() ? capitalised(headline(input)) : clean(told.headline)});
    std::string release;
    if (!told.date.empty() || !told.author.empty())
        release = list_of({clean(told.date.empty() ? told.author : told.date)}) +
                  (told.date.empty() || told.author.empty() ? "" : ", " + clean(told.author)) + ". ";
    release += benefit(input) + " " + capitalised(verdicts_in_short(input)) + ".";
    if (const double month = input.result.bill.per_month().value(); month > 0)
        release += " It costs " + rounded_money(month) + " a month.";
    document.add(Paragraph{unbroken(release)});
    if (!told.quote.empty()) document.add(Paragraph{"“" + clean(told.quote) + "”"});

    Table five;
    five.columns = {{"Question"}, {"Answer"}, {"From"}};
    const auto row = [&](const char* question, const std::string& own, const std::string& generated) {
        five.rows.push_back({{question, "", Tone::strong},
                             {unbroken(own.empty() ? generated : clean(own))},
                             {own.empty() ? "the run" : "the architect", "", Tone::muted}});
    };
    row("Who is the customer?", told.customer, customers(input));
    row("What is the customer's problem?", told.problem, problem(input));
    row("What is the most important benefit?", told.benefit, benefit(input));
    row("How do we know?", told.evidence, how_we_know(input));
    row("What is it like?", told.experience, experience(input));
    document.add(std::move(five));

    Faq faq;
    for (const auto& [question, answer] : told.faq) faq.emplace_back(clean(question), clean(answer));
    const std::size_t own = faq.size();
    for (auto& pair : generated_faq(input)) faq.push_back(std::move(pair));
    if (faq.empty()) return;
    document.add(Heading{2, "Questions and answers"});
    Table answers;
    answers.columns = {{"Question"}, {"Answer"}, {"From"}};
    for (std::size_t i = 0; i < faq.size(); ++i)
        answers.rows.push_back({{faq[i].first, "", Tone::strong},
                                {unbroken(faq[i].second)},
                                {i < own ? "the architect" : "the run", "", Tone::muted}});
    document.add(std::move(answers));
}

}  // namespace headroom::report
