// Files in a bucket (S3 and its like): writers gather records into files by size and time, and a lifecycle
// moves files to cheaper classes as they age.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace headroom::model {

namespace {

/// The classes of storage, from warm to cold (AWS S3 user guide, github:awsdocs/amazon-s3-userguide,
/// storage-class-intro.md, 2023-06). Their terms (least time and size billed) stand in the price book.
constexpr std::array<std::string_view, 6> classes{"standard",        "standard-ia",      "one-zone-ia",
                                                  "glacier-instant", "glacier-flexible", "deep-archive"};

std::vector<std::string> class_names() { return {classes.begin(), classes.end()}; }

/// The price of a class of storage, by any book that has one; nullptr where it is free.
const Price* storage_price(const Component& component, const Catalog& catalog, const std::string& tier) {
    const Technology* technology = catalog.technology(component.technology);
    if (technology == nullptr) return nullptr;
    for (const std::string& id : price_ids(*technology, "storage", tier))
        for (const auto& [name, book] : catalog.price_books())
            if (const Price* price = book.find(id)) return price;
    return nullptr;
}

/// Data that stays forever has no long run: it is billed as after so long.
constexpr double forever_seconds = 10.0 * 365 * 86400;

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems;
    const NamedNumbers& tiers = component.named_numbers("lifecycle");
    auto add = [&](Severity severity, std::string message) {
        problems.push_back(problem_of(component, "lifecycle", severity, std::move(message)));
    };
    if (tiers.empty()) add(Severity::error, "at least one storage class is needed");
    double age = 0;
    int rank = -1;
    for (const auto& [tier, life] : tiers) {
        const auto* known = std::find(classes.begin(), classes.end(), tier);
        if (known == classes.end()) {
            const std::string near = nearest_name(tier, class_names());
            add(Severity::error, "'" + tier + "' is not a storage class" +
                                     (near.empty() ? "; for example 'standard' or 'standard-ia' expected"
                                                   : "; did you mean '" + near + "'?"));
            continue;
        }
        const int own = static_cast<int>(known - classes.begin());
        if (own <= rank)
            add(Severity::error,
                "'" + tier + "' cannot follow what comes before it; files move towards colder classes only");
        rank = own;
        if (const Price* price = storage_price(component, catalog, tier);
            price != nullptr && life < price->minimum_held.value())
            add(Severity::warning, "'" + tier + "' is billed for at least " + format(price->minimum_held) +
                                       ", even if files leave earlier");
        if ((tier == "standard-ia" || tier == "one-zone-ia") && age > 0 && age < 30 * 86400.0)
            add(Severity::error,
                "files can move to '" + tier + "' 30 days after they were written at the earliest");
        age += life;
    }
    if (component.number("roll-size") < 1e6)
        problems.push_back(problem_of(component, "roll-size", Severity::warning,
                                      "files below 1 MB make more requests than bytes of cost"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows, const LoweringContext&) {
    const std::string& format = component.text("format");
    const double writers = component.number("writers");
    // Each writer fills a file of its own from its share of the records. The gathering of all of them
    // together holds `writers` files, which are then uploaded side by side.
    Lowered::Station write{.name = "write",
                           .primitive = Batch{.max_size = DataSize(component.number("roll-size") * writers),
                                              .max_wait = Duration(component.number("roll-every")),
                                              .writers = static_cast<int>(writers),
                                              .fixed = component.distribution("put-latency"),
                                              .rate = DataRate(component.number("writer-rate") * writers)}};
    Store store;
    for (const auto& [tier, life] : component.named_numbers("lifecycle"))
        store.tiers.push_back({tier, Duration(life)});
    Lowered::Station keep{.name = "files", .primitive = std::move(store)};

    Lowered lowered;
    bool declared = false;
    for (const Flow& flow : flows) {
        Flow out = flow;
        if (component.has("size-ratio")) {
            out.size = flow.size * component.number("size-ratio");
            declared = true;
        } else {
            const SizeIn stored = size_in_format(flow, format);
            if (!stored.found)
                return tl::unexpected(Problems{problem_of(
                    component, "format", Severity::error,
                    "how large " + flow.format + " records are as " + format +
                        " is not known; give 'size-ratio', stored bytes for one byte that arrives")});
            out.size = stored.size;
            declared = declared || !stored.measured;
        }
        out.format = format;
        write.sizes.push_back(out.size);
        keep.sizes.push_back(out.size);
        lowered.ways.push_back({.stations = {0, 1}, .out = std::move(out), .readable_at_end = true});
    }
    if (declared)
        lowered.notes.push_back(
            component.has("size-ratio")
                ? "the size of stored records is declared, not measured"
                : "the size of stored records is that of a published data set (ClickBench "
                  "hits), not measured");
    lowered.stations.push_back(std::move(write));
    lowered.stations.push_back(std::move(keep));
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    std::vector<Usage> used;
    const double rate = activity.bytes_in().value();  // as stored: the write station's sizes are those
    const double files = activity.batches().value() * component.number("writers");
    const double size = files > 0 ? rate / files : 0;
    auto add = [&](const char* dimension, const std::string& tier, double per_month) -> Usage& {
        return used.emplace_back(
            Usage{.component = component.id, .dimension = dimension, .detail = tier, .per_month = per_month});
    };
    const NamedNumbers& tiers = component.named_numbers("lifecycle");
    double age = 0;
    for (std::size_t i = 0; i < tiers.size(); ++i) {
        const auto& [tier, life] = tiers[i];
        // In the long run a class holds what arrived during the life that files have in it.
        const double held = std::isfinite(life) ? life : forever_seconds;
        Usage& storage = add("storage", tier, rate * held * month_seconds);
        storage.held_from = Duration(age);
        storage.held_for = Duration(held);
        storage.item_size = DataSize(size);
        age += held;
        if (i > 0) add("transitions", tier, files * month_seconds);
    }
    if (tiers.empty()) return used;
    const double readers =
        component.has("readers") ? component.number("readers") : std::max(0, activity.readers);
    add("put requests", tiers.front().first, files * month_seconds);
    add("get requests", tiers.front().first, files * readers * month_seconds);
    return used;
}

}  // namespace

Kind object_store_kind() {
    Kind kind;
    kind.id = "object-store";
    kind.title = "Object store";
    kind.help = "Keeps records in files, in classes of storage by age.";
    kind.category = "Store";
    kind.accepts = {FlowType::stream};
    kind.parameters = {
        {.name = "format",
         .type = ParameterType::choice,
         .default_text = "parquet+snappy",
         .choices = {"json", "csv", "parquet+none", "parquet+snappy", "parquet+zstd"},
         .help = "Format and codec of the files.",
         .example = "parquet+zstd",
         .door = Door::one_way},
        {.name = "size-ratio",
         .dimension = dimensions::none,
         .min = 1e-4,
         .max = 100,
         .help =
             "Stored bytes for one byte that arrives. Measured on the sample, else taken from a published "
             "data set, if left out.",
         .example = "0.16"},
        {.name = "roll-every",
         .dimension = dimensions::time,
         .default_text = "5 min",
         .min = 1e-3,
         .max = 7 * 86400.0,
         .help = "A file is finished at the latest so long after its first record.",
         .example = "60 s"},
        {.name = "roll-size",
         .dimension = dimensions::data,
         .default_text = "128 MB",
         .min = 1e3,
         .max = 5e12,
         .help = "A file is finished when it is so large.",
         .example = "128 MB"},
        {.name = "writers",
         .type = ParameterType::count,
         .noun = "writers",
         .default_text = "1",
         .min = 1,
         .max = 100'000,
         .help = "Tasks that write files at the same time, each its own.",
         .example = "4"},
        {.name = "lifecycle",
         .type = ParameterType::lifecycle,
         .default_text = "{standard: rest}",
         .choices = class_names(),
         .help = "How long files stay in each class of storage, in order; what is left after the last is "
                 "deleted, and 'rest' keeps it (billed as after ten years).",
         .example = "{standard: 30 d, standard-ia: 335 d, glacier-flexible: 6 y}"},
        {.name = "put-latency",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .default_text = "20 ms",
         .help = "Time of an upload that does not depend on its size.",
         .example = "{lognormal: {mean: 14.5 ms, cv: 1.06}}"},
        {.name = "writer-rate",
         .dimension = dimensions::data_rate,
         .default_text = "90 MB/s",
         .min = 1e3,
         .max = 1e12,
         .help = "Bytes a second of one upload.",
         .example = "90 MB/s"},
        {.name = "readers",
         .type = ParameterType::count,
         .noun = "readers",
         .max = 1e6,
         .help = "How often each file is read. As many times as links leave, if left out.",
         .example = "1"},
    };
    kind.billing = {{"storage", "bytes kept, by class of storage"},
                    {"put requests", "files written"},
                    {"get requests", "files read"},
                    {"transitions", "files moved into a class of storage"}};
    kind.check = check;
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
