#include "model/scenario/read_trace.h"

#include "model/scenario/csv.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace headroom::model {

namespace {

constexpr std::size_t most_arrivals = 20'000'000, longest_line = 1 << 20;

/// Seconds in the unit that a column's name ends with: "gap_ms", "time (us)", "arrival [s]"; 0 if it names
/// none.
double unit_of(std::string name) {
    while (!name.empty() && (name.back() == ')' || name.back() == ']' || name.back() == ' ')) name.pop_back();
    const auto cut = name.find_last_of("_([ ");
    if (cut == std::string::npos) return 0;
    const auto unit = parse_quantity("1 " + name.substr(cut + 1), dimensions::time);
    return unit ? *unit : 0;
}

/// Reads one file; what is wrong is the second of the pair.
class TraceFile {
public:
    TraceFile(const std::string& file, std::string column, bool gaps, double unit)
        : stream_(file), column_(std::move(column)), gaps_(gaps), unit_(unit) {}

    std::string read() {
        std::string line;
        if (!next(line)) return "it is empty; a line with the names of the columns is expected first";
        const std::vector<std::string> names = csv_cells(line);
        const auto found = std::find(names.begin(), names.end(), column_);
        if (found == names.end()) {
            const std::string near = nearest_name(column_, names);
            return "it has no column '" + excerpt(column_) + "'" +
                   (near.empty() ? "" : "; did you mean '" + near + "'?");
        }
        const auto place = static_cast<std::size_t>(found - names.begin());
        if (unit_ == 0) unit_ = unit_of(column_);
        while (next(line)) {
            if (line.empty()) continue;
            const std::vector<std::string> cells = csv_cells(line);
            if (cells.size() <= place)
                return in_line() + "has only " + std::to_string(cells.size()) + " columns";
            if (const std::string fault = take(cells[place]); !fault.empty()) return fault;
            if (times_.size() > most_arrivals) return "it has more than 20 million arrivals";
        }
        if (stream_.bad()) return "it cannot be read";
        if (too_long_) return in_line() + "is longer than a megabyte";
        if (times_.size() < 2) return "it has fewer than two arrivals";
        if (!(times_.back() > times_.front())) return "all of its arrivals are at the same time";
        return {};
    }
    std::vector<double> times() { return std::move(times_); }

private:
    bool next(std::string& line) {
        ++number_;
        if (!std::getline(stream_, line)) return false;
        too_long_ = line.size() > longest_line;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
        return !too_long_;
    }

    std::string in_line() const { return "line " + std::to_string(number_) + " "; }

    std::string take(const std::string& cell) {
        double value = 0;
        if (const auto plain = parse_quantity(cell, Dimension{})) {
            if (unit_ == 0)
                return "its column '" + excerpt(column_) +
                       "' has no unit; give one with 'unit: ms', or name the column like '" + column_ +
                       "_ms'";
            value = *plain * unit_;
        } else if (const auto time = parse_quantity(cell, dimensions::time)) {
            value = *time;
        } else {
            return in_line() + "has '" + excerpt(cell) + "', which is not a " + (gaps_ ? "gap" : "time");
        }
        if (!std::isfinite(value)) return in_line() + "has '" + excerpt(cell) + "', which is not finite";
        if (gaps_ && value < 0) return in_line() + "has '" + excerpt(cell) + "', a gap below 0";
        if (gaps_) {
            times_.push_back(times_.empty() ? value : times_.back() + value);
            return {};
        }
        if (times_.empty()) first_ = value;
        value -= first_;
        if (!times_.empty() && value < times_.back())
            return in_line() + "has '" + excerpt(cell) +
                   "', which is before the arrival above it; sort the file";
        times_.push_back(value);
        return {};
    }

    std::ifstream stream_;
    std::string column_;
    bool gaps_, too_long_ = false;
    double unit_, first_ = 0;
    std::size_t number_ = 0;
    std::vector<double> times_;
};

}  // namespace

Trace read_trace(Reader& reader, const Section& section, const Value& value, const std::string& path) {
    Trace trace;
    if (!reader.is_mapping(value, path)) return trace;
    reader.check_fields(section, value, path);
    std::string file, times, gaps, unit;
    reader.read_into(file, section, value, path, "file");
    reader.read_into(times, section, value, path, "times");
    reader.read_into(gaps, section, value, path, "gaps");
    reader.read_into(unit, section, value, path, "unit");
    reader.read_into(trace.repeats, section, value, path, "repeat");
    if (times.empty() == gaps.empty()) {
        reader.report(value.place, path,
                      "either 'times' or 'gaps' is expected: the name of a column of the file");
        return trace;
    }
    double factor = 0;
    if (!unit.empty()) {
        const auto parsed = parse_quantity("1 " + unit, dimensions::time);
        if (!parsed) {
            reader.report(Reader::written(value, "unit")->place, path + ".unit",
                          "'" + excerpt(unit) + "' is not a unit of time; s, ms, us or ns is expected");
            return trace;
        }
        factor = *parsed;
    }
    if (file.empty()) return trace;
    TraceFile record(file, times.empty() ? gaps : times, times.empty(), factor);
    if (const std::string fault = record.read(); !fault.empty()) {
        const Value& where = *Reader::written(value, "file");
        reader.report(where.place, path + ".file",
                      "'" + excerpt(where.text) + "' cannot be replayed: " + fault, Severity::error,
                      where.text);
        return trace;
    }
    auto all = std::make_shared<std::vector<double>>(record.times());
    // The first gap follows the last arrival; where moments are recorded, the mean gap does.
    trace.span = all->back();
    if (gaps.empty()) trace.span += (all->back() - all->front()) / static_cast<double>(all->size() - 1);
    trace.times = std::move(all);
    return trace;
}

TraceSummary summarise(const Trace& trace) {
    const std::vector<double>& times = *trace.times;
    const auto gaps = static_cast<double>(times.size() - 1);
    const double mean = (times.back() - times.front()) / gaps;
    double square = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
        const double off = times[i] - times[i - 1] - mean;
        square += off * off;
    }
    return {per_second(static_cast<double>(times.size()) / trace.span), square / gaps / (mean * mean)};
}

}  // namespace headroom::model
