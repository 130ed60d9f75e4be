#include "model/units/unit.h"
#include "model/units/unit_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace headroom::model {

namespace {

using namespace dimensions;

/// How numbers of one size are written: value / scale between `before` and `after`.
struct Style {
    double scale = 1;
    std::string before;  ///< "$"
    std::string after;   ///< " ms", "M events/s", " %"
};

struct Step {
    double scale;
    const char* symbol;
};
constexpr double hour = 3600, day = 24 * hour, month = 730 * hour, year = 8760 * hour;
constexpr std::array time_steps{Step{1e-9, "ns"}, Step{1e-6, "\u00b5s"}, Step{1e-3, "ms"}, Step{1, "s"},
                                Step{60, "min"},  Step{hour, "h"},       Step{day, "d"},   Step{year, "y"}};
constexpr std::array data_steps{Step{1, "B"},     Step{1e3, "kB"},  Step{1e6, "MB"}, Step{1e9, "GB"},
                                Step{1e12, "TB"}, Step{1e15, "PB"}, Step{1e18, "EB"}};
constexpr std::array count_steps{Step{1, ""},     Step{1e3, "k"},  Step{1e6, "M"}, Step{1e9, "G"},
                                 Step{1e12, "T"}, Step{1e15, "P"}, Step{1e18, "E"}};
constexpr std::array period_steps{Step{1, "s"}, Step{60, "min"}, Step{hour, "h"}, Step{day, "d"}};

/// The largest step that is not above the value; the first one for zero.
template <std::size_t N>
Step choose(double value, const std::array<Step, N>& steps, Step least) {
    Step chosen = value == 0 ? least : steps.front();
    for (const Step& step : steps)
        if (std::abs(value) >= step.scale * (1 - 1e-12)) chosen = step;
    return chosen;
}

double rounded(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*e", std::max(digits, 1) - 1, value);
    return std::strtod(text, nullptr);
}

/// Plain decimal notation with that many significant digits, without zeros at the end.
std::string significant(double value, int digits) {
    if (value == 0) return "0";
    value = rounded(value, digits);
    const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-12));
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", std::clamp(digits - 1 - magnitude, 0, 60), value);
    std::string result = text;
    if (result.find('.') != std::string::npos) {
        while (result.back() == '0') result.pop_back();
        if (result.back() == '.') result.pop_back();
    }
    return result;
}

/// Dollars are shown to the cent, or in whole dollars from $100 on; millions are shortened.
std::string dollar_amount(double value, const Display& display) {
    const double size = std::abs(value);
    const int digits = std::max(display.digits, 3);
    if (size >= 1e7) {
        const Step step = choose(rounded(size, digits), count_steps, count_steps[0]);
        return significant(size / step.scale, digits) + step.symbol;
    }
    if (size < 0.995) return significant(size, digits);
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", size >= 99.995 && digits <= 6 ? 0 : std::max(2, digits - 3),
                  size);
    std::string amount = text;
    if (digits > 3 && amount.find('.') != std::string::npos) {
        while (amount.back() == '0') amount.pop_back();
        if (amount.back() == '.') amount.pop_back();
    } else if (amount.ends_with(".00")) {
        amount.resize(amount.size() - 3);
    }
    return group_thousands(amount);
}

std::string noun_part(const std::string& noun) { return noun.empty() ? "" : " " + noun; }
std::string noun_of_one(const Display& display) {
    return display.noun.empty() ? "item" : singular_noun(display.noun);
}

/// For dimensions that have no form of their own: "5 B-s/item".
std::string generic_unit(Dimension dimension) {
    std::string above, below;
    const auto add = [&](int exponent, const char* symbol) {
        for (int i = 0; i < exponent; ++i) above += (above.empty() ? " " : "-") + std::string(symbol);
        for (int i = 0; i > exponent; --i) below += (below.empty() ? "/" : "-") + std::string(symbol);
    };
    add(dimension.data, "B");
    add(dimension.item, "item");
    add(dimension.time, "s");
    if (dimension.money > 0) above = " USD" + (above.empty() ? "" : "-" + above.substr(1));
    if (dimension.money < 0) add(dimension.money, "USD");
    return above + below;
}

