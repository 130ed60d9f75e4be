// What arrives, how it grows, in what form it comes and lies, and why each part is as large as it is.

#include "app/report/content/build.h"
#include "app/report/content/evidence.h"
#include "app/report/content/facts.h"
#include "app/report/content/growing.h"
#include "app/report/content/wording.h"
#include "model/kinds/kind.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

const model::RateProfile* rate_of(const model::Workload& workload) {
    const auto* requests = std::get_if<model::Requests>(&workload.load);
    if (requests == nullptr) return &std::get<model::Stream>(workload.load).rate;
    return requests->users ? nullptr : &requests->rate;
}

std::string rate_text(double rate, const std::string& noun) {
    return model::format_quantity(rate, model::dimensions::item_rate, {.noun = noun});
}

std::string per_day(double bytes_a_second) {
    return model::format_quantity(bytes_a_second * 86400, model::dimensions::data) + " a day";
}

/// When growth reaches a multiple of the load.
std::string time_to_reach(double factor, double growth) {
    if (!(growth > 0) || !(factor > 1)) return {};
    return duration(std::log(factor) / std::log1p(growth) * model::months(12).value());
}

double growth_of(const model::Scenario& scenario) {
    double growth = 0;
    for (const model::Workload& workload : scenario.workloads)
        if (const auto* rate = rate_of(workload)) growth = std::max(growth, rate->growth_per_year);
    return growth;
}

}  // namespace

void add_growth(Document& document, const Input& input) {
    document.add(Heading{1, "Workload and growth", "growth"});
    Table table;
    table.columns = {{"Workload"},        {"Mean", true},          {"Peak", true},
                     {"Bytes", true},     {"Growth a year", true}, {"In 1 year", true},
                     {"In 3 years", true}};
    for (const model::Workload& workload : input.scenario.workloads) {
        const std::string noun = noun_of(input.scenario, workload.id);
        const auto* requests = std::get_if<model::Requests>(&workload.load);
        if (requests != nullptr && requests->users) {
            const auto* through = input.result.find({"throughput", "", workload.id});
            const std::string rate = through ? rate_text(through->simulated.value, noun) : "–";
            table.rows.push_back(
                {{clean(workload.id), count_of(*requests->users, "user", "users"), Tone::strong},
                 {rate},
                 {"–"},
                 {through ? per_day(through->simulated.value * requests->scan.mean) + " read" : "–"},
                 {"–"},
                 {"–"},
                 {"–"}});
            continue;
        }
        const model::RateProfile& rate = *rate_of(workload);
        const double mean = rate.mean({}, input.scenario.horizon).value();
        const double size = requests != nullptr ? requests->scan.mean
                                                : std::get<model::Stream>(workload.load).record.size.mean;
        const double growth = rate.growth_per_year;
        table.rows.push_back({{clean(workload.id), "", Tone::strong},
                              {rate_text(mean, noun)},
                              {rate_text(rate.peak({}, input.scenario.horizon).value(), noun)},
                              {size > 0 ? per_day(mean * size) + (requests != nullptr ? " read" : "") : "–"},
                              {growth != 0 ? percent(growth) : "none stated"},
                              {growth != 0 ? rate_text(mean * (1 + growth), noun) : "–"},
                              {growth != 0 ? rate_text(mean * std::pow(1 + growth, 3), noun) : "–"}});
    }
    document.add(std::move(table));
    if (input.evidence == nullptr || input.evidence->loads.empty()) return;

    const double growth = growth_of(input.scenario);
    Table loads;
    loads.columns = {{"All load at"}, {"Cost a month", true}};
    for (const auto& objective : input.result.objectives)
        if (objective.key.metric != "cost") loads.columns.push_back({clean(objective.text), true});
    for (const LoadStep& step : input.evidence->loads) {
        std::vector<Cell> row{
            {"x " + number(step.factor, 3),
             step.factor == 1 ? "as planned" : time_to_reach(step.factor, growth), Tone::strong},
            {rounded_money(step.cost)}};
        for (std::size_t i = 0; i < step.figures.size(); ++i) {
            const auto& objective = input.result.objectives[i];
            if (objective.key.metric == "cost") continue;
            row.push_back({std::isnan(step.figures[i]) ? "–" : figure_text(objective.key, step.figures[i]),
                           step.broken[i] ? "broken" : "", step.broken[i] ? Tone::bad : Tone::plain});
        }
        loads.rows.push_back(std::move(row));
    }
    loads.note = "By closed forms, with nodes, shards and slots as planned.";
    if (growth > 0)
        loads.note += " Below each multiple: when growth of " + percent(growth) + " a year reaches it.";
    document.add(Heading{2, "What more load does"});
    std::vector<std::string> breaking;
    for (std::size_t i = 0; i < input.evidence->breaks_at.size(); ++i)
        if (std::isfinite(input.evidence->breaks_at[i])) {
            const std::string when = time_to_reach(input.evidence->breaks_at[i], growth);
            breaking.push_back("'" + clean(input.result.objectives[i].text) + "' breaks at " +
                               number(input.evidence->breaks_at[i], 3) + " times the load" +
                               (when.empty() ? "" : ", which growth reaches in " + when));
        }
    document.add(
        Paragraph{unbroken(breaking.empty() ? "Up to " + number(input.evidence->loads.back().factor, 3) +
                                                  " times the load, no objective breaks that is met now."
                                            : capitalised(list_of(breaking)) + ".")});
    document.add(std::move(loads));
    add_months(document, input);
}

