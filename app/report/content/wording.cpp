#include "app/report/content/wording.h"

#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace headroom::report {

std::string figure_text(const model::FigureKey& key, double value, const std::string& noun, int digits) {
    if (std::isnan(value)) return "";
    if (std::isinf(value)) return "without bound";
    if (key.metric == "cost") {
        std::string amount = money(value * model::months(1).value());
        // Cents of a hundred thousand dollars tell nothing.
        if (amount.size() > sizeof "$100,000.00" - 2) amount.resize(amount.size() - 3);
        return amount + "/month";
    }
    const model::Metric* metric = model::find_metric(key.metric);
    if (!metric) return number(value);
    // Nothing that is modelled here is shorter than a nanosecond: what is left are rounding errors.
    if (metric->dimension == model::dimensions::time && std::abs(value) < 0.5e-9) value = 0;
    return model::format_quantity(value, metric->dimension,
                                  {.digits = digits,
                                   .noun = noun.empty() || !*metric->noun ? metric->noun : noun,
                                   .percent = metric->percent});
}

std::string noun_of(const model::Scenario& scenario, const std::string& workload) {
    for (const model::Workload& candidate : scenario.workloads)
        if (candidate.id == workload) return candidate.is_stream() ? "events" : "requests";
    return "items";
}

namespace {

constexpr const char* hardly_any = "± < 0.1 %";

bool is_negligible(const model::Estimate& estimate) {
    return estimate.half_width <= 1e-3 * std::abs(estimate.value);
}

/// "1.21 s" and "1.27 s" as "1.21 to 1.27 s".
std::string range_text(const std::string& low, const std::string& high) {
    const auto unit_of = [](const std::string& text) {
        const auto at = text.find_first_of(" /");
        return at == std::string::npos ? std::string() : text.substr(at);
    };
    const std::string unit = unit_of(low);
    const bool shared = !unit.empty() && unit == unit_of(high);
    return (shared ? low.substr(0, low.size() - unit.size()) : low) + " to " + high;
}

}  // namespace

std::string interval_text(const model::FigureKey& key, const model::Estimate& estimate,
                          const std::string& noun) {
    if (estimate.exact() || std::isinf(estimate.value)) return "exact";
    if (std::isinf(estimate.half_width)) return "not estimable";
    for (int digits = 3; digits <= 5; ++digits) {
        // No metric can be negative.
        const std::string low = figure_text(key, std::max(0.0, estimate.low()), noun, digits);
        const std::string high = figure_text(key, estimate.high(), noun, digits);
        if (low != high) return range_text(low, high);
        if (is_negligible(estimate)) break;
    }
    return hardly_any;
}

std::string half_width_text(const model::FigureKey& key, const model::Estimate& estimate,
                            const std::string& noun) {
    if (estimate.exact() || std::isinf(estimate.half_width) || std::isinf(estimate.value)) return "";
    const model::Metric* metric = model::find_metric(key.metric);
    if (!metric || is_negligible(estimate)) return "";
    if (metric->dimension == model::dimensions::time && estimate.half_width < 0.5e-9) return "";
    if (key.metric == "cost") return "± " + figure_text(key, estimate.half_width);
    if (metric->percent) return "± " + percent(estimate.half_width, 2);
    const model::UnitScale unit =
        model::unit_scale(std::abs(estimate.value), metric->dimension,
                          {.noun = noun.empty() || !*metric->noun ? metric->noun : noun});
    const std::string& name = unit.unit;
    const bool prefixed = !name.empty() && std::string("kMGTPE").find(name.front()) != std::string::npos &&
                          (name.size() == 1 || name[1] == ' ');
    return "± " + number(estimate.half_width / unit.scale, 2) + (name.empty() || prefixed ? "" : " ") + name;
}

namespace {

std::string fixed(double value, int decimals) {
    std::array<char, 400> text{};
    // Unlike printf, the same in every locale.
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
    return {text.data(), end.ptr};
}

void drop_zeros(std::string& digits) {
    if (digits.find('.') == std::string::npos) return;
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
}

}  // namespace

std::string money(double dollars) {
    if (!std::isfinite(dollars)) return "without bound";
    return (dollars <= -0.005 ? "-$" : "$") + model::group_thousands(fixed(std::abs(dollars), 2));
}

std::string number(double value, int digits) {
    if (!std::isfinite(value)) return "without bound";
    if (value == 0) return "0";
    const double size = std::abs(value);
    if (size >= 1e15 || size < 1e-4) {
        std::array<char, 64> text{};
        const auto end =
            std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, digits);
        return {text.data(), end.ptr};
    }
    std::string text = fixed(value, std::max(0, digits - 1 - static_cast<int>(std::floor(std::log10(size)))));
    drop_zeros(text);
    return model::group_thousands(text);
}

std::string percent(double share, int digits) { return number(share * 100, digits) + " %"; }

std::string duration(double seconds) { return model::format_quantity(seconds, model::dimensions::time); }

std::string count_of(double count, const std::string& one, const std::string& many) {
    return number(count, 15) + " " + (count == 1 ? one : many);
}

std::string list_of(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string capitalised(std::string sentence) {
    if (!sentence.empty() && sentence.front() >= 'a' && sentence.front() <= 'z')
        sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
    return sentence;
}

std::string unbroken(const std::string& sentence) {
    constexpr const char* no_break_space = "\xC2\xA0";
    std::string text;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        const bool figure = i > 0 && sentence[i - 1] >= '0' && sentence[i - 1] <= '9';
        if (sentence[i] == ' ' && figure && i + 1 < sentence.size() && sentence[i + 1] != ' ')
            text += no_break_space;
        else
            text += sentence[i];
    }
    return text;
}

std::string subject_of(const model::FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    std::string text = !metric ? key.metric : metric->objective ? metric->objective : metric->title;
    if (!metric || !metric->objective)
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!key.of.empty()) text += " of " + clean(key.of);
    if (!key.subject.empty())
        text += (key.of.empty()                                                  ? " of "
                 : text.starts_with("freshness") || text.starts_with("recovery") ? " in "
                                                                                 : " at ") +
                clean(key.subject);
    return text;
}

}  // namespace headroom::report
