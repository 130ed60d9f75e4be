#include "model/scenario/read_arrivals.h"

#include "model/scenario/merge.h"
#include "model/scenario/read_distribution.h"
#include "model/scenario/read_profile.h"
#include "model/scenario/read_trace.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::model {

namespace {

/// "{gamma: {cv: 2}}" is a shape without a mean: "{gamma: {mean: 1 s, cv: 2}}".
bool add_mean(Value& value) {
    if (!value.is_mapping() || value.entries.size() != 1) return false;
    Value& fields = value.entries.front().value;
    if (!fields.is_mapping() || fields.entries.size() != 1) return false;
    const std::string& only = fields.entries.front().key;
    if (only != "cv" && only != "stages") return false;
    Value mean = fields.entries.front().value;
    mean.text = "1 s";
    Value::Entry entry = fields.entries.front();
    entry.key = "mean";
    entry.value = std::move(mean);
    fields.entries.push_back(std::move(entry));
    return true;
}

/// Gaps of a shape, which the rate scales; or times of their own, from which the rate follows.
void read_interarrival(Reader& reader, const Arrivals& arrivals, const Value& value, const std::string& path,
                       bool has_rate) {
    const Value& written = *Reader::written(value, "interarrival");
    const std::string here = path + ".interarrival";
    const auto needs_rate = [&] {
        if (!has_rate)
            reader.report(written.place, here,
                          "this is the shape of the gaps only; a 'rate' is expected beside it, or gaps with "
                          "a mean, for example {erlang: {mean: 2 s, stages: 3}}",
                          Severity::error, excerpt(to_flow(written)));
    };
    if (written.is_scalar() && (written.text == "exponential" || written.text == "deterministic")) {
        arrivals.interarrival =
            written.text == "exponential" ? Distribution::exponential(1) : Distribution::constant(1);
        needs_rate();
        return;
    }
    if (const Value* scv = written.find("scv"); scv != nullptr && written.entries.size() == 1) {
        const ParameterSpec spec{.name = "scv", .min = 0, .max = 10'000, .example = "4"};
        const auto parsed = parse_parameter(spec, *scv);
        if (!parsed) {
            reader.take(parsed.error(), here);
            return;
        }
        arrivals.interarrival = Distribution::with_scv(1, std::get<double>(*parsed));
        needs_rate();
        return;
    }
    Value full = written;
    const bool shape_only = add_mean(full);
    const auto gaps = read_distribution(full, dimensions::time, here);
    if (!gaps) {
        reader.report(written.place, here,
                      "exponential, deterministic, {scv: 4} or a distribution of times is expected: " +
                          gaps.error().front().message,
                      Severity::error, excerpt(to_flow(written)));
        return;
    }
    if (!(gaps->mean > 0)) {
        reader.report(written.place, here, "a mean above 0 is expected", Severity::error,
                      excerpt(to_flow(written)));
        return;
    }
    arrivals.interarrival = gaps->scaled(1 / gaps->mean);
    const double rate = arrivals.rate.base.value();
    if (shape_only) {
        needs_rate();
    } else if (!has_rate) {
        arrivals.rate.base = per_second(1 / gaps->mean);
    } else if (std::abs(rate * gaps->mean - 1) > 0.001) {
        reader.report(written.place, here,
                      "gaps with a mean of " + print_exact(gaps->mean, dimensions::time, "") +
                          " contradict the 'rate'; leave one of them out",
                      Severity::error, excerpt(to_flow(written)));
    }
}

/// Probabilities of the states that come after each; in the order of the file, cyclically, where not said.
void read_successors(Reader& reader, std::vector<ModulatedState>& states, std::size_t state,
                     const std::vector<std::string>& names, const NamedNumbers& next, const Value& value,
                     const std::string& path) {
    std::vector<double>& shares = states[state].next;
    shares.assign(names.size(), 0.0);
    if (next.empty()) {
        shares[(state + 1) % names.size()] = 1;
        return;
    }
    double sum = 0;
    for (const auto& [name, share] : next) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            reader.unknown_name(value.place, path, "unknown state", name, names);
        } else if (!(share >= 0)) {
            reader.report(value.place, path, "the probability of '" + name + "' is below 0");
        } else {
            shares[static_cast<std::size_t>(found - names.begin())] += share;
        }
        sum += share;
    }
    if (std::abs(sum - 1) > 1e-6)
        reader.report(value.place, path, "the probabilities of the states that follow do not sum to 1");
    for (double& share : shares) share /= sum > 0 ? sum : 1;
}