Style style_for(double value, Dimension dimension, const Display& display) {
    if (dimension == none) {
        if (display.percent) return {0.01, "", " %"};
        const Step step = choose(value, count_steps, count_steps[0]);
        return {step.scale, "", step.symbol};
    }
    if (dimension == time) {
        const Step step = choose(value, time_steps, time_steps[3]);
        return {step.scale, "", std::string(" ") + step.symbol};
    }
    if (dimension == data || dimension == data_rate || dimension == item_size) {
        const Step step = choose(value, data_steps, data_steps[0]);
        const std::string per = dimension == data_rate ? "/s"
                                : dimension == data    ? ""
                                : display.noun.empty() ? ""
                                                       : "/" + noun_of_one(display);
        return {step.scale, "", std::string(" ") + step.symbol + per};
    }
    if (dimension == item) {
        const Step step = choose(value, count_steps, count_steps[0]);
        return {step.scale, "", step.symbol + noun_part(display.noun)};
    }
    if (dimension == item_rate || dimension == frequency) {
        if (display.percent) return {0.01 / year, "", " %/year"};
        const std::string noun = dimension == item_rate ? noun_part(display.noun) : "";
        if (value == 0 || std::abs(value) >= 0.0995) {
            const Step step = choose(value, count_steps, count_steps[0]);
            return {step.scale, "", step.symbol + noun + "/s"};
        }
        Step period = period_steps.back();
        for (const Step& step : period_steps)
            if (std::abs(value) * step.scale >= 1) {
                period = step;
                break;
            }
        return {1 / period.scale, "", noun + "/" + period.symbol};
    }
    if (dimension == money) return {1, "$", ""};
    if (dimension == money_rate) return {1 / month, "$", "/month"};
    if (dimension == money_per_data) return {1e-9, "$", "/GB"};
    if (dimension == money_per_data_time) return {1e-9 / month, "$", "/GB-month"};
    if (dimension == money_per_item) {
        if (value != 0 && std::abs(value) < 1e-3)
            return {1e-6, "$", "/M " + (display.noun.empty() ? std::string("items") : display.noun)};
        return {1, "$", "/" + noun_of_one(display)};
    }
    if (dimension == money_per_item_time) return {1 / month, "$", "/" + noun_of_one(display) + "-month"};
    return {1, "", generic_unit(dimension)};
}

}  // namespace

std::string format_quantity(double value, Dimension dimension, const Display& display) {
    if (std::isnan(value)) return "n/a";
    if (std::isinf(value)) return value > 0 ? "\u221e" : "-\u221e";
    // The unit is chosen for the rounded value, so that 999.96 ms becomes "1 s".
    Style style = style_for(value, dimension, display);
    style = style_for(rounded(value / style.scale, display.digits) * style.scale, dimension, display);
    const double number = value / style.scale;
    std::string text =
        style.before == "$" ? dollar_amount(number, display) : significant(std::abs(number), display.digits);
    const bool negative = number < 0 && text != "0";
    if (text == "1" && !display.noun.empty()) {
        const std::string plural = " " + display.noun;
        if (style.after.starts_with(plural))
            style.after.replace(0, plural.size(), " " + singular_noun(display.noun));
    }
    return (negative ? "-" : "") + style.before + text + style.after;
}

UnitScale unit_scale(double largest, Dimension dimension, const Display& display) {
    if (!std::isfinite(largest)) largest = 0;
    const Style style = style_for(largest, dimension, display);
    std::string unit = style.before + style.after;
    if (!unit.empty() && unit.front() == ' ') unit.erase(0, 1);
    return {style.scale, unit};
}

std::string group_thousands(std::string number) {
    const std::size_t first = number.starts_with('-') ? 1 : 0;
    std::size_t at = std::min(number.find_first_not_of("0123456789", first), number.size());
    while (at > first + 3) number.insert(at -= 3, 1, ',');
    return number;
}

std::string describe(Dimension dimension) {
    if (dimension == none) return "a plain number";
    if (dimension == time) return "a duration";
    if (dimension == data) return "bytes";
    if (dimension == item) return "a count";
    if (dimension == money) return "US dollars";
    if (dimension == frequency) return "a rate per unit of time";
    if (dimension == data_rate) return "bytes per second";
    if (dimension == item_rate) return "events per second";
    if (dimension == item_size) return "bytes per record";
    if (dimension == money_rate) return "US dollars per unit of time";
    if (dimension == money_per_data) return "US dollars per byte";
    if (dimension == money_per_data_time) return "US dollars per byte and unit of time";
    if (dimension == money_per_item) return "US dollars per item";
    if (dimension == money_per_item_time) return "US dollars per item and unit of time";
    return "a number of unit '" +
           generic_unit(dimension).substr(generic_unit(dimension).starts_with(' ') ? 1 : 0) + "'";
}

std::string example_of(Dimension dimension) {
    if (dimension == none) return "0.65";
    if (dimension == time) return "5 ms";
    if (dimension == data) return "128 MB";
    if (dimension == item) return "12";
    if (dimension == money) return "$25";
    if (dimension == frequency) return "40 %/year";
    if (dimension == data_rate) return "250 MB/s";
    if (dimension == item_rate) return "10M events/s";
    if (dimension == item_size) return "230 B";
    if (dimension == money_rate) return "$3000/month";
    if (dimension == money_per_data) return "$0.09/GB";
    if (dimension == money_per_data_time) return "$23/TB-month";
    if (dimension == money_per_item) return "$0.40/M requests";
    if (dimension == money_per_item_time) return "$70/node-month";
    return "1" + generic_unit(dimension);
}

}  // namespace headroom::model
