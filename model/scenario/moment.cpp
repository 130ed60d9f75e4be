#include "model/scenario/moment.h"

#include "model/scenario/problem.h"
#include "model/units/unit.h"

#include <array>
#include <charconv>
#include <optional>

namespace headroom::model {

namespace {

constexpr std::array weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<int> whole(std::string_view text) {
    int number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || code != std::errc() || end != text.data() + text.size() || text.front() == '-')
        return std::nullopt;
    return number;
}

/// "20:00" or "20:00:30"
std::optional<Duration> time_of_day(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::size_t second = text.find(':', colon + 1);
    const auto hour = whole(text.substr(0, colon));
    const auto minute =
        whole(text.substr(colon + 1, second == std::string_view::npos ? second : second - colon - 1));
    const auto rest =
        second == std::string_view::npos ? std::optional<int>(0) : whole(text.substr(second + 1));
    if (!hour || !minute || !rest || *hour > 24 || *minute > 59 || *rest > 59) return std::nullopt;
    return hours(*hour) + minutes(*minute) + seconds(*rest);
}

std::string example(Duration period) {
    return period == days(1) ? "'20:00'" : period == days(7) ? "'sat 20:00'" : "'day 330'";
}

}  // namespace

tl::expected<Duration, std::string> parse_moment(std::string_view text, Duration period) {
    const auto wrong = [&] {
        return tl::unexpected<std::string>("'" + excerpt(text) + "' is not a moment of the " +
                                           (period == days(1)   ? "day"
                                            : period == days(7) ? "week"
                                                                : "year") +
                                           "; write it like " + example(period));
    };
    std::string_view rest = text;
    Duration start;
    if (rest.starts_with("day ")) {
        const auto day = whole(
            rest.substr(4, rest.find(' ', 4) == std::string_view::npos ? rest.npos : rest.find(' ', 4) - 4));
        if (!day || *day < 1) return wrong();
        start = days(*day - 1);
        const std::size_t space = rest.find(' ', 4);
        rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    } else if (period == days(7)) {
        for (std::size_t i = 0; i < weekdays.size(); ++i)
            if (rest.starts_with(weekdays[i])) {
                start = days(static_cast<double>(i));
                const std::size_t space = rest.find(' ');
                rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
                break;
            }
    }
    if (!rest.empty()) {
        if (const auto time = time_of_day(rest)) {
            start += *time;
        } else {
            const auto duration = parse<dimensions::time>(rest);
            if (!duration || duration->value() < 0) return wrong();
            start += *duration;
        }
    }
    if (start > period) return wrong();
    return start;
}

}  // namespace headroom::model
