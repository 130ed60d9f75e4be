#include "model/scenario/merge.h"
#include "model/scenario/moment.h"
#include "model/scenario/read_distribution.h"
#include "model/scenario/reader.h"
#include "model/units/unit.h"

namespace headroom::model {

namespace {

void read_season(Reader& reader, RateProfile& profile, const Section& owner, const Value& value,
                 const std::string& path, std::string_view name, Duration period) {
    const Value* written = Reader::written(value, name);
    if (written == nullptr) return;
    const std::string here = path + "." + std::string(name);
    if (!reader.is_mapping(*written, here)) return;
    const Section& section = *owner.field(name).section;
    reader.check_fields(section, *written, here);
    double peak = 1;
    reader.read_into(peak, section, *written, here, "peak");
    const Value* at = Reader::written(*written, "at");
    if (at == nullptr) return;
    const auto moment = at->is_scalar() ? parse_moment(at->text, period)
                                        : tl::unexpected<std::string>("a moment is expected");
    if (!moment) {
        reader.report(at->place, here + ".at", moment.error(), Severity::error, at->text);
        return;
    }
    profile.seasons.push_back(make_season(period, peak, *moment));
}

void read_event(Reader& reader, RateProfile& profile, const Section& section, const Value& value,
                const std::string& path) {
    if (!reader.is_mapping(value, path)) return;
    reader.check_fields(section, value, path, 1);
    RateEvent event;
    double length = 0;
    reader.read_into(length, section, value, path, "for");
    event.length = seconds(length);
    if (const Value* from = Reader::written(value, "from");
        from != nullptr && from->is_scalar() && from->text.starts_with("day ")) {
        if (const auto moment = parse_moment(from->text, years(100))) {
            event.from = *moment;
        } else {
            reader.report(from->place, path + ".from", moment.error(), Severity::error, from->text);
        }
    } else {
        double start = 0;
        reader.read_into(start, section, value, path, "from");
        event.from = seconds(start);
    }
    const ParameterSpec factor{.name = "factor", .min = 0, .max = 1000, .example = "1.8x"};
    for (const Value::Entry& entry : value.entries) {
        if (entry.key == "from" || entry.key == "for") continue;
        event.name = entry.key;
        const auto parsed = parse_parameter(factor, entry.value);
        if (!parsed) {
            for (Problem problem : parsed.error()) {
                problem.field = path + "." + entry.key;
                reader.problems.push_back(std::move(problem));
            }
            return;
        }
        event.factor = std::get<double>(*parsed);
        profile.events.push_back(event);
        return;
    }
    reader.report(value.place, path, "a name with a factor is missing, for example 'sale day: 1.8x'");
}

void read_interarrival(Reader& reader, Distribution& shape, const Value& value, const std::string& path) {
    const Value* written = Reader::written(value, "interarrival");
    if (written == nullptr) return;
    const std::string here = path + ".interarrival";
    if (written->is_scalar() && written->text == "exponential") {
        shape = Distribution::exponential(1);
    } else if (written->is_scalar() && written->text == "deterministic") {
        shape = Distribution::constant(1);
    } else if (const Value* scv = written->find("scv"); scv != nullptr && written->entries.size() == 1) {
        const ParameterSpec spec{.name = "scv", .min = 0, .max = 10'000, .example = "4"};
        const auto parsed = parse_parameter(spec, *scv);
        if (parsed) {
            shape = Distribution::with_scv(1, std::get<double>(*parsed));
        } else {
            reader.take(parsed.error(), here);
        }
    } else {
        reader.report(written->place, here, "exponential, deterministic or {scv: 4} is expected",
                      Severity::error, excerpt(to_flow(*written)));
    }
}

void read_profile(Reader& reader, RateProfile& profile, Distribution& interarrival, const Section& section,
                  const Value& value, const std::string& path) {
    double rate = 0;
    reader.read_into(rate, section, value, path, "rate");
    profile.base = per_second(rate);
    read_season(reader, profile, section, value, path, "daily", days(1));
    read_season(reader, profile, section, value, path, "weekly", days(7));
    read_season(reader, profile, section, value, path, "yearly", years(1));
    double growth = 0;
    reader.read_into(growth, section, value, path, "growth");
    profile.growth_per_year = growth * years(1).value();
    if (const Value* events = Reader::written(value, "events")) {
        const Section& event = *section.field("events").section;
        if (events->is_mapping()) read_event(reader, profile, event, *events, path + ".events");
        if (events->is_scalar())
            reader.report(events->place, path + ".events", "a list of events is expected");
        for (std::size_t i = 0; i < events->items.size(); ++i)
            read_event(reader, profile, event, events->items[i], path + ".events." + std::to_string(i));
    }
    read_interarrival(reader, interarrival, value, path);
}

Stream read_stream(Reader& reader, const Section& workload, const Value& value, const std::string& path) {
    Stream stream;
    const Section& section = *workload.field("stream").section;
    const Value& written = *value.find("stream");
    if (reader.is_mapping(written, path + ".stream")) {
        reader.check_fields(section, written, path + ".stream");
        read_profile(reader, stream.rate, stream.interarrival, section, written, path + ".stream");
    }
    const Value* found = Reader::written(value, "record");
    const Value none = [] {
        Value empty;
        empty.kind = Value::Kind::mapping;
        return empty;
    }();
    const Value& record = found == nullptr ? none : *found;
    const std::string here = path + ".record";
    if (!reader.is_mapping(record, here)) return stream;
    const Section& fields = *workload.field("record").section;
    reader.check_fields(fields, record, here);
    reader.read_into(stream.record.size, fields, record, here, "size");
    reader.read_into(stream.record.format, fields, record, here, "format");
    std::string sample;
    reader.read_into(sample, fields, record, here, "sample");
    stream.record.sample = sample;
    reader.read_into(stream.record.key, fields, record, here, "key");
    return stream;
}

Requests read_requests(Reader& reader, const Section& workload, const Value& value, const std::string& path) {
    Requests requests;
    const Section& section = *workload.field("requests").section;
    const Value& written = *value.find("requests");
    const std::string here = path + ".requests";
    if (reader.is_mapping(written, here)) {
        reader.check_fields(section, written, here);
        const bool users = Reader::written(written, "users") != nullptr;
        const bool rate = Reader::written(written, "rate") != nullptr;
        if (users == rate)
            reader.report(written.place, here,
                          users ? "both 'users' and 'rate' are given; one of them is expected"
                                : "either 'users' (with 'think-time') or 'rate' is expected");
        if (users) {
            double count = 0;
            reader.read_into(count, section, written, here, "users");
            requests.users = static_cast<int>(count);
            for (const char* name : {"daily", "weekly", "yearly", "events", "growth", "interarrival"})
                if (const Value* extra = Reader::written(written, name))
                    reader.report(extra->place, here + "." + name,
                                  "this belongs to requests with a 'rate', not to 'users'");
        } else if (const Value* extra = Reader::written(written, "think-time")) {
            reader.report(extra->place, here + ".think-time",
                          "this belongs to requests with 'users', not to a 'rate'");
        }
        reader.read_into(requests.think_time, section, written, here, "think-time");
        read_profile(reader, requests.rate, requests.interarrival, section, written, here);
    }
    if (const Value* reads = Reader::written(value, "reads");
        reads != nullptr && reader.is_mapping(*reads, path + ".reads")) {
        const Section& fields = *workload.field("reads").section;
        reader.check_fields(fields, *reads, path + ".reads");
        reader.read_into(requests.scan, fields, *reads, path + ".reads", "scan");
    }
    return requests;
}

}  // namespace

void read_workloads(Reader& reader, const Value& workloads) {
    const Section& section = *file_section().field("workloads").section;
    if (!reader.is_mapping(workloads, "workloads")) return;
    if (workloads.entries.empty())
        reader.report(workloads.place, "workloads", "there is no workload; at least one is expected");
    for (const Value::Entry& entry : workloads.entries) {
        const std::string path = "workloads." + entry.key;
        if (!reader.check_id(entry, "workloads")) continue;
        Workload workload{.id = entry.key, .load = Stream{}, .place = entry.key_place};
        if (reader.is_mapping(entry.value, path)) {
            reader.check_fields(section, entry.value, path);
            const bool stream = Reader::written(entry.value, "stream") != nullptr;
            const bool requests = Reader::written(entry.value, "requests") != nullptr;
            if (stream == requests)
                reader.report(entry.key_place, path,
                              stream ? "both 'stream' and 'requests' are given; a workload is one of them"
                                     : "either 'stream' or 'requests' is expected");
            if (stream) {
                workload.load = read_stream(reader, section, entry.value, path);
            } else if (requests) {
                workload.load = read_requests(reader, section, entry.value, path);
            }
            for (const auto& [name, owner, fits] :
                 {std::tuple{"record", "stream", stream}, {"reads", "requests", requests}})
                if (const Value* extra = Reader::written(entry.value, name); extra != nullptr && !fits)
                    reader.report(extra->place, path + "." + name,
                                  std::string("this belongs to a workload with '") + owner + "'");
        }
        reader.scenario.workloads.push_back(std::move(workload));
    }
}

}  // namespace headroom::model
