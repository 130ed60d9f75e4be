#include "sim/experiment/history.h"

#include "model/catalog/catalog.h"
#include "model/scenario/csv.h"
#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <optional>

namespace headroom::sim {

namespace {

using model::Expected;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t longest_line = 1 << 20, most_rows = 5'000'000, most_steps = 10'000'000;
constexpr double most_rate = 1e15;
constexpr ClockTime hour = 3600, day = 86400;

/// Digits at the front, so many of them, taken off.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, code] = std::from_chars(text.data(), text.data() + digits, number);
    if (code != std::errc() || end != text.data() + digits || number < 0) return std::nullopt;
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

struct Moment {
    ClockTime local = 0;
    std::optional<int> offset;  ///< seconds east of UTC, where a zone is written
};

/// "2025-11-28", "2025-11-28T09:30:00.5+01:00", "2025-11-28 09:30", "1764322200", "1764322200000"
std::optional<Moment> parse_time(std::string_view text) {
    double number = 0;
    if (const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
        code == std::errc() && end == text.data() + text.size()) {
        constexpr double first = 1e8, milliseconds = 1e11, last = 1e14;
        if (!(number >= first && number < last)) return std::nullopt;
        return Moment{static_cast<ClockTime>(number >= milliseconds ? number / 1000 : number), 0};
    }
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto date = take_number(text, 2);
    if (!date) return std::nullopt;
    const std::chrono::year_month_day civil{std::chrono::year(*year),
                                            std::chrono::month(static_cast<unsigned>(*month)),
                                            std::chrono::day(static_cast<unsigned>(*date))};
    if (!civil.ok()) return std::nullopt;
    Moment moment{std::chrono::sys_days(civil).time_since_epoch().count() * day, std::nullopt};
    if (text.empty()) return moment;
    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    int seconds = 0;
    if (take(text, ':')) {
        const auto written = take_number(text, 2);
        if (!written || *written > 60) return std::nullopt;
        seconds = *written;
        if (take(text, '.')) text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
    }
    moment.local += *hours * hour + *minutes * 60 + seconds;
    while (take(text, ' ')) {
    }
    if (text.empty()) return moment;
    if (text == "Z" || text == "UTC") {
        moment.offset = 0;
        return moment;
    }
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const auto east = take_number(text, 2);
    take(text, ':');
    const auto rest = text.empty() ? std::optional<int>(0) : take_number(text, 2);
    if (!east || !rest || !text.empty() || *east > 14 || *rest > 59) return std::nullopt;
    moment.offset = sign * (*east * 3600 + *rest * 60);
    return moment;
}

/// Lines of a file with their numbers; what is wrong is a problem of the file.
class Lines {
public:
    explicit Lines(const std::filesystem::path& file) : file_(file), stream_(file, std::ios::binary) {}

    bool opened() const {
        std::error_code ignored;
        return stream_.is_open() && !std::filesystem::is_directory(file_, ignored);
    }
    bool next(std::string& line) {
        if (!std::getline(stream_, line)) return false;
        ++number_;
        if (line.size() > longest_line) {
            too_long_ = true;
            return false;
        }
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
        return true;
    }
    bool too_long() const { return too_long_; }
    tl::unexpected<model::Problems> refuse(const std::string& field, const std::string& message) const {
        return model::fail({.file = file_.string(), .line = number_}, field, message);
    }

private:
    std::filesystem::path file_;
    std::ifstream stream_;
    int number_ = 0;
    bool too_long_ = false;
};

bool is_missing(const std::string& cell) {
    std::string word = cell;
    for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return word.empty() || word == "nan" || word == "null" || word == "na" || word == "-";
}

/// "requests (1/min)", "rate [events/s]"
std::string unit_in(const std::string& column) {
    const auto open = column.find_last_of("([");
    if (open == std::string::npos || column.back() != (column[open] == '(' ? ')' : ']')) return {};
    return column.substr(open + 1, column.size() - open - 2);
}

struct Row {
    ClockTime time;
    double value;
};

/// The step that is most frequent between times in order.
ClockTime usual_step(const std::vector<Row>& rows) {
    std::map<ClockTime, int> counts;
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].time > rows[i - 1].time) ++counts[rows[i].time - rows[i - 1].time];
    ClockTime best = 0;
    int most = 0;
    for (const auto& [step, count] : counts)
        if (count > most) best = step, most = count;
    return best;
}

