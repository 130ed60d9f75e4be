// How the answer was made: measured transforms, conservation, method, notes, inputs.

#include "app/report/content/build.h"
#include "app/report/content/sources.h"
#include "app/report/content/wording.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

std::string measured(const model::Measured& value, model::Dimension dimension) {
    std::string text = model::format_quantity(value.value, dimension);
    if (std::isfinite(value.half_width))
        text += " ± " + model::format_quantity(value.half_width, dimension, {.digits = 2});
    return text;
}

std::string bytes_text(double bytes) { return model::format_quantity(bytes, model::dimensions::data); }

void add_transform(Document& document, const std::string& component, const model::Calibration& calibration) {
    document.add(Heading{2, "Transform of " + clean(component)});
    Table table;
    table.columns = {{"Measured"}, {"Value", true}, {"How"}};
    const auto row = [&](const std::string& what, const std::string& value, const std::string& how) {
        table.rows.push_back({{what}, {value}, {how, "", Tone::muted}});
    };
    const double per_row = calibration.time_per_row.value;
    if (per_row > 0) row("Rows a second on one core", number(1 / per_row, 3), "one over the time of a row");
    row("CPU time of a row", measured(calibration.time_per_row, model::dimensions::time),
        "95 % interval; fit R² " + number(calibration.fit_r2, 4));
    row("CPU time of a batch", measured(calibration.time_per_batch, model::dimensions::time),
        "fixed part, 95 % interval");
    row("Rows out of a row in", number(calibration.selectivity, 4),
        number(calibration.rows_out, 12) + " of " + number(calibration.rows_in, 12) + " rows of the sample");
    row("Bytes of a row in", bytes_text(calibration.bytes_in.value()), "in the sample's own format");
    for (const auto& [format, bytes] : calibration.bytes_out)
        row("Bytes of a row out, " + clean(format), bytes_text(bytes), "");
    if (calibration.rejected > 0)
        row("Rows that did not parse", percent(calibration.rejected, 3), "share of the sample");
    if (!calibration.key_shares.empty())
        row("Share of the largest key", percent(calibration.key_shares.front(), 3),
            count_of(static_cast<double>(calibration.key_shares.size()), "key", "keys") + " kept");
    std::string note = "Run for real on the sample data with " + clean(calibration.engine) + " on " +
                       clean(calibration.machine) + ", " + clean(calibration.date) + "; its core counts as " +
                       number(calibration.machine_speed, 3) + " reference cores.";
    table.note = note;
    document.add(std::move(table));
    if (calibration.operators.empty()) return;
    Table operators;
    operators.columns = {{"Operator"}, {"Rows out", true}, {"Share of the CPU time", true}};
    for (const model::OperatorCost& cost : calibration.operators) {
        if (cost.share < 5e-5 && !(cost.rows > 0)) continue;  // the rest that rounding left
        operators.rows.push_back({{clean(cost.name)}, {number(cost.rows, 12)}, {percent(cost.share, 3)}});
    }
    document.add(std::move(operators));
}

const char* origin_word(model::Origin origin) {
    switch (origin) {
        case model::Origin::scenario:
            return "scenario";
        case model::Origin::technology:
            return "technology";
        case model::Origin::kind:
            break;
    }
    return "default";
}

std::string load_text(const model::Workload& workload) {
    if (const auto* requests = std::get_if<model::Requests>(&workload.load)) {
        std::string text;
        if (requests->users)
            text = count_of(*requests->users, "user", "users") + ", thinking " +
                   duration(requests->think_time.mean) + " on average (" +
                   word_for(requests->think_time.family) + ")";
        else
            text = model::format(requests->rate.base, {.noun = "requests"});
        if (requests->scan.mean > 0)
            text += ", each reading " + bytes_text(requests->scan.mean) + " on average (" +
                    word_for(requests->scan.family) + ")";
        return text;
    }
    const auto& stream = std::get<model::Stream>(workload.load);
    return model::format(stream.rate.base, {.noun = "events"}) + ", records of " +
           bytes_text(stream.record.size.mean) + " on average as " + clean(stream.record.format);
}