void add_data(Document& document, const Input& input) {
    Table arriving;
    arriving.columns = {{"Stream"}, {"Format"}, {"Record", true}, {"Key"}, {"Sample"}, {"Arrives", true}};
    for (const model::Workload& workload : input.scenario.workloads) {
        const auto* stream = std::get_if<model::Stream>(&workload.load);
        if (stream == nullptr) continue;
        const double mean = stream->rate.mean({}, input.scenario.horizon).value();
        arriving.rows.push_back(
            {{clean(workload.id), "", Tone::strong},
             {clean(stream->record.format)},
             {model::format_quantity(stream->record.size.mean, model::dimensions::data)},
             {stream->record.key.empty() ? "none stated" : clean(stream->record.key)},
             {stream->record.sample.empty() ? "none" : clean(stream->record.sample.filename().string())},
             {per_day(mean * stream->record.size.mean)}});
    }
    Table kept;
    kept.columns = {{"Kept in"}, {"Format"}, {"Retention"}, {"Long run", true}, {"Storage a month", true}};
    for (const model::Component& component : input.scenario.components) {
        const double bytes = held_bytes(input.result, component.id);
        const auto text_of = [&](const char* name) {
            const auto setting = component.settings.find(name);
            return setting == component.settings.end() ? std::string() : clean(setting->second.text);
        };
        std::string retention = text_of("lifecycle");
        if (retention.empty()) retention = text_of("retention");
        if (!(bytes > 0) && retention.empty()) continue;
        double storage = 0;
        for (const model::BillLine& line : input.result.bill.lines)
            if (line.component == component.id && line.dimension == "storage") storage += line.amount;
        const std::string format = text_of("format");
        kept.rows.push_back({{clean(component.id), "", Tone::strong},
                             {format.empty() ? "its own" : format},
                             {retention.empty() ? "none stated" : retention},
                             {bytes > 0 ? model::format_quantity(bytes, model::dimensions::data) : "–"},
                             {storage > 0 ? rounded_money(storage) : "–"}});
    }
    if (arriving.rows.empty() && kept.rows.empty()) return;
    document.add(Heading{1, "Data and formats", "data"});
    if (!arriving.rows.empty()) document.add(std::move(arriving));
    if (!kept.rows.empty()) {
        kept.note = "The long run holds what its retention lets grow.";
        document.add(std::move(kept));
    }
}

void add_sizing(Document& document, const Input& input) {
    Table table;
    table.columns = {{"Component"}, {"Size"}, {"Busiest interval", true}, {"The reason"}};
    for (const model::Component& component : input.scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        // What its size is made of: nodes, and counts that the scenario states.
        std::vector<std::string> sizes;
        for (const model::ParameterSpec& spec : kind->parameters) {
            const auto setting = component.settings.find(spec.name);
            if (setting == component.settings.end() || setting->second.origin != model::Origin::scenario)
                continue;
            const std::string text = clean(setting->second.text);
            if (spec.type == model::ParameterType::nodes)
                sizes.insert(sizes.begin(), text);
            else if (spec.type == model::ParameterType::count)
                sizes.push_back(text + (text.find_first_not_of("0123456789") == std::string::npos
                                            ? " " + (spec.noun.empty() ? clean(spec.name) : spec.noun)
                                            : ""));
        }
        if (sizes.empty()) continue;
        const auto* mean = input.result.find({"utilisation", component.id, ""});
        const auto* peak = input.result.find({"utilisation.peak", component.id, ""});
        const model::Figure* busiest = peak != nullptr ? peak : mean;
        std::string reason;
        if (busiest != nullptr && busiest->simulated.value > 0) {
            const double used = busiest->simulated.value;
            if (used < 1)
                reason = "the busiest interval leaves room for " + number(1 / used, 3) + " times its load";
            else
                reason =
                    "too small: the busiest interval asks for " + number(used, 3) + " times what it can do";
        }
        // The inputs that would break an objective were it smaller.
        if (input.evidence != nullptr)
            for (const Sensitivity& one : input.evidence->sensitivities)
                if (one.input.ends_with(" of " + clean(component.id)))
                    for (std::size_t i = 0; i < one.objectives.size(); ++i)
                        if (one.objectives[i].breaks_low && reason.find("breaks") == std::string::npos)
                            reason += (reason.empty() ? "" : "; ") + std::string("with ") +
                                      percent(input.evidence->spread, 2) + " less " +
                                      one.input.substr(0, one.input.find(" of ")) + ", '" +
                                      clean(input.result.objectives[i].text) + "' breaks";
        const double month = bill_of(input.result, component.id);
        if (month > 0) reason += (reason.empty() ? "" : "; ") + rounded_money(month) + " a month";
        table.rows.push_back({{clean(component.id), make_in_short(component, input.catalog), Tone::strong},
                              {list_of(sizes)},
                              {busiest != nullptr ? percent(busiest->simulated.value) : "–"},
                              {unbroken(reason.empty() ? "no load reaches it" : capitalised(reason))}});
    }
    if (table.rows.empty()) return;
    document.add(Heading{1, "Sizing", "sizing"});
    document.add(std::move(table));
}

}  // namespace headroom::report