/// Clocks are put forward and back early on a Sunday.
bool may_be_clock_change(ClockTime time) {
    const ClockTime weekday = (time / day + 3) % 7;  // 1970 began on a Thursday; 0 is Monday
    return weekday == 6 && time % day <= 4 * hour;
}

void place(History& history, const std::vector<Row>& rows) {
    std::vector<int> counts(history.rates.size(), 0);
    const double step = history.step.value();
    for (const Row& row : rows) {
        const auto index =
            static_cast<std::size_t>(std::llround(static_cast<double>(row.time - history.start) / step));
        if (counts[index]++ > 0) {
            ++history.repeated;
            if (step <= hour && may_be_clock_change(row.time) && row.time % hour == 0)
                ++history.clock_changes;
        }
        double& rate = history.rates[index];
        if (std::isnan(row.value)) continue;
        rate = std::isnan(rate) ? row.value : rate + (row.value - rate) / counts[index];
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (std::isnan(history.rates[i])) ++history.missing;
        if (counts[i] == 0 && step <= hour && history.time(i) % hour == 0 &&
            may_be_clock_change(history.time(i)))
            ++history.clock_changes;
    }
}

}  // namespace

ClockTime History::time(std::size_t index) const {
    return start + std::llround(static_cast<double>(index) * step.value());
}

Expected<History> read_history(const std::filesystem::path& file, const HistoryOptions& options) {
    Lines lines(file);
    if (!lines.opened()) return lines.refuse("", "the file cannot be read");
    std::string line;
    if (!lines.next(line))
        return lines.refuse("", lines.too_long() ? "a line is longer than a megabyte"
                                                 : "it is empty; a line with the names of the columns is "
                                                   "expected first, for example 'time,events'");
    const std::vector<std::string> names = model::csv_cells(line);
    if (names.size() < 2)
        return lines.refuse(
            "", "two columns are expected, the times and the values; found '" + model::excerpt(line) + "'");
    std::size_t column = 1;
    if (!options.column.empty()) {
        column =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), options.column) - names.begin());
        if (column == names.size()) {
            const std::string near = model::nearest_name(options.column, names);
            return lines.refuse("", "there is no column '" + model::excerpt(options.column) + "'" +
                                        (near.empty() ? "" : "; did you mean '" + near + "'?"));
        }
    }
    History history;
    history.column = model::excerpt(names[column]);
    const std::string unit = options.unit.empty() ? unit_in(names[column]) : options.unit;
    double scale = 1;
    if (!unit.empty()) {
        const auto parsed = model::parse_quantity("1 " + unit);
        if (!parsed || parsed->dimension != model::dimensions::item_rate || !(parsed->value > 0)) {
            if (!options.unit.empty())
                return model::fail({}, "--unit",
                                   "'" + model::excerpt(unit) +
                                       "' is no rate of things; write it like 'events/s' or "
                                       "'requests/min'");
            history.counted = true;
        } else {
            scale = parsed->value;
            history.noun = parsed->noun;
        }
    } else {
        history.counted = true;
    }
    std::vector<Row> rows;
    std::optional<int> first_offset;
    while (lines.next(line)) {
        if (line.empty()) continue;
        const std::vector<std::string> cells = model::csv_cells(line);
        if (cells.size() <= column)
            return lines.refuse(history.column,
                                "the line has only " + std::to_string(cells.size()) + " columns");
        const auto moment = parse_time(cells[0]);
        if (!moment)
            return lines.refuse(model::excerpt(names[0]),
                                "'" + model::excerpt(cells[0]) +
                                    "' is not a time; write it like 2025-11-28T09:00:00Z or "
                                    "2025-11-28 09:00");
        Row row{moment->local, nan};
        if (moment->offset) {
            // One clock for all rows, that of the first: it is not put forward or back.
            if (!first_offset) first_offset = moment->offset;
            row.time += *first_offset - *moment->offset;
        }
        if (is_missing(cells[column])) {
            ++history.empty;
        } else {
            const auto value = model::parse_quantity(cells[column], model::dimensions::none);
            if (!value || !std::isfinite(*value) || *value < 0)
                return lines.refuse(history.column, "'" + model::excerpt(cells[column]) +
                                                        "' is not a number from 0 up; leave the cell empty "
                                                        "where nothing was measured");
            row.value = *value * scale;
            if (row.value > most_rate)
                return lines.refuse(history.column, "'" + model::excerpt(cells[column]) +
                                                        "' is more than a rate can be, 1P a second");
        }
        if (!rows.empty() && row.time < rows.back().time) ++history.unsorted;
        rows.push_back(row);
        if (rows.size() > most_rows) return lines.refuse("", "there are more than 5 million rows");
    }
    if (lines.too_long()) return lines.refuse("", "a line is longer than a megabyte");
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.time < b.time; });
    const ClockTime step = usual_step(rows);
    if (step <= 0)
        return lines.refuse(model::excerpt(names[0]), "two rows of different times are expected at least");
    const ClockTime span = rows.back().time - rows.front().time;
    if (span / step >= static_cast<ClockTime>(most_steps))
        return lines.refuse(model::excerpt(names[0]),
                            "the times span more than 10 million steps of " +
                                model::format(model::seconds(static_cast<double>(step))));
    history.rows = static_cast<int>(rows.size());
    history.start = rows.front().time;
    history.step = model::seconds(static_cast<double>(step));
    history.rates.assign(
        static_cast<std::size_t>(std::llround(static_cast<double>(span) / static_cast<double>(step))) + 1,
        nan);
    if (history.counted)
        for (Row& row : rows) row.value /= static_cast<double>(step);
    place(history, rows);
    return history;
}