std::string shape_text(const model::RateProfile& rate) {
    std::vector<std::string> parts;
    for (const model::Season& season : rate.seasons)
        parts.push_back("peak of " + number(season.peak, 3) + " times the mean every " +
                        duration(season.period.value()));
    for (const model::RateEvent& event : rate.events)
        parts.push_back(clean(event.name) + ": " + number(event.factor, 3) + " times from " +
                        duration(event.from.value()) + " for " + duration(event.length.value()));
    if (rate.growth_per_year != 0) parts.push_back(percent(rate.growth_per_year, 3) + " growth a year");
    return list_of(parts);
}

}  // namespace

void add_transforms(Document& document, const Input& input) {
    if (input.calibrations.empty()) return;
    document.add(Heading{1, "Measured transforms", "transforms"});
    for (const auto& [component, calibration] : input.calibrations)
        add_transform(document, component, calibration);
}

void add_method(Document& document, const Input& input) {
    const model::RunResult& result = input.result;
    document.add(Heading{1, "Method and checks", "method"});
    Table method;
    method.columns = {{"What"}, {"Value"}};
    const auto row = [&](const std::string& what, const std::string& value) {
        method.rows.push_back({{what}, {value}});
    };
    if (result.replications > 0) {
        row("Level",
            result.level == model::Level::record
                ? "record: every record and request is an item with events of its own"
                : "flow: rates are fluid between changes, times are drawn from each station's waiting law");
        row("Seed", std::to_string(result.seed));
        row("Replications", std::to_string(result.replications) + " independent ones");
        row("Horizon", duration(result.horizon.value()) + " each; " +
                           (result.warm_up.value() > 0 ? "the first " + duration(result.warm_up.value()) +
                                                             " are warm-up and not counted"
                                                       : "no warm-up was dropped"));
        row("Precision asked", "half-width of " + percent(input.scenario.precision.half_width, 3) + " at " +
                                   percent(result.confidence, 4) +
                                   " confidence: " + (result.precise ? "reached" : "not reached"));
        row("Items simulated", number(result.records, 4));
    } else {
        row("Level", "closed forms: traffic equations and queueing formulas");
        row("Horizon", duration(result.horizon.value()));
    }
    if (!input.scenario.price_book.empty()) row("Price book", clean(input.scenario.price_book));
    if (!result.scenario_file.empty())
        row("Scenario file", clean(std::filesystem::path(result.scenario_file).filename().string()));
    if (!result.scenario_hash.empty()) row("Content (SHA-256)", clean(result.scenario_hash));
    document.add(std::move(method));

    if (!result.conservation.empty()) {
        document.add(Heading{2, "Nothing vanishes"});
        Table table;
        table.columns = {{"Workload"},      {"Arrived", true},  {"Copied", true},     {"Completed", true},
                         {"Merged", true},  {"Filtered", true}, {"In flight", true},  {"Rejected", true},
                         {"Expired", true}, {"Lost", true},     {"Unaccounted", true}};
        for (const model::Conservation& count : result.conservation) {
            std::vector<Cell> cells{{clean(count.workload), "", Tone::strong}};
            for (const double value :
                 {count.arrived, count.created, count.completed, count.merged, count.filtered,
                  count.in_flight, count.rejected, count.expired, count.lost})
                cells.push_back({std::abs(value) < 1e10 ? number(std::round(value), 15)
                                                        : model::format_quantity(value, {}, {.digits = 6})});
            const double gap = count.imbalance();
            const bool balanced = std::abs(gap) <= 1e-6 * std::max(1.0, count.arrived + count.created);
            cells.push_back({balanced ? "0" : number(gap, 4), "", balanced ? Tone::good : Tone::bad});
            table.rows.push_back(std::move(cells));
        }
        // What happened to nothing is left out; lost items and what is unaccounted for are told in any case.
        for (std::size_t column = table.columns.size() - 2; column-- > 1;) {
            const bool none = std::all_of(table.rows.begin(), table.rows.end(),
                                          [&](const auto& cells) { return cells[column].text == "0"; });
            if (!none) continue;
            table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(column));
            for (auto& cells : table.rows) cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(column));
        }
        table.note =
            "Items over all replications, warm-up included; columns of zeros alone are left out: arrived + "
            "copied = completed + merged + "
            "filtered + in flight + rejected + expired + lost.";
        document.add(std::move(table));
    }
    if (!result.notes.empty()) {
        document.add(Heading{2, "Read with care"});
        Bullets notes;
        for (const std::string& note : result.notes)
            notes.items.push_back(capitalised(clean(note)) + (note.ends_with('.') ? "" : "."));
        document.add(std::move(notes));
    }
}

