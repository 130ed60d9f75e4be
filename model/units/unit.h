#pragma once
// Reading and printing quantities with their units: "25 Gbps", "10M events/s", "$23/TB-month", "4,2 ms".
//
// Grammar: [$] number [prefix] [unit {("/" | "-" | "*") unit}]
//   number  decimal point or decimal comma; "1,000" is refused as ambiguous; exponents are allowed
//   prefix  k M G T P E (thousand ... quintillion) directly behind the number or in front of a unit: 10M
//   events, 4 kB data    B kB MB GB TB PB EB (powers of 1000), KiB MiB GiB TiB PiB EiB (1024), bps kbps Mbps
//   Gbps (bits per second) time    ns us ms s min h d day week month (730 h) y year (12 months) items   event
//   record request message query change task job user node ... (also plural); all count as items none    %
//   and x ("65 %" = 0.65, "2.5x" = 2.5) rates of growth, "40 %/year", have dimension {.time = -1}

#include "model/units/quantity.h"

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace headroom::model {

struct ParsedQuantity {
    double value = 0;  ///< in base units
    Dimension dimension;
    std::string noun;  ///< what is counted ("events"), empty where nothing is
};

/// Reads a number with its unit. The error is a clause without a full stop that names what was found.
tl::expected<ParsedQuantity, std::string> parse_quantity(std::string_view text);

/// As above, and the dimension must be the expected one. A bare number is accepted where the dimension is
/// none or item. Errors read like "'10 MBps' is bytes per second; events per second expected, for example
/// '10M events/s'".
tl::expected<double, std::string> parse_quantity(std::string_view text, Dimension expected);

template <Dimension D>
tl::expected<Quantity<D>, std::string> parse(std::string_view text) {
    return parse_quantity(text, D).map([](double value) { return Quantity<D>(value); });
}

/// How a number is to be shown.
struct Display {
    int digits = 3;        ///< significant digits
    std::string noun;      ///< for items: "events", "requests"; plain "" prints none
    bool percent = false;  ///< dimension none as a percentage
};

/// "4.2 ms", "10M events/s", "25 GB", "$1,234/month" (money rates are per month), "65 %".
std::string format_quantity(double base_units, Dimension dimension, const Display& display = {});

/// Scale and name of the unit that format_quantity would choose, for the axis of a chart: values are divided
/// by `scale`.
struct UnitScale {
    double scale = 1;
    std::string unit;
};
UnitScale unit_scale(double largest_base_units, Dimension dimension, const Display& display = {});

template <Dimension D>
std::string format(Quantity<D> quantity, const Display& display = {}) {
    return format_quantity(quantity.value(), D, display);
}

/// "-1234567.8" as "-1,234,567.8". Text behind the leading digits stays as it is.
std::string group_thousands(std::string number);

/// "bytes per second", "events per second", "a duration": for sentences.
std::string describe(Dimension dimension);
/// A well-formed value of this dimension, for sentences: "10M events/s".
std::string example_of(Dimension dimension);

}  // namespace headroom::model