Expected<std::vector<KnownEvent>> read_events(const std::filesystem::path& file) {
    Lines lines(file);
    if (!lines.opened()) return lines.refuse("", "the file cannot be read");
    std::string line;
    const bool any = lines.next(line);
    if (!any || model::csv_cells(line) != std::vector<std::string>{"name", "from", "to"})
        return lines.refuse("", "the first line 'name,from,to' is expected" +
                                    (any ? ", found '" + model::excerpt(line) + "'" : std::string()));
    std::vector<KnownEvent> events;
    while (lines.next(line)) {
        if (line.empty()) continue;
        const std::vector<std::string> cells = model::csv_cells(line);
        if (cells.size() != 3)
            return lines.refuse("", "three columns are expected, found " + std::to_string(cells.size()));
        KnownEvent event{cells[0], 0, 0};
        if (event.name.empty() || event.name == "from" || event.name == "for")
            return lines.refuse("name", "a name other than 'from' and 'for' is expected, found '" +
                                            model::excerpt(event.name) + "'");
        for (const auto& [name, cell, to] :
             {std::tuple{"from", &cells[1], &event.from}, std::tuple{"to", &cells[2], &event.to}}) {
            const auto moment = parse_time(*cell);
            if (!moment)
                return lines.refuse(name,
                                    "'" + model::excerpt(*cell) +
                                        "' is not a time; write it like 2025-11-28 or 2025-11-28 09:00");
            *to = moment->local;
        }
        if (event.to <= event.from)
            return lines.refuse(
                "to", "'" + model::excerpt(cells[2]) + "' is not after '" + model::excerpt(cells[1]) + "'");
        events.push_back(std::move(event));
        if (events.size() > 1000) return lines.refuse("", "there are more than 1,000 events");
    }
    if (lines.too_long()) return lines.refuse("", "a line is longer than a megabyte");
    return events;
}

std::string print_time(ClockTime time) {
    const ClockTime days = time >= 0 ? time / day : -((-time + day - 1) / day);
    const std::chrono::year_month_day civil{std::chrono::sys_days(std::chrono::days(days))};
    const ClockTime rest = time - days * day;
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(civil.year()),
                  static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()),
                  static_cast<int>(rest / hour), static_cast<int>(rest % hour / 60));
    return text;
}

}  // namespace headroom::sim
