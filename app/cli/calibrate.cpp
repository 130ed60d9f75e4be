#include "sim/operators/calibrate.h"

#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/system/calibration.h"
#include "model/units/unit.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string measured(const model::Measured& figure, model::Dimension dimension) {
    const std::string value = model::format_quantity(figure.value, dimension);
    if (std::isnan(figure.half_width)) return value;
    return value + " ± " + model::format_quantity(figure.half_width, dimension, {.digits = 2});
}

std::string count(double rows) {
    return model::group_thousands(std::to_string(static_cast<long long>(rows)));
}

std::string share(double value) { return model::format_quantity(value, {}, {.percent = true}); }

std::string text_of(const model::Calibration& c, const std::filesystem::path& file, bool colours) {
    std::string text = coloured(c.component, Tone::strong, colours) + "  " + c.engine + ", " + c.machine +
                       ", " + c.date + "\n";
    Table table{{{""}, {""}}, {}};
    const auto row = [&](const char* name, std::string value) {
        table.rows.push_back({name, std::move(value)});
    };
    row("rows in, out", count(c.rows_in) + ", " + count(c.rows_out));
    row("CPU time a row", measured(c.time_per_row, model::dimensions::time));
    row("CPU time a batch", measured(c.time_per_batch, model::dimensions::time));
    row("fit (R squared)", model::format_quantity(c.fit_r2, {}, {.digits = 4}));
    row("rows out for a row in", model::format_quantity(c.selectivity, {}, {.digits = 4}));
    row("bytes of a row in", model::format(c.bytes_in));
    for (const auto& [format, bytes] : c.bytes_out)
        table.rows.push_back(
            {"bytes of a row out, " + format, model::format_quantity(bytes, model::dimensions::item_size)});
    row("rows that did not parse", share(c.rejected));
    if (!c.key_shares.empty()) row("share of the largest key", share(c.key_shares.front()));
    row("speed of this core", model::format_quantity(c.machine_speed, {}) + " of the reference core");
    text += print(table, colours);
    Table operators{{{"operator"}, {"rows out", true}, {"share of CPU time", true}}, {}};
    for (const model::OperatorCost& o : c.operators)
        operators.rows.push_back({o.name, count(o.rows), share(o.share)});
    if (!operators.rows.empty()) text += print(operators, colours);
    return text + "  kept in " + file.string() + "\n";
}

Json json_of(const model::Calibration& c, const std::filesystem::path& file) {
    const auto figure = [](const model::Measured& m) {
        Json object{{"value", m.value}};
        if (std::isfinite(m.half_width)) object["half_width"] = m.half_width;
        return object;
    };
    Json operators = Json::array();
    for (const model::OperatorCost& o : c.operators)
        operators.push_back({{"name", o.name}, {"rows", o.rows}, {"share", o.share}});
    Json bytes_out = Json::object();
    for (const auto& [format, bytes] : c.bytes_out) bytes_out[format] = bytes;
    return {{"component", c.component},
            {"file", file.string()},
            {"engine", c.engine},
            {"machine", c.machine},
            {"date", c.date},
            {"rows_in", c.rows_in},
            {"rows_out", c.rows_out},
            {"time_per_row_s", figure(c.time_per_row)},
            {"time_per_batch_s", figure(c.time_per_batch)},
            {"fit_r2", c.fit_r2},
            {"selectivity", c.selectivity},
            {"bytes_in", c.bytes_in.value()},
            {"bytes_out", bytes_out},
            {"rejected", c.rejected},
            {"machine_speed", c.machine_speed},
            {"operators", operators}};
}

}  // namespace

int calibrate(const Arguments& arguments, Session& session) {
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
    std::vector<model::Calibration> calibrations;
    for (const sim::TransformInput& input : inputs) {
        auto calibration = sim::calibrate(
            input, {},
            [&](const sim::CalibrationProgress& p) {
                session.show_progress("Measuring " + input.component, p.fraction, p.step);
            },
            session.stop());
        session.clear_progress();
        if (!calibration) return session.refuse(calibration.error());
        calibrations.push_back(std::move(*calibration));
    }
    Json list = Json::array();
    for (const model::Calibration& calibration : calibrations) {
        const std::filesystem::path file = sim::calibration_file(*scenario, calibration.component);
        std::error_code failed;
        std::filesystem::create_directories(file.parent_path(), failed);
        if (const auto saved = model::save_calibration(calibration, file); !saved)
            return session.refuse(saved.error());
        list.push_back(json_of(calibration, file));
        if (!session.json()) session.print(text_of(calibration, file, session.colours()));
    }
    if (session.json())
        session.print(Json{{"calibrations", list}}.dump(2, ' ', false, Json::error_handler_t::replace) +
                      "\n");
    return exit_good;
}

}  // namespace headroom::cli
