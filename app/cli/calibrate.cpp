#include "sim/operators/calibrate.h"

#include "app/cli/calibration_options.h"
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/kinds/parts.h"
#include "model/system/calibration.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string figure_text(const model::Measured& figure, model::Dimension dimension) {
    const std::string value = model::format_quantity(figure.value, dimension);
    if (std::isnan(figure.half_width)) return value;
    return value + " ± " + model::format_quantity(figure.half_width, dimension, {.digits = 2});
}

std::string count(double rows) {
    return model::group_thousands(std::to_string(static_cast<long long>(rows)));
}

std::string share(double value) { return model::format_quantity(value, {}, {.percent = true}); }

std::string number(double value, int digits = 4) {
    return model::format_quantity(value, {}, {.digits = digits});
}

std::string time_of(double seconds) { return model::format_quantity(seconds, model::dimensions::time); }

/// One line for each format: what a row takes in it, before and after the transform.
Table sizes_table(const model::Calibration& c) {
    Table table{{{"bytes of a row"}, {"in", true}, {"out", true}, {"out, of JSON", true}}, {}};
    const auto find = [](const auto& sizes, const std::string& name) {
        const auto found =
            std::find_if(sizes.begin(), sizes.end(), [&](const auto& one) { return one.first == name; });
        return found == sizes.end() ? std::nan("") : found->second;
    };
    const auto text = [](double bytes) {
        return std::isnan(bytes) ? std::string()
                                 : model::format_quantity(bytes, model::dimensions::item_size);
    };
    const double json_out = find(c.bytes_out, "json");
    for (const auto& [format, bytes] : c.bytes_out) {
        const double part = bytes / json_out;
        table.rows.push_back({format, text(find(c.bytes_in_formats, format)), text(bytes),
                              std::isfinite(part) ? share(part) : std::string()});
    }
    return table;
}

/// The hottest of some partitions when records are spread by the hash of their key.
double hottest(const model::Calibration& c, int partitions) {
    const std::vector<double> shares = model::hashed_shares(c.key_shares, partitions);
    return shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
}

std::string summary_of(const model::Calibration& c, bool colours) {
    Table table{{{""}, {""}}, {}};
    const auto row = [&](const std::string& name, std::string value) {
        table.rows.push_back({name, std::move(value)});
    };
    row("rows in, out", count(c.rows_in) + ", " + count(c.rows_out));
    row("CPU time of a row", figure_text(c.time_per_row, model::dimensions::time));
    row("  of that for a byte", figure_text(c.time_per_byte, model::dimensions::time));
    row("  differs between rows", "by a coefficient of variation of " + share(std::sqrt(c.time_scv.value)));
    row("CPU time of a batch", figure_text(c.time_per_batch, model::dimensions::time));
    row("first batch, on top", figure_text(c.cold_start, model::dimensions::time));
    row("fit (R squared)", number(c.fit_r2));
    if (c.held_back.rows > 0)
        row("rows held back", count(c.held_back.rows) + ": foretold " + time_of(c.held_back.predicted) +
                                  ", took " + time_of(c.held_back.measured) + " (" +
                                  share(c.held_back.predicted / c.held_back.measured - 1) + ")");
    row("rows out for a row in", number(c.selectivity));
    row("bytes of a row in", model::format(c.bytes_in));
    row("rows that did not parse", share(c.rejected));
    if (!c.key_shares.empty()) {
        row("keys", count(c.keys) + ", the largest with " + share(c.key_shares.front()) + " of the rows");
        for (const int partitions : {4, 12, 48})
            row("  hottest of " + std::to_string(partitions) + " partitions",
                share(hottest(c, partitions)) + ", even would be " + share(1.0 / partitions));
    }
    for (const auto& [name, rate] : c.rules)
        row("rule '" + name + "'", share(rate) + " of the rows keep to it");
    row("speed of this core", number(c.machine_speed, 3) + " of the reference core");
    return print(table, colours);
}

