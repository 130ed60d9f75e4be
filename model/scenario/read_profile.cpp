#include "model/scenario/read_profile.h"

#include "model/scenario/moment.h"
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

}  // namespace

void read_profile(Reader& reader, RateProfile& profile, const Section& section, const Value& value,
                  const std::string& path) {
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
}

}  // namespace headroom::model
