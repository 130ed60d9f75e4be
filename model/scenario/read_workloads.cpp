#include "model/scenario/read_arrivals.h"
#include "model/scenario/reader.h"
#include "model/units/unit.h"

namespace headroom::model {

namespace {

Stream read_stream(Reader& reader, const Section& workload, const Value& value, const std::string& path) {
    Stream stream;
    const Section& section = *workload.field("stream").section;
    const Value& written = *value.find("stream");
    if (reader.is_mapping(written, path + ".stream")) {
        reader.check_fields(section, written, path + ".stream");
        read_arrivals(reader, {stream.rate, stream.interarrival, stream.pattern}, section, written,
                      path + ".stream");
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
    reader.read_into(stream.record.keys, fields, record, here, "keys");
    reader.read_into(stream.record.skew, fields, record, here, "skew");
    const Value* skew = Reader::written(record, "skew");
    if (skew != nullptr && Reader::written(record, "keys") == nullptr)
        reader.wrong(
            *skew, here + ".skew",
            "'" + excerpt(skew->text) + "' is of no effect without 'keys', the number of different keys");
    return stream;
}

/// Time limit and further attempts of those who send requests.
void read_persistence(Reader& reader, Requests& requests, const Section& section, const Value& value,
                      const std::string& path) {
    const Value* retries = Reader::written(value, "retries");
    const auto timeout = reader.read(section, value, path, "timeout");
    if (retries == nullptr && !timeout) return;
    Persistence persistence;
    if (timeout) persistence.timeout = std::get<Distribution>(*timeout);
    requests.persistence = persistence;
    const std::string here = path + ".retries";
    if (retries == nullptr || !reader.is_mapping(*retries, here)) return;
    const Section& fields = *section.field("retries").section;
    reader.check_fields(fields, *retries, here);
    double attempts = 1, pause = 0, longest = persistence.longest.value();
    reader.read_into(attempts, fields, *retries, here, "attempts");
    reader.read_into(pause, fields, *retries, here, "pause");
    reader.read_into(longest, fields, *retries, here, "longest");
    reader.read_into(persistence.growth, fields, *retries, here, "growth");
    reader.read_into(persistence.jitter, fields, *retries, here, "jitter");
    std::string abandoned;
    reader.read_into(abandoned, fields, *retries, here, "abandoned");
    persistence.attempts = static_cast<int>(attempts);
    persistence.back_off = seconds(pause);
    persistence.longest = seconds(longest);
    persistence.cancels = abandoned == "cancel";
    requests.persistence = persistence;
}

Requests read_requests(Reader& reader, const Section& workload, const Value& value, const std::string& path) {
    Requests requests;
    const Section& section = *workload.field("requests").section;
    const Value& written = *value.find("requests");
    const std::string here = path + ".requests";
    if (reader.is_mapping(written, here)) {
        reader.check_fields(section, written, here);
        const bool users = Reader::written(written, "users") != nullptr;
        if (users && Reader::written(written, "rate") != nullptr)
            reader.report(written.place, here, "both 'users' and 'rate' are given; one of them is expected");
        if (users) {
            double count = 0;
            reader.read_into(count, section, written, here, "users");
            requests.users = static_cast<int>(count);
            for (const char* name :
                 {"daily", "weekly", "yearly", "events", "growth", "interarrival", "mmpp", "bulk", "trace"})
                if (const Value* extra = Reader::written(written, name))
                    reader.report(extra->place, here + "." + name,
                                  "this belongs to requests with a 'rate', not to 'users'");
        } else if (const Value* extra = Reader::written(written, "think-time")) {
            reader.report(extra->place, here + ".think-time",
                          "this belongs to requests with 'users', not to a 'rate'");
        }
        reader.read_into(requests.think_time, section, written, here, "think-time");
        if (!users)
            read_arrivals(reader, {requests.rate, requests.interarrival, requests.pattern}, section, written,
                          here);
        read_persistence(reader, requests, section, written, here);
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