/// A calibration that was measured just now, and where it is kept (empty: nowhere).
struct Measured {
    sim::DetailedCalibration detailed;
    std::filesystem::path file;
};

/// How far the held-back rows of each step were foretold: "+3.1 %".
std::string forecast_of(const std::vector<sim::StepForecast>& held_back, std::size_t step) {
    if (step >= held_back.size() || !(held_back[step].measured > 0)) return {};
    const double miss = held_back[step].predicted / held_back[step].measured - 1;
    return (miss >= 0 ? "+" : "") + model::format_quantity(miss, {}, {.digits = 2, .percent = true});
}

std::string text_of(const Measured& measurement, bool colours) {
    const model::Calibration& c = measurement.detailed.calibration;
    const std::filesystem::path& file = measurement.file;
    std::string text = coloured(c.component, Tone::strong, colours) + "  " + c.engine + ", " + c.machine +
                       ", " + c.date + "\n" + summary_of(c, colours);
    Table steps{{{"step"},
                 {"rows in", true},
                 {"rows out", true},
                 {"bytes out", true},
                 {"CPU time of a row", true},
                 {"of a batch", true},
                 {"fit", true},
                 {"foretold", true},
                 {"memory", true},
                 {"spilled", true}},
                {}};
    for (std::size_t i = 0; i < c.steps.size(); ++i) {
        const model::StepCost& step = c.steps[i];
        steps.rows.push_back(
            {step.name, count(step.rows_in), count(step.rows_out),
             model::format_quantity(step.bytes_out, model::dimensions::item_size),
             figure_text(step.time_per_row, model::dimensions::time), time_of(step.time_per_batch.value),
             number(step.fit_r2, 3), forecast_of(measurement.detailed.held_back, i),
             model::format(model::DataSize(step.peak_memory)),
             step.spilled > 0 ? model::format(model::DataSize(step.spilled)) : std::string()});
    }
    if (!steps.rows.empty()) text += print(steps, colours);
    Table operators{{{"operator"}, {"rows in", true}, {"rows out", true}, {"share of CPU time", true}}, {}};
    for (const model::OperatorCost& o : c.operators)
        operators.rows.push_back({std::string(static_cast<std::size_t>(2 * o.depth), ' ') + o.name,
                                  count(o.rows_in), count(o.rows), share(o.share)});
    if (!operators.rows.empty()) text += print(operators, colours);
    Table queries{{{"query over the output"},
                   {"CPU time of a stored row", true},
                   {"rows out", true},
                   {"stored bytes scanned", true}},
                  {}};
    for (const model::QueryCost& query : c.queries)
        queries.rows.push_back({query.name, figure_text(query.time_per_row, model::dimensions::time),
                                count(query.rows_out), share(query.scanned)});
    if (!queries.rows.empty()) text += print(queries, colours);
    if (const Table sizes = sizes_table(c); !sizes.rows.empty()) text += print(sizes, colours);
    for (const std::string& remark : c.remarks)
        text +=
            "  " + coloured("note", Tone::doubtful, colours) + "  " + wrap(remark, 100, "        ") + "\n";
    return file.empty() ? text : text + "  kept in " + file.string() + "\n";
}

Json figure(const model::Measured& m) {
    Json object{{"value", m.value}};
    if (std::isfinite(m.half_width)) object["half_width"] = m.half_width;
    return object;
}

Json json_of(const std::vector<std::pair<std::string, double>>& named) {
    Json object = Json::object();
    for (const auto& [name, value] : named) object[name] = value;
    return object;
}

Json json_of(const std::vector<model::ColumnProfile>& columns) {
    Json list = Json::array();
    for (const model::ColumnProfile& column : columns)
        list.push_back({{"name", column.name},
                        {"type", column.type},
                        {"nulls", column.nulls},
                        {"stored_bytes", column.stored}});
    return list;
}

