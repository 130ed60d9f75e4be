// The fields of workloads: how items arrive and what they are like.

#include "model/scenario/section_fields.h"

#include <limits>

namespace headroom::model {

namespace {

using namespace dimensions;
using Type = ParameterType;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double hour = 3600, day = 24 * hour, year = 8760 * hour;

Section season(const char* id, const char* help, const char* at) {
    return {id,
            help,
            {needed(number({"peak",
                            "Highest rate relative to the mean. The rate goes like exp(k cos), the more "
                            "pointed the higher its peak.",
                            "2.5x"},
                           Type::quantity, none, 1, 100)),
             needed(shaped({"at", "When the peak is.", at}, Shape::moment))}};
}

const Section& daily() {
    static const Section section =
        season("daily", "How the rate moves over a day; its mean is kept.", "20:00");
    return section;
}
const Section& weekly() {
    static const Section section =
        season("weekly", "How the rate moves over a week; its mean is kept.", "sat 20:00");
    return section;
}
const Section& yearly() {
    static const Section section =
        season("yearly", "How the rate moves over a year; its mean is kept.", "day 330");
    return section;
}

const Section& event() {
    static const Section section{
        "event",
        "A time at which the rate is higher or lower: one name with a factor, and when it is.",
        {needed(number(
             {"from", "When it begins, from the start of the horizon ('day 12' is the 12th day).", "12 d"},
             Type::quantity, time, 0, 100 * year)),
         needed(number({"for", "How long it lasts.", "24 h"}, Type::quantity, time, 1e-3, 100 * year))}};
    return section;
}

const Section& arrival_state() {
    static const Section section{
        "arrival-state",
        "A state of a Markov-modulated Poisson process (MMPP).",
        {needed(number({"rate", "Rate of arrivals while the state lasts.", "50 events/s"}, Type::quantity,
                       item_rate, 0, 1e15, "", "events")),
         needed(number({"stay", "Mean time that it lasts; exponential.", "2 s"}, Type::quantity, time, 1e-9,
                       100 * year)),
         {{.name = "next",
           .type = Type::numbers_by_class,
           .help = "Probabilities of the states that come after it; the next of the list if left out.",
           .example = "{calm: 0.8, storm: 0.2}"}}}};
    return section;
}

const Section& trace() {
    static const Section section{
        "trace",
        "Recorded arrivals from a CSV file whose first line names the columns.",
        {needed({{.name = "file",
                  .type = Type::path,
                  .help = "The file, relative to the scenario file.",
                  .example = "data/arrivals.csv"}}),
         text({"times", "Name of the column with the times of arrival, ascending; they count from the first.",
               "arrival_ms"}),
         text({"gaps",
               "Name of the column with the gaps between arrivals, instead of 'times'; each is the time "
               "before "
               "one arrival.",
               "gap_ms"}),
         text({"unit",
               "Unit of the column, unless its name ends with one, as in gap_ms, or its values have "
               "one.",
               "ms"}),
         {{.name = "repeat",
           .type = Type::flag,
           .default_text = "false",
           .help = "Whether the record begins again when it is over; else nothing arrives any more.",
           .example = "true"}}}};
    return section;
}

/// Fields of everything that arrives at a rate.
std::vector<Field> with_profile(std::vector<Field> fields) {
    const std::vector<Field> profile{
        number({"rate", "Mean rate of arrivals.", "2000 events/s"}, Type::quantity, item_rate, 0, 1e15, "",
               "events"),
        shaped({"daily", daily().help.c_str(), "{peak: 2x, at: \"20:00\"}"}, Shape::section, &daily()),
        shaped({"weekly", weekly().help.c_str(), "{peak: 1.3x, at: sat 20:00}"}, Shape::section, &weekly()),
        shaped({"yearly", yearly().help.c_str(), "{peak: 1.5x, at: day 330}"}, Shape::section, &yearly()),
        shaped(
            {"events", "Times at which the rate is multiplied.", "[{sale day: 1.8x, from: 12 d, for: 24 h}]"},
            Shape::events, &event()),
        number({"growth", "Growth of the rate.", "40 %/year"}, Type::quantity, frequency, -0.99 / year,
               1000 / year),
        shaped({"interarrival",
                "Gaps between arrivals, independent of each other: a shape that 'rate' scales (exponential, "
                "deterministic, {scv: 4}, {gamma: {cv: 2}}), or a distribution of times, instead of 'rate'.",
                "exponential"},
               Shape::interarrival),
        shaped({"mmpp",
                "Poisson arrivals at the rate of a state that changes, instead of 'rate', by names "
                "of the states.",
                "{calm: {rate: 5/s, stay: 20 s}, burst: {rate: 50/s, stay: 2 s}}"},
               Shape::regions, &arrival_state()),
        shaped({"bulk",
                "How many items arrive together: a number, {geometric: 3} for its mean, or "
                "probabilities of numbers. The rate stays that of items.",
                "{1: 0.5, 4: 0.5}"},
               Shape::bulk),
        shaped({"trace", trace().help.c_str(), "{file: data/arrivals.csv, times: arrival_ms}"},
               Shape::section, &trace())};
    fields.insert(fields.end(), profile.begin(), profile.end());
    return fields;
}

const Section& stream() {
    static const Section section{"stream", "Records that arrive by themselves.", with_profile({})};
    return section;
}

const Section& retries() {
    static const Section section{
        "retries",
        "What senders do when an answer does not come in time, or a request is rejected or expires.",
        {needed(number({"attempts", "How often a request is tried, the first time included.", "3"},
                       Type::count, item, 1, 1e6, "", "attempts")),
         number({"pause", "Time before the second attempt.", "100 ms"}, Type::quantity, time, 0, year, "0 s"),
         number({"growth", "Factor by which the pause grows from one attempt to the next.", "2x"},
                Type::quantity, none, 1, 1000, "2x"),
         number({"longest", "Longest pause.", "10 s"}, Type::quantity, time, 0, year),
         number({"jitter",
                 "Share of the pause that is drawn evenly: 0 % is a fixed pause, 100 % anything "
                 "between none and all of it.",
                 "50 %"},
                Type::quantity, none, 0, 1, "0 %"),
         {{.name = "abandoned",
           .type = Type::choice,
           .default_text = "finish",
           .choices = {"finish", "cancel"},
           .help = "What becomes of work that nobody waits for any more: it is done all the same, and costs "
                   "capacity; or it leaves the lines in which it waits, and what is in service is the last "
                   "that is done for it.",
           .example = "cancel"}}}};
    return section;
}

const Section& requests() {
    static const Section section{
        "requests", "Requests by a number of users who think in between, or arriving at a rate.",
        with_profile(
            {number({"timeout", "How long a sender waits for the answer to an attempt; for ever if left out.",
                     "2 s"},
                    Type::distribution, time, 0, year),
             shaped({"retries", retries().help.c_str(), "{attempts: 3, pause: 100 ms}"}, Shape::section,
                    &retries()),
             number({"users", "Number of users; each waits for an answer before thinking again.", "200"},
                    Type::count, item, 1, 1e9, "", "users"),
             number(
                 {"think-time", "Time between an answer and the user's next request.", "{exponential: 30 s}"},
                 Type::distribution, time, 0, year)})};
    return section;
}

const Section& record() {
    static const Section section{
        "record",
        "What a record of a stream is like.",
        {number({"size", "Size of a record.", "230 B"}, Type::distribution, data, 1, 1e12, "1 kB"),
         {{.name = "format",
           .type = Type::choice,
           .default_text = "json",
           .choices = {"json", "csv", "avro", "protobuf", "parquet", "parquet+snappy", "parquet+zstd",
                       "parquet+gzip", "orc", "text", "binary"},
           .help = "Format in which records arrive.",
           .example = "json"}},
         {{.name = "sample",
           .type = Type::path,
           .help = "File with sample records, relative to the scenario file.",
           .example = "data/clicks.jsonl"}},
         text({"key",
               "The field that assigns records to partitions, and to components under 'routing: by-key'. How "
               "often each key comes is measured on the sample, with a transform; or 'keys' and 'skew' "
               "declare "
               "it. Else all come alike.",
               "user_id"}),
         number({"keys", "How many different keys there are, declared instead of measured.", "100000"},
                Type::count, item, 1, 1e12, "", "keys"),
         number(
             {"skew",
              "Exponent of Zipf's law, where 'keys' are declared: the key of rank i comes in proportion to "
              "1 / i^skew. 0: all keys alike.",
              "0.9"},
             Type::quantity, none, 0, 10, "0.9")}};
    return section;
}

const Section& reads() {
    static const Section section{
        "reads",
        "What a request reads.",
        {number({"scan", "Bytes read by a request.", "{lognormal: {mean: 80 MB, cv: 1}}"}, Type::distribution,
                data, 0, 1e18, "0 B")}};
    return section;
}

}  // namespace

const Section& workload() {
    static const Section section{
        "workload",
        "A source of records (stream) or of requests.",
        {shaped({"stream", stream().help.c_str(), "{rate: 2000 events/s}"}, Shape::section, &stream()),
         shaped({"record", record().help.c_str(), "{size: 230 B, format: json}"}, Shape::section, &record()),
         shaped({"requests", requests().help.c_str(), "{users: 200, think-time: 30 s}"}, Shape::section,
                &requests()),
         shaped({"reads", reads().help.c_str(), "{scan: 80 MB}"}, Shape::section, &reads())}};
    return section;
}

}  // namespace headroom::model