void read_states(Reader& reader, const Arrivals& arrivals, const Section& section, const Value& value,
                 const std::string& path) {
    const Value& written = *Reader::written(value, "mmpp");
    const std::string here = path + ".mmpp";
    if (!reader.is_mapping(written, here)) return;
    const Section& fields = *section.field("mmpp").section;
    constexpr std::size_t most_states = 100;
    if (written.entries.size() < 2 || written.entries.size() > most_states) {
        reader.report(written.place, here,
                      "2 to 100 states are expected, for example {calm: {rate: 5/s, stay: 20 s}, burst: "
                      "{rate: 50/s, stay: 2 s}}");
        return;
    }
    std::vector<std::string> names;
    for (const Value::Entry& entry : written.entries) names.push_back(entry.key);
    std::vector<ModulatedState> states(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Value& state = written.entries[i].value;
        const std::string at = here + "." + names[i];
        states[i].stay = seconds(1);
        states[i].next.assign(names.size(), 1.0 / static_cast<double>(names.size()));
        if (!reader.is_mapping(state, at)) continue;
        reader.check_fields(fields, state, at);
        double rate = 0, stay = 1;
        NamedNumbers next;
        reader.read_into(rate, fields, state, at, "rate");
        reader.read_into(stay, fields, state, at, "stay");
        reader.read_into(next, fields, state, at, "next");
        states[i].rate = per_second(rate);
        states[i].stay = seconds(stay);
        read_successors(reader, states, i, names, next, state, at + ".next");
    }
    if (has_errors(reader.problems)) return;
    arrivals.rate.base = mean_rate(states);
    arrivals.pattern.states = std::move(states);
}

void read_bulk(Reader& reader, const Arrivals& arrivals, const Value& value, const std::string& path) {
    const Value& written = *Reader::written(value, "bulk");
    const std::string here = path + ".bulk";
    constexpr double most = 1e6;
    constexpr int longest = 10'000;
    BulkSize& bulk = arrivals.pattern.bulk;
    const auto number = [](const Value& text) {
        const auto parsed = text.is_scalar() ? parse_quantity(text.text, Dimension{})
                                             : tl::unexpected<std::string>("a number is expected");
        return parsed ? *parsed : std::numeric_limits<double>::quiet_NaN();
    };
    const auto complain = [&](const Value& where) {
        reader.report(where.place, here,
                      "a number of items, their probabilities or a geometric mean is expected: 4, "
                      "{1: 0.5, 4: 0.5} or {geometric: 3}",
                      Severity::error, excerpt(to_flow(where)));
    };
    if (written.is_scalar()) {
        const double size = number(written);
        if (!(size >= 1 && size <= longest) || size != std::floor(size)) return complain(written);
        bulk.shares.assign(static_cast<std::size_t>(size), 0.0);
        bulk.shares.back() = 1;
        if (size == 1) bulk = {};
        return;
    }
    if (const Value* mean = written.find("geometric"); mean != nullptr && written.entries.size() == 1) {
        const double size = number(*mean);
        if (!(size >= 1 && size <= most)) return complain(*mean);
        bulk.geometric_mean = size;
        return;
    }
    if (!written.is_mapping() || written.entries.empty()) return complain(written);
    double sum = 0;
    for (const Value::Entry& entry : written.entries) {
        const auto size = parse_quantity(entry.key, Dimension{});
        const double share = number(entry.value);
        if (!size || !(*size >= 1 && *size <= longest) || *size != std::floor(*size) || !(share >= 0))
            return complain(written);
        bulk.shares.resize(std::max(bulk.shares.size(), static_cast<std::size_t>(*size)), 0.0);
        bulk.shares[static_cast<std::size_t>(*size) - 1] += share;
        sum += share;
    }
    if (std::abs(sum - 1) > 1e-6) {
        reader.report(written.place, here, "the probabilities of the sizes do not sum to 1", Severity::error,
                      excerpt(to_flow(written)));
        bulk = {};
    }
}

}  // namespace

void read_arrivals(Reader& reader, const Arrivals& arrivals, const Section& section, const Value& value,
                   const std::string& path) {
    const auto written = [&](const char* name) { return Reader::written(value, name) != nullptr; };
    double rate = 0;
    reader.read_into(rate, section, value, path, "rate");
    arrivals.rate.base = per_second(rate);
    read_profile(reader, arrivals.rate, section, value, path);
    if (!written("rate") && !written("mmpp") && !written("trace") && !written("interarrival"))
        reader.report(value.place, path,
                      section.id == "requests"
                          ? "either 'users' (with 'think-time') or 'rate' is expected"
                          : "a 'rate' is expected (or 'interarrival' with a mean, 'mmpp' or a 'trace')");
    for (const char* process : {"mmpp", "trace"}) {
        if (!written(process)) continue;
        for (const char* name : {"rate", "interarrival", "daily", "weekly", "yearly", "events", "growth"})
            if (const Value* extra = Reader::written(value, name))
                reader.report(extra->place, path + "." + name,
                              std::string("this cannot be combined with '") + process +
                                  "', which says by itself when something arrives");
    }
    if (written("trace"))
        for (const char* name : {"mmpp", "bulk"})
            if (const Value* extra = Reader::written(value, name))
                reader.report(extra->place, path + "." + name, "this cannot be combined with 'trace'");
    if (written("interarrival")) read_interarrival(reader, arrivals, value, path, written("rate"));
    if (written("mmpp")) read_states(reader, arrivals, section, value, path);
    if (written("bulk")) read_bulk(reader, arrivals, value, path);
    if (!written("trace")) return;
    arrivals.pattern.trace = read_trace(reader, *section.field("trace").section,
                                        *Reader::written(value, "trace"), path + ".trace");
    if (!arrivals.pattern.trace.times) return;
    const TraceSummary summary = summarise(arrivals.pattern.trace);
    arrivals.rate.base = summary.rate;
    arrivals.interarrival = Distribution::with_scv(1, summary.scv);
}

}  // namespace headroom::model