Json json_of(const model::StepCost& step) {
    Json batches = Json::array();
    for (const model::TimedBatch& batch : step.batches)
        batches.push_back({{"rows", batch.rows}, {"seconds", batch.seconds}});
    return {{"name", step.name},
            {"rows_in", step.rows_in},
            {"rows_out", step.rows_out},
            {"bytes_in", step.bytes_in},
            {"bytes_out", step.bytes_out},
            {"time_per_row_s", figure(step.time_per_row)},
            {"time_per_byte_s", figure(step.time_per_byte)},
            {"time_per_batch_s", figure(step.time_per_batch)},
            {"fit_r2", step.fit_r2},
            {"growth", step.growth},
            {"worst_miss", step.worst_miss},
            {"peak_memory", step.peak_memory},
            {"spilled", step.spilled},
            {"batches", batches}};
}

Json json_of(const Measured& measurement) {
    const model::Calibration& c = measurement.detailed.calibration;
    const std::filesystem::path& file = measurement.file;
    Json steps = Json::array(), operators = Json::array(), queries = Json::array(), skew = Json::object();
    for (const model::StepCost& step : c.steps) steps.push_back(json_of(step));
    for (const model::OperatorCost& o : c.operators)
        operators.push_back({{"name", o.name},
                             {"step", o.step},
                             {"depth", o.depth},
                             {"rows_in", o.rows_in},
                             {"rows", o.rows},
                             {"share", o.share}});
    for (const model::QueryCost& query : c.queries)
        queries.push_back({{"name", query.name},
                           {"time_per_row_s", figure(query.time_per_row)},
                           {"time_per_batch_s", figure(query.time_per_batch)},
                           {"fit_r2", query.fit_r2},
                           {"rows_out", query.rows_out},
                           {"scanned", query.scanned},
                           {"peak_memory", query.peak_memory}});
    if (!c.key_shares.empty())
        for (const int partitions : {4, 12, 48}) skew[std::to_string(partitions)] = hottest(c, partitions);
    Json object{{"component", c.component},
                {"file", file.string()},
                {"engine", c.engine},
                {"machine", c.machine},
                {"date", c.date},
                {"rows_in", c.rows_in},
                {"rows_out", c.rows_out},
                {"time_per_row_s", figure(c.time_per_row)},
                {"time_per_byte_s", figure(c.time_per_byte)},
                {"time_per_batch_s", figure(c.time_per_batch)},
                {"cold_start_s", figure(c.cold_start)},
                {"time_scv", figure(c.time_scv)},
                {"fit_r2", c.fit_r2},
                {"selectivity", c.selectivity},
                {"bytes_in", c.bytes_in.value()},
                {"bytes_in_formats", json_of(c.bytes_in_formats)},
                {"bytes_out", json_of(c.bytes_out)},
                {"rejected", c.rejected},
                {"keys", c.keys},
                {"hottest_partition", skew},
                {"machine_speed", c.machine_speed},
                {"disturbed", c.disturbed},
                {"steps", steps},
                {"operators", operators},
                {"queries", queries},
                {"columns_in", json_of(c.columns_in)},
                {"columns_out", json_of(c.columns_out)},
                {"rules", json_of(c.rules)},
                {"remarks", c.remarks}};
    if (c.held_back.rows > 0) {
        Json each = Json::array();
        for (const sim::StepForecast& step : measurement.detailed.held_back)
            each.push_back(
                {{"step", step.step}, {"measured_s", step.measured}, {"predicted_s", step.predicted}});
        object["held_back"] = {{"rows", c.held_back.rows},
                               {"measured_s", c.held_back.measured},
                               {"predicted_s", c.held_back.predicted},
                               {"steps", each}};
    }
    return object;
}

void show(const std::vector<Measured>& all, Session& session) {
    Json list = Json::array();
    for (const Measured& one : all) {
        list.push_back(json_of(one));
        if (!session.json()) session.print(text_of(one, session.colours()));
    }
    if (session.json())
        session.print(Json{{"calibrations", list}}.dump(2, ' ', false, Json::error_handler_t::replace) +
                      "\n");
}

