// Files in a bucket (S3 and its like): writers gather records into files by size and time, and a lifecycle
// moves files to cheaper classes as they age. Small files can be put together into large ones once, so that
// those that stay are fewer.

#include "model/kinds/all.h"
#include "model/kinds/file_writing.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace headroom::model {

namespace {

/// The classes of storage, from warm to cold (AWS S3 user guide, github:awsdocs/amazon-s3-userguide,
/// storage-class-intro.md, 2023-06). Their terms (least time and size billed) stand in the price book.
constexpr std::array<std::string_view, 7> classes{"standard",    "intelligent-tiering", "standard-ia",
                                                  "one-zone-ia", "glacier-instant",     "glacier-flexible",
                                                  "deep-archive"};

/// The class that moves files by itself when nobody has read them for so long, and as what it bills them then
/// (the same guide, intelligent-tiering-overview.md).
constexpr std::string_view by_itself = "intelligent-tiering", unread = "intelligent-tiering-infrequent";
constexpr double until_unread = 30 * 86400.0;

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
    Problems problems = check_nodes(component, catalog);
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

/// Bytes of a stored record, and whether they are known from its own sample or declared.
Expected<ItemSize> stored_size(const Component& component, const Flow& flow, bool& measured) {
    if (component.has("size-ratio")) {
        measured = false;
        return flow.size * component.number("size-ratio");
    }
    const std::string& format = component.text("format");
    const SizeIn stored = size_in_format(flow, format);
    measured = measured && stored.measured;
    if (stored.found) return stored.size;
    return tl::unexpected(
        Problems{problem_of(component, "format", Severity::error,
                            "how large " + flow.format + " records are as " + format +
                                " is not known; give 'size-ratio', stored bytes for one byte that arrives")});
}

/// More downloads than this at their own rate are a network without limit.
constexpr double most_downloads = 10'000;

/// Speeds of a line that holds `whole` downloads at their own rate: with fewer, each has that; more share it.
std::vector<double> shared_speeds(double whole) {
    std::vector<double> speeds;
    for (double n = 1; n < whole; ++n) speeds.push_back(n);
    speeds.push_back(whole);
    return speeds;
}

/// A request reads one file: it waits for its prefix, for the first byte and for the others.
void add_reads(const Component& component, const std::vector<Flow>& flows, const LoweringContext& context,
               Lowered& lowered) {
    const auto all = [&](auto of) { return by_class(context.class_count, flows, of); };
    lowered.stations.push_back({.name = "prefixes",
                                .primitive = Queue{.servers = static_cast<int>(component.number("prefixes")),
                                                   .service = all([&](const Flow& flow) {
                                                       return Distribution::constant(
                                                           flow.type == FlowType::request
                                                               ? 1 / component.number("prefix-reads")
                                                               : 0);
                                                   })}});
    lowered.stations.push_back({.name = "first byte", .primitive = Delay{.time = all([&](const Flow&) {
                                                                             return component.distribution(
                                                                                 "get-latency");
                                                                         })}});
    const double rate = component.number("reader-rate");
    const std::vector<Distribution> times = all([&](const Flow& flow) { return flow.scan.scaled(1 / rate); });
    Lowered::Station transfer{.name = "transfer", .primitive = Delay{.time = times}};
    if (component.has("reader-network") && component.number("reader-network") / rate <= most_downloads)
        transfer.primitive = Queue{.servers = 1,
                                   .discipline = Discipline::processor_sharing,
                                   .service = times,
                                   .speeds = shared_speeds(component.number("reader-network") / rate)};
    lowered.stations.push_back(std::move(transfer));
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const auto any = [&](auto is) { return std::any_of(flows.begin(), flows.end(), is); };
    Lowered lowered;
    int write = -1, reads = -1;
    const auto add = [&](const char* name, Primitive primitive) {
        lowered.stations.push_back({.name = name, .primitive = std::move(primitive)});
        return static_cast<int>(lowered.stations.size()) - 1;
    };
    if (any([](const Flow& flow) { return flow.type == FlowType::stream; })) {
        write = add("write", gathering(component, writing_of(component, context)));
        Store store;
        for (const auto& [tier, life] : component.named_numbers("lifecycle"))
            store.tiers.push_back({tier, Duration(life)});
        add("files", std::move(store));
        if (const Component* delivery = delivery_to(component, context.scenario))
            lowered.notes.push_back("the buffer of '" + delivery->id +
                                    "' fills the files, instead of roll-every and roll-size");
    }
    if (any([](const Flow& flow) { return flow.type == FlowType::request; })) {
        reads = static_cast<int>(lowered.stations.size());
        add_reads(component, flows, context, lowered);
    }
    bool measured = true;
    for (const Flow& flow : flows) {
        Flow out = flow;
        if (flow.type == FlowType::stream) {
            const Expected<ItemSize> size = stored_size(component, flow, measured);
            if (!size) return tl::unexpected(size.error());
            out.size = *size;
            out.format = component.text("format");
        }
        for (Lowered::Station& station : lowered.stations) station.sizes.push_back(out.size);
        if (flow.type == FlowType::stream)
            lowered.ways.push_back(
                {.stations = {write, write + 1}, .out = std::move(out), .readable_at_end = true});
        else
            lowered.ways.push_back({.stations = {reads, reads + 1, reads + 2}, .out = std::move(out)});
    }
    if (write >= 0) note_prefixes(writing_of(component, context), flows, context, lowered);
    if (!measured)
        lowered.notes.push_back(
            component.has("size-ratio")
                ? "the size of stored records is declared, not measured"
                : "the size of stored records is that of a published data set (ClickBench "
                  "hits), not measured");
    return lowered;
}

/// Files a second that stay, from the age at which small ones have been put together.
struct Kept {
    double files = 0, from = 0;
};

Kept kept_files(const Component& component, double bytes, double files) {
    if (!component.has("compact-after")) return {files, 0};
    return {std::min(files, bytes / component.number("compact-size")), component.number("compact-after")};
}

/// Files are written to every part that keeps them; what readers take is not known here.
NodeLoad load(const Component& component, const Activity& activity, const Catalog&) {
    const DataRate written = activity.bytes_in() * component.number("redundancy");
    double life = 0;
    for (const auto& [tier, time] : component.named_numbers("lifecycle"))
        life += std::isfinite(time) ? time : forever_seconds;
    return {.network = written, .disk = written, .space = DataSize(written.value() * life)};
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    std::vector<Usage> used;
    if (component.has("nodes")) used.push_back(nodes_usage(component));
    double rate = 0, requests = 0;
    for (const Activity::Flow& flow : activity.flows)  // as stored: the sizes on arrival are those
        (is_stream(flow) ? rate : requests) += is_stream(flow) ? flow.bytes_in.value() : flow.in.value();
    const double files = activity.batches().value();
    const double size = files > 0 ? rate / files : 0;
    const Kept kept = kept_files(component, rate, files);
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
        const bool compacted = age >= kept.from;
        const auto store = [&](std::string_view as, double from, double time) {
            Usage& storage = add("storage", std::string(as), rate * time * month_seconds);
            storage.held_from = Duration(age + from);
            storage.held_for = Duration(time);
            storage.item_size = DataSize(compacted && kept.files > 0 ? rate / kept.files : size);
        };
        const double watched = tier == by_itself ? std::min(held, until_unread) : held;
        store(tier, 0, watched);
        if (watched < held) store(unread, watched, held - watched);
        const double moved = compacted ? kept.files : files;
        if (tier == by_itself) add("monitoring", tier, moved * held * month_seconds);
        age += held;
        if (i > 0) add("transitions", tier, moved * month_seconds);
    }
    if (tiers.empty()) return used;
    const double readers =
        component.has("readers") ? component.number("readers") : std::max(0, activity.readers);
    const bool compacts = component.has("compact-after");
    add("put requests", tiers.front().first, (files + (compacts ? kept.files : 0)) * month_seconds);
    add("get requests", tiers.front().first,
        (files * (readers + (compacts ? 1 : 0)) + requests) * month_seconds);
    return used;
}

}  // namespace

