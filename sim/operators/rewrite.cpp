#include "sim/operators/rewrite.h"

#include "model/kinds/kind.h"
#include "model/kinds/parts.h"
#include "model/units/unit.h"
#include "sim/operators/worker_process.h"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace headroom::sim {

namespace {

using model::BillLine;
using model::Expected;

constexpr const char* written_format = "parquet+snappy";

/// As SQL writes a name.
std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
}

/// As YAML writes a text in single quotes.
std::string yaml_text(const std::string& text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
    return result + "'";
}

std::string conversion(const Schema& before, const Schema& after) {
    std::string list;
    for (const SchemaField& field : after) {
        const auto old = std::find_if(before.begin(), before.end(),
                                      [&](const SchemaField& other) { return other.name == field.name; });
        list += (list.empty() ? "" : ", ") +
                (old == before.end()       ? "CAST(NULL AS " + field.type + ")"
                 : old->type == field.type ? quoted(field.name)
                                           : "TRY_CAST(" + quoted(field.name) + " AS " + field.type + ")") +
                " AS " + quoted(field.name);
    }
    return "SELECT " + list + " FROM input";
}

/// The line of that dimension and class, or nullptr.
const BillLine* line_of(const model::Bill& bill, const std::string& component, const std::string& dimension,
                        const std::string& tier) {
    for (const BillLine& line : bill.lines)
        if (line.component == component && line.dimension == dimension && line.detail == tier) return &line;
    return nullptr;
}

/// The life of files in each class of storage, in months; none for components without classes.
model::NamedNumbers lives_of(const model::Component& component) {
    model::NamedNumbers lives;
    if (!component.has("lifecycle")) return lives;
    for (const auto& [tier, seconds] : component.named_numbers("lifecycle"))
        lives.emplace_back(tier, seconds / model::month_seconds);
    return lives;
}

/// Files that the class holds: those of a month times the months that they stay.
double files_in(const model::Bill& bill, const model::PriceBook& book, const model::Component& component,
                const BillLine& storage) {
    const model::NamedNumbers lives = lives_of(component);
    if (lives.empty()) return 0;
    const BillLine* puts = line_of(bill, component.id, "put requests", lives.front().first);
    const BillLine* first = line_of(bill, component.id, "storage", lives.front().first);
    if (puts == nullptr || first == nullptr) return 0;
    const model::Price* price = book.find(puts->price_id);
    const double a_month = puts->units * (price ? price->unit_size : 1);
    for (const auto& [tier, months] : lives)
        if (tier == storage.detail && std::isfinite(months)) return a_month * months;
    // Kept for ever: the bill's long run, by what the first class holds of a finite life.
    return std::isfinite(lives.front().second) && first->units > 0
               ? a_month * lives.front().second * storage.units / first->units
               : 0;
}

double price_of_one(const model::PriceBook& book, const std::string& id) {
    const model::Price* price = book.find(id);
    return price && !price->steps.empty() && price->unit_size > 0
               ? price->steps.front().price / price->unit_size
               : 0;
}

double bytes_of_row(const model::Calibration& calibration) {
    for (const auto& [format, bytes] : calibration.bytes_in_formats)
        if (format == written_format) return bytes;
    return 0;
}

}  // namespace

double RewriteCost::total() const {
    double sum = 0;
    for (const RewriteLine& line : lines) sum += line.total();
    return sum;
}

Expected<model::Calibration> measure_rewrite(const std::filesystem::path& sample, const Schema& before,
                                             const Schema& after, const CalibrationOptions& options,
                                             const CalibrationProgressFn& progress, std::stop_token stop) {
    const auto folder = PrivateFolder::make();
    if (!folder) return model::fail({}, "rewrite", "there is no folder for temporary files ($TMPDIR)");
    const std::filesystem::path file = folder->path() / "rewrite.yaml";
    std::ofstream(file) << "steps:\n  - sql: " << yaml_text(conversion(before, after))
                        << "\n    as: convert\n  - encode: {format: parquet, codec: snappy}\n    as: write\n";
    return calibrate({.component = "rewrite", .transform = file, .sample = sample, .key = {}}, options,
                     progress, std::move(stop));
}

Expected<RewriteCost> rewrite_cost(const model::Scenario& scenario, const model::Catalog& catalog,
                                   const model::Bill& bill, const model::Calibration& measured,
                                   const std::string& instance) {
    const auto refuse = [&](std::string message) {
        return model::fail({.file = scenario.file.string()}, "rewrite", std::move(message));
    };
    const model::Catalog& known = scenario.own_catalog ? *scenario.own_catalog : catalog;
    const model::InstanceType* type = known.instance(instance);
    if (type == nullptr) return refuse("there is no instance type '" + instance + "' in the catalogue");
    const model::PriceBook* book = known.price_book(scenario.price_book);
    if (book == nullptr) return refuse("the scenario names no price book");
    const std::string price_id = "ec2." + instance + ".on-demand";
    const model::Price* nodes = book->find(price_id);
    if (nodes == nullptr) return refuse("the price book has no price '" + price_id + "'");

    RewriteCost cost{.instance = instance};
    cost.core_hour = price_of_one(*book, price_id) * 3600 / type->vcpus;
    const double rows = measured.steps.empty() || measured.steps.back().batches.empty()
                            ? 100'000
                            : measured.steps.back().batches.back().rows;
    const double scale = measured.machine_speed / type->core_speed;
    cost.time_per_record = {model::time_of_batch(measured, rows).value() / rows * scale,
                            measured.time_per_row.half_width * scale};
    cost.stored_record = bytes_of_row(measured);
    if (!(cost.stored_record > 0))
        return refuse("the sample has no rows to measure what a stored record takes");

    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr || kind->category != "Store") continue;
        for (const BillLine& line : bill.lines) {
            const bool index = line.detail.ends_with(", index");  // what a class keeps beside the files
            if (line.component != component.id || line.dimension != "storage" || index) continue;
            RewriteLine& one = cost.lines.emplace_back();
            one.component = component.id;
            one.tier = line.detail;
            const model::Price* storage = book->find(line.price_id);
            one.stored =
                model::DataSize(line.units * (storage ? storage->unit_size : 1) / model::month_seconds);
            one.records = one.stored.value() / cost.stored_record;
            one.core_seconds = {one.records * cost.time_per_record.value,
                                one.records * cost.time_per_record.half_width};
            one.compute = one.core_seconds.value / 3600 * cost.core_hour;
            one.files = files_in(bill, *book, component, line);
            const std::string classes = line.price_id.substr(0, line.price_id.rfind('.'));
            for (const char* request : {".get", ".put", ".retrieval-requests"})
                one.requests += one.files * price_of_one(*book, classes + request);
            one.retrieval = one.stored.value() * price_of_one(*book, classes + ".retrieval");
        }
    }
    if (cost.lines.empty()) return refuse("none of its components keeps records for which it is billed");
    cost.notes = {
        "a record takes " + model::format_quantity(cost.stored_record, model::dimensions::item_size) +
            " as stored and " + model::format_quantity(cost.time_per_record.value, model::dimensions::time) +
            " of a core of " + instance +
            " to decode, convert and write as Parquet with Snappy: measured on " + measured.engine +
            "; another engine takes its multiple of that",
        "decoding is that of the sample's own format; give the sample as Parquet where that is what is "
        "stored",
        "what stores hold is what the bill of the long run says",
        "not counted: old and new files lie side by side until the old ones are deleted, classes of storage "
        "charge for files that are deleted early, and readers wait or read both"};
    return cost;
}

}  // namespace headroom::sim