void add_inputs(Document& document, const Input& input) {
    document.add(Heading{1, "Inputs", "inputs"});
    if (!input.scenario.workloads.empty()) {
        Table table;
        table.columns = {{"Workload"}, {"Load"}, {"Over time"}};
        for (const model::Workload& workload : input.scenario.workloads) {
            const auto* requests = std::get_if<model::Requests>(&workload.load);
            const bool closed = requests && requests->users;
            const std::string shape =
                closed ? ""
                       : shape_text(requests ? requests->rate : std::get<model::Stream>(workload.load).rate);
            table.rows.push_back({{clean(workload.id), "", Tone::strong},
                                  {load_text(workload)},
                                  {shape.empty() ? "constant" : shape}});
        }
        document.add(std::move(table));
    }
    if (input.scenario.components.empty()) return;
    Table table;
    const SourceList sources(input);
    table.columns = {{"Component"}, {"Parameter"}, {"Value"}, {"From"}, {"Source"}};
    for (const model::Component& component : input.scenario.components) {
        const auto technology = input.catalog.technologies().find(component.technology);
        const std::string title = technology == input.catalog.technologies().end() ? component.technology
                                                                                   : technology->second.title;
        bool first = true;
        for (const auto& [name, setting] : component.settings) {
            std::string value = setting.text;
            if (value.starts_with('{') && value.ends_with('}')) value = value.substr(1, value.size() - 2);
            const bool unsourced = setting.origin == model::Origin::technology && setting.source.empty();
            Cell source{unsourced                ? "unsourced"
                        : setting.source.empty() ? ""
                                                 : sources.mark(setting.source, setting.as_of),
                        "", unsourced ? Tone::unsure : Tone::muted};
            table.rows.push_back({first ? Cell{clean(component.id), clean(title), Tone::strong} : Cell{},
                                  {clean(name)},
                                  {clean(value)},
                                  {origin_word(setting.origin), "", Tone::muted},
                                  source});
            first = false;
        }
        if (first)
            table.rows.push_back({Cell{clean(component.id), clean(title), Tone::strong}, {}, {}, {}, {}});
    }
    document.add(std::move(table));
}

void add_sources(Document& document, const Input& input) {
    const SourceList list(input);
    if (list.sources().empty() && list.unsourced().empty()) return;
    document.add(Heading{1, "Sources", "sources"});
    Table table;
    table.columns = {{"No."}, {"Source"}, {"As of"}, {"Figures"}};
    const auto in_short = [](const std::vector<std::string>& names) {
        constexpr std::size_t most = 12;
        if (names.size() <= most) return list_of(names);
        return list_of({names.begin(), names.begin() + most}) + " and " +
               std::to_string(names.size() - most) + " more";
    };
    for (const Source& source : list.sources())
        table.rows.push_back({{list.mark(source.name, source.as_of), "", Tone::strong},
                              {source.name},
                              {source.as_of},
                              {in_short(source.figures), "", Tone::muted}});
    if (!list.unsourced().empty())
        table.rows.push_back({{"–"},
                              {"unsourced: none was seen", "", Tone::unsure},
                              {},
                              {list_of(list.unsourced()), "", Tone::muted}});
    document.add(std::move(table));
}

}  // namespace headroom::report