Kind object_store_kind() {
    Kind kind;
    kind.id = "object-store";
    kind.title = "Object store";
    kind.help = "Keeps records in files, in classes of storage by age; requests read files.";
    kind.category = "Store";
    kind.accepts = {FlowType::stream, FlowType::request};
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
        spec::duration(
            "compact-after", "", 60, 31 * 86400.0,
            "Age at which small files are put together into large ones: each is read once and what "
            "comes of it is written. Never if left out.",
            "1 d"),
        spec::chosen(spec::size("compact-size", "512 MB", 1e3, 5e12, "Size of the files that come of it.")),
        {.name = "put-latency",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .default_text = "20 ms",
         .help = "Time of an upload that does not depend on its size.",
         .example = "{lognormal: {mean: 14.5 ms, cv: 1.06}}"},
        spec::data_rate("writer-rate", "90 MB/s", "Bytes a second of one upload."),
        spec::data_rate("reader-rate", "90 MB/s", "Bytes a second of one download."),
        spec::data_rate("reader-network", "",
                        "Bytes a second that the machine that reads takes in: its downloads share them. No "
                        "limit if left out.",
                        "10 Gbps"),
        spec::time("get-latency", "20 ms", "Time until the first byte of a file that a request reads.",
                   "{lognormal: {mean: 14.5 ms, cv: 1.06}}"),
        spec::count("prefixes", "prefixes", "1", 1, 1e6,
                    "Parts of the name space over which requests and files are spread; each has limits of "
                    "its own."),
        spec::item_rate("prefix-writes", "files", "3500 /s", 1e-3, 1e9,
                        "Files that one prefix takes in a second."),
        spec::item_rate("prefix-reads", "requests", "5500 /s", 1e-3, 1e9,
                        "Requests that one prefix serves in a second."),
        spec::nodes("Nodes on which the store runs; none where the provider runs it.", "4 x i3en.2xlarge"),
        spec::ratio("redundancy", "1", 1, 10, "Bytes on the nodes' disks for one byte kept.", "1.5"),
        {.name = "readers",
         .type = ParameterType::count,
         .noun = "readers",
         .max = 1e6,
         .help = "How often each file is read. As many times as links leave, if left out.",
         .example = "1"},
    };
    kind.billing = {{"nodes", "node time, by instance type"},
                    {"storage", "bytes kept, by class of storage"},
                    {"put requests", "files written"},
                    {"get requests", "files read"},
                    {"transitions", "files moved into a class of storage"},
                    {"monitoring", "files that a class moves by itself"}};
    kind.check = check;
    kind.lower = lower;
    kind.load = load;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