/// A transform by itself, on a sample that is named beside it: nothing is kept.
int calibrate_alone(const Arguments& arguments, const sim::CalibrationOptions& options, Session& session) {
    const std::filesystem::path file = arguments.positionals[0];
    const sim::TransformInput input{.component = file.stem().string(),
                                    .transform = file,
                                    .sample = arguments.text("--sample"),
                                    .key = arguments.text("--key")};
    auto calibration = sim::calibrate_in_detail(
        input, options,
        [&](const sim::CalibrationProgress& p) { session.show_progress("Measuring", p.fraction, p.step); },
        session.stop());
    session.clear_progress();
    if (!calibration) return session.refuse(calibration.error());
    show({{*std::move(calibration), {}}}, session);
    return exit_good;
}

}  // namespace

model::Expected<sim::CalibrationOptions> calibration_options(const Arguments& arguments) {
    sim::CalibrationOptions options;
    if (arguments.has("--time-limit")) {
        const auto limit = model::parse<model::dimensions::time>(arguments.text("--time-limit"));
        if (!limit) return tl::unexpected(problem("--time-limit", limit.error()));
        if (!(limit->value() > 0 && limit->value() <= 86400))
            return tl::unexpected(problem("--time-limit", "a time from above zero to a day is expected"));
        options.deadline = *limit;
    }
    if (arguments.has("--hold-back")) {
        const auto share = model::parse_quantity(arguments.text("--hold-back"), {});
        if (!share) return tl::unexpected(problem("--hold-back", share.error()));
        if (!(*share >= 0 && *share <= 0.95))
            return tl::unexpected(problem("--hold-back", "a share from 0 to 95 % is expected"));
        options.held_back = *share;
    }
    if (arguments.has("--memory-limit")) {
        const auto limit = model::parse<model::dimensions::data>(arguments.text("--memory-limit"));
        if (!limit) return tl::unexpected(problem("--memory-limit", limit.error()));
        if (!(limit->value() >= 50e6 && limit->value() <= 1e13))
            return tl::unexpected(problem("--memory-limit", "50 MB to 10 TB are expected"));
        options.memory_limit = *limit;
    }
    return options;
}

int calibrate(const Arguments& arguments, Session& session) {
    const auto options = calibration_options(arguments);
    if (!options) return session.refuse(options.error());
    if (arguments.has("--sample")) return calibrate_alone(arguments, *options, session);
    if (arguments.has("--key"))
        return session.refuse(
            problem("--key", "is the workload's in a scenario; it goes with --sample only"));
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto document = load_document(arguments.positionals[0], arguments);
    if (!document) return session.refuse(document.error());
    const auto scenario = read(*document, *catalog, session);
    if (!scenario) return session.refuse(scenario.error());
    const std::vector<sim::TransformInput> inputs = sim::transforms_of(*scenario);
    if (inputs.empty())
        return session.refuse(
            model::fail({.file = arguments.positionals[0]}, "", "no component names a transform").value());

    // All are measured before the first is written.
    std::vector<Measured> calibrations;
    for (const sim::TransformInput& input : inputs) {
        auto calibration = sim::calibrate_in_detail(
            input, *options,
            [&](const sim::CalibrationProgress& p) {
                session.show_progress("Measuring " + input.component, p.fraction, p.step);
            },
            session.stop());
        session.clear_progress();
        if (!calibration) return session.refuse(calibration.error());
        calibrations.push_back({std::move(*calibration), sim::calibration_file(*scenario, input.component)});
    }
    for (const auto& [detailed, file] : calibrations)
        if (const auto saved = model::save_calibration(detailed.calibration, file); !saved)
            return session.refuse(saved.error());
    show(calibrations, session);
    return exit_good;
}

}  // namespace headroom::cli
