// Values of parameters: reading them from a scenario and writing them back.

#include "model/kinds/job_stages.h"
#include "model/kinds/kind.h"
#include "model/scenario/document.h"
#include "model/scenario/read_distribution.h"
#include "model/units/unit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace headroom::model {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int most_nodes = 100'000;

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

tl::unexpected<Problems> wrong(const ParameterSpec& spec, const Value& value, const std::string& message,
                               const std::string& allowed = {}) {
    Problem problem;
    problem.place = value.place;
    problem.field = spec.name;
    problem.found = value.is_scalar() ? value.text : "";
    problem.allowed = allowed.empty() ? spec.example : allowed;
    problem.message = message;
    return tl::unexpected<Problems>(Problems{std::move(problem)});
}

std::string quoted(const Value& value) { return "'" + excerpt(value.text) + "'"; }

std::string example_for(const ParameterSpec& spec) {
    return spec.example.empty() ? "" : ", for example '" + spec.example + "'";
}

std::string range_of(const ParameterSpec& spec) {
    const std::string noun =
        spec.dimension == dimensions::item || spec.dimension == Dimension{} ? spec.noun : "";
    const auto print = [&](double bound) {
        if (spec.type == ParameterType::count && std::abs(bound) < 1e15)
            return std::to_string(static_cast<long long>(bound));
        return print_exact(bound, spec.dimension, spec.type == ParameterType::count ? "" : spec.noun);
    };
    std::string range;
    if (spec.min == 0 && spec.max == 0) {
        range = "0 or more";
    } else if (std::isinf(spec.max)) {
        range = print(spec.min) + " or more";
    } else {
        range = print(spec.min) + " to " + print(spec.max);
    }
    return range + (noun.empty() || spec.type != ParameterType::count ? "" : " " + noun);
}

Expected<double> in_range(const ParameterSpec& spec, const Value& value, double number) {
    const bool unchecked = spec.min == 0 && spec.max == 0;
    const double slack = 1e-12;  // bounds are written in units of their own
    const bool low = number < (unchecked ? 0 : spec.min - slack * std::abs(spec.min));
    const bool high = !unchecked && number > spec.max + slack * std::abs(spec.max);
    if (!low && !high) return number;
    const std::string range = range_of(spec);
    const std::string found =
        value.is_scalar() ? quoted(value) + " is out of range" : "its mean is out of range";
    return wrong(spec, value, found + "; " + range + " expected", range);
}

Expected<ParameterValue> read_number(const ParameterSpec& spec, const Value& value) {
    for (const auto& [word, meaning] : spec.words)
        if (value.text == word) return ParameterValue(meaning);
    Dimension dimension = spec.dimension;
    if (spec.type == ParameterType::count && dimension == Dimension{}) dimension = dimensions::item;
    const auto number = parse_quantity(value.text, dimension);
    if (!number && !spec.words.empty()) {
        std::string words;
        for (const auto& [word, meaning] : spec.words) words += (words.empty() ? "'" : "', '") + word;
        return wrong(spec, value,
                     quoted(value) + " is neither a number nor " + words + "'" + example_for(spec));
    }
    if (!number) return wrong(spec, value, number.error());
    if (spec.type == ParameterType::count && *number != std::floor(*number))
        return wrong(spec, value, quoted(value) + " is not a whole number" + example_for(spec));
    const auto checked = in_range(spec, value, *number);
    if (!checked) return tl::unexpected<Problems>(checked.error());
    return ParameterValue(*checked);
}

Expected<ParameterValue> read_flag(const ParameterSpec& spec, const Value& value) {
    std::string word = value.text;
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (word == "true" || word == "yes" || word == "on") return ParameterValue(true);
    if (word == "false" || word == "no" || word == "off") return ParameterValue(false);
    return wrong(spec, value, quoted(value) + " is neither true nor false", "true or false");
}

Expected<ParameterValue> read_choice(const ParameterSpec& spec, const Value& value) {
    if (std::find(spec.choices.begin(), spec.choices.end(), value.text) != spec.choices.end())
        return ParameterValue(value.text);
    const std::string near = nearest_name(value.text, spec.choices);
    return wrong(
        spec, value,
        quoted(value) + " is not a choice; " +
            (near.empty() ? "one of " + listed(spec.choices) + " expected" : "did you mean '" + near + "'?"),
        listed(spec.choices));
}

/// Relative to the folder of the file in which it is written.
Expected<ParameterValue> read_path(const ParameterSpec& spec, const Value& value) {
    namespace fs = std::filesystem;
    if (value.text.empty()) return wrong(spec, value, "the name of a file is expected" + example_for(spec));
    std::error_code code;
    fs::path path = value.text;
    if (path.is_relative() && !value.place.file.empty())
        path = fs::path(value.place.file).parent_path() / path;
    const fs::path whole = fs::absolute(path, code).lexically_normal();
    if (code || !fs::exists(whole, code)) return wrong(spec, value, "there is no file " + quoted(value));
    if (!fs::is_regular_file(whole, code))
        return wrong(spec, value, quoted(value) + " is not a regular file");
    return ParameterValue(whole.string());
}

/// "3 x m5.large"; the instance type alone means one.
Expected<ParameterValue> read_nodes(const ParameterSpec& spec, const Value& value) {
    const auto no = [&] {
        return wrong(spec, value,
                     quoted(value) + " is not a number of nodes; write it like '" +
                         (spec.example.empty() ? std::string("3 x m5.large") : spec.example) + "'");
    };
    std::string_view text = value.text;
    const auto skip = [&] {
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    };
    NodePool pool{1, {}};
    if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), pool.count);
        if (code == std::errc::result_out_of_range) pool.count = most_nodes + 1;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
        const bool spaced = !text.empty() && text.front() == ' ';
        skip();
        if (text.starts_with("\u00d7")) {
            text.remove_prefix(2);
        } else if (!text.empty() && (text.front() == 'x' || text.front() == '*') &&
                   (spaced || text.substr(1, 1) == " ")) {
            text.remove_prefix(1);
        } else {
            return no();
        }
        skip();
    }
    if (text.empty() || text.find(' ') != std::string_view::npos ||
        !std::isalpha(static_cast<unsigned char>(text.front())))
        return no();
    const double least = spec.min == 0 && spec.max == 0 ? 1 : spec.min;
    const double most = spec.max == 0 || spec.max > most_nodes ? most_nodes : spec.max;
    if (pool.count < least || pool.count > most) {
        const std::string range = std::to_string(static_cast<int>(least)) + " to " +
                                  std::to_string(static_cast<int>(most)) + " nodes";
        return wrong(spec, value, quoted(value) + " is out of range; " + range + " expected", range);
    }
    pool.instance = std::string(text);
    return ParameterValue(pool);
}

Expected<ParameterValue> read_distribution_parameter(const ParameterSpec& spec, const Value& value) {
    const auto distribution = read_distribution(value, spec.dimension, spec.name);
    if (!distribution) return tl::unexpected<Problems>(distribution.error());
    if (const auto mean = in_range(spec, value, distribution->mean); !mean)
        return tl::unexpected<Problems>(mean.error());
    return ParameterValue(*distribution);
}

Expected<ParameterValue> read_lifecycle(const ParameterSpec& spec, const Value& value) {
    if (!value.is_mapping() || value.entries.empty())
        return wrong(
            spec, value,
            "tiers with how long data stays are expected, for example {standard: 30 d, glacier: rest}");
    NamedNumbers tiers;
    for (const Value::Entry& entry : value.entries) {
        const bool last = &entry == &value.entries.back();
        ParameterSpec stay{.name = spec.name + "." + entry.key, .dimension = dimensions::time};
        if (!entry.value.is_scalar())
            return wrong(stay, entry.value,
                         "a duration is expected, for example '30 d', or 'rest' for the last tier");
        if (entry.value.text == "rest") {
            if (!last) return wrong(stay, entry.value, "'rest' is for the last tier");
            tiers.emplace_back(entry.key, infinity);
            continue;
        }
        const auto duration = parse_quantity(entry.value.text, dimensions::time);
        if (!duration) return wrong(stay, entry.value, duration.error());
        if (*duration <= 0)
            return wrong(stay, entry.value,
                         quoted(entry.value) + " is out of range; a duration above 0 expected");
        tiers.emplace_back(entry.key, *duration);
    }
    return ParameterValue(std::move(tiers));
}

bool is_distribution(const Value& value) {
    if (!value.is_mapping() || value.entries.empty()) return true;
    const std::string& first = value.entries.front().key;
    if (first == "mean" || first == "scv") return true;
    std::vector<std::string> names;
    for (const FamilySpec& family : writable_families()) names.emplace_back(word_for(family.family));
    names.emplace_back(word_for(Family::empirical));
    if (std::find(names.begin(), names.end(), first) != names.end()) return true;
    // A single name that is close to a family's is a slip of the pen.
    return value.entries.size() == 1 && !nearest_name(first, names).empty();
}

/// One time for all, or a mapping from workloads to times.
Expected<ParameterValue> read_times_by_class(const ParameterSpec& spec, const Value& value) {
    if (is_distribution(value)) return read_distribution_parameter(spec, value);
    NamedDistributions times;
    for (const Value::Entry& entry : value.entries) {
        ParameterSpec own = spec;
        own.name += "." + entry.key;
        const auto time = read_distribution_parameter(own, entry.value);
        if (!time) return tl::unexpected<Problems>(time.error());
        times.emplace_back(entry.key, std::get<Distribution>(*time));
    }
    return ParameterValue(std::move(times));
}

Expected<ParameterValue> read_numbers_by_class(const ParameterSpec& spec, const Value& value) {
    if (!value.is_mapping() || value.entries.empty())
        return wrong(spec, value, "workloads with a number each are expected" + example_for(spec));
    NamedNumbers numbers;
    for (const Value::Entry& entry : value.entries) {
        ParameterSpec own = spec;
        own.name += "." + entry.key;
        if (!entry.value.is_scalar()) return wrong(own, entry.value, "a plain number is expected");
        const auto number = parse_quantity(entry.value.text, Dimension{});
        if (!number) return wrong(own, entry.value, number.error());
        numbers.emplace_back(entry.key, *number);
    }
    return ParameterValue(std::move(numbers));
}

/// A list of numbers, each within the range.
Expected<ParameterValue> read_numbers(const ParameterSpec& spec, const Value& value) {
    if (!value.is_sequence() || value.items.empty())
        return wrong(spec, value, "a list of numbers is expected" + example_for(spec));
    NamedNumbers numbers;
    for (const Value& item : value.items) {
        ParameterSpec own = spec;
        own.name += "." + std::to_string(numbers.size());
        if (!item.is_scalar()) return wrong(own, item, "a plain number is expected");
        const auto number = parse_quantity(item.text, Dimension{});
        if (!number) return wrong(own, item, number.error());
        if (const auto checked = in_range(own, item, *number); !checked)
            return tl::unexpected<Problems>(checked.error());
        numbers.emplace_back(std::to_string(numbers.size() + 1), *number);
    }
    return ParameterValue(std::move(numbers));
}

/// Numbers from 0 to 1 that sum to at most 1: "probability" or "share", of `names`.
Expected<ParameterValue> read_fractions(const ParameterSpec& spec, const Value& value,
                                        const std::string& names, const std::string& word) {
    if (!value.is_mapping()) return wrong(spec, value, names + " are expected" + example_for(spec));
    NamedNumbers targets;
    double sum = 0;
    for (const Value::Entry& entry : value.entries) {
        const ParameterSpec probability{.name = spec.name + "." + entry.key, .min = 0, .max = 1};
        if (!entry.value.is_scalar())
            return wrong(probability, entry.value, "a " + word + " from 0 to 1 is expected");
        const auto number = parse_quantity(entry.value.text, Dimension{});
        if (!number) return wrong(probability, entry.value, number.error());
        if (const auto checked = in_range(probability, entry.value, *number); !checked)
            return tl::unexpected<Problems>(checked.error());
        sum += *number;
        targets.emplace_back(entry.key, *number);
    }
    if (sum > 1 + 1e-9)
        return wrong(spec, value,
                     (word == "share" ? "the shares sum to " : "the probabilities sum to ") +
                         format_quantity(sum, {}, {.digits = 6}) + "; at most 1 is expected");
    return ParameterValue(std::move(targets));
}

bool is_number(const Value& value) {
    return value.is_scalar() && parse_quantity(value.text, Dimension{}).has_value();
}

/// A name alone has the share 1.
Expected<NamedNumbers> read_targets(const ParameterSpec& spec, const Value& value, const std::string& what) {
    if (value.is_scalar() && !is_number(value) && !value.text.empty()) return NamedNumbers{{value.text, 1.0}};
    const auto targets = read_fractions(spec, value, what, "probability");
    if (!targets) return tl::unexpected<Problems>(targets.error());
    return std::get<NamedNumbers>(*targets);
}

Expected<ParameterValue> read_by_workload(const ParameterSpec& spec, const Value& value,
                                          const std::string& what) {
    if (!value.is_mapping() || value.entries.empty())
        return wrong(spec, value, "workloads with " + what + " are expected" + example_for(spec));
    NamedShares all;
    for (const Value::Entry& entry : value.entries) {
        ParameterSpec own = spec;
        own.name += "." + entry.key;
        const auto targets = read_targets(own, entry.value, what);
        if (!targets) return tl::unexpected<Problems>(targets.error());
        all.emplace_back(entry.key, *targets);
    }
    return ParameterValue(std::move(all));
}

/// {other: 0.3}; {gold: fast, silver: {slow: 0.5}}; or a word.
Expected<ParameterValue> read_routing(const ParameterSpec& spec, const Value& value) {
    if (value.is_scalar()) {
        if (std::find(spec.choices.begin(), spec.choices.end(), value.text) != spec.choices.end())
            return ParameterValue(value.text);
        const std::string near = nearest_name(value.text, spec.choices);
        return wrong(
            spec, value,
            quoted(value) + " is not a rule; " +
                (near.empty() ? "one of " + listed(spec.choices) +
                                    ", or components with probabilities, are expected" + example_for(spec)
                              : "did you mean '" + near + "'?"),
            listed(spec.choices));
    }
    const bool by_workload =
        value.is_mapping() && !value.entries.empty() &&
        std::none_of(
            value.entries.begin(), value.entries.end(),
            [](const Value::Entry& entry) { return entry.value.is_null() || is_number(entry.value); }) &&
        std::any_of(value.entries.begin(), value.entries.end(), [](const Value::Entry& entry) {
            return entry.value.is_mapping() ||
                   (entry.value.is_scalar() && !entry.value.text.empty() &&
                    std::isalpha(static_cast<unsigned char>(entry.value.text.front())));
        });
    if (by_workload) return read_by_workload(spec, value, "components with probabilities");
    return read_fractions(spec, value, "components with probabilities", "probability");
}

std::string print_numbers(const NamedNumbers& numbers, Dimension dimension) {
    std::string text;
    for (const auto& [name, number] : numbers)
        text += (text.empty() ? "" : ", ") + quote_scalar(name) + ": " +
                (std::isinf(number) ? "rest" : print_exact(number, dimension, ""));
    return "{" + text + "}";
}

}  // namespace

Expected<ParameterValue> parse_parameter(const ParameterSpec& spec, const Value& value) {
    switch (spec.type) {
        case ParameterType::distribution:
            return read_distribution_parameter(spec, value);
        case ParameterType::lifecycle:
            return read_lifecycle(spec, value);
        case ParameterType::times_by_class:
            return read_times_by_class(spec, value);
        case ParameterType::numbers_by_class:
            return read_numbers_by_class(spec, value);
        case ParameterType::numbers:
            return read_numbers(spec, value);
        case ParameterType::routing:
            return read_routing(spec, value);
        case ParameterType::switching:
            return read_by_workload(spec, value, "the workloads that they become, with probabilities,");
        case ParameterType::shares:
            return read_fractions(spec, value, "names with shares", "share");
        case ParameterType::stages:
            return read_job_stages(spec, value);
        default:
            break;
    }
    if (!value.is_scalar()) {
        const char* found = value.is_null()      ? "nothing stands here"
                            : value.is_mapping() ? "fields stand here"
                                                 : "a list stands here";
        return wrong(spec, value, std::string(found) + "; a single value is expected" + example_for(spec));
    }
    switch (spec.type) {
        case ParameterType::quantity:
        case ParameterType::count:
            return read_number(spec, value);
        case ParameterType::flag:
            return read_flag(spec, value);
        case ParameterType::choice:
            return read_choice(spec, value);
        case ParameterType::path:
            return read_path(spec, value);
        case ParameterType::nodes:
            return read_nodes(spec, value);
        default:
            return ParameterValue(value.text);
    }
}

std::vector<std::string> components_named_by(const ParameterSpec& spec, const ParameterValue& value) {
    std::vector<std::string> names;
    if (spec.type == ParameterType::component) names.push_back(std::get<std::string>(value));
    if (spec.type != ParameterType::routing) return names;
    if (const auto* targets = std::get_if<NamedNumbers>(&value))
        for (const auto& [name, probability] : *targets) names.push_back(name);
    if (const auto* all = std::get_if<NamedShares>(&value))
        for (const auto& [workload, targets] : *all)
            for (const auto& [name, probability] : targets)
                if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return names;
}

std::string print_parameter(const ParameterSpec& spec, const ParameterValue& value) {
    if (const double* number = std::get_if<double>(&value)) {
        for (const auto& [word, meaning] : spec.words)
            if (*number == meaning) return word;
        if (spec.type == ParameterType::count && std::abs(*number) < 1e15)
            return std::to_string(static_cast<long long>(*number));
        return print_exact(*number, spec.dimension, spec.noun);
    }
    if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string>(&value)) return quote_scalar(*text);
    if (const auto* pool = std::get_if<NodePool>(&value))
        return std::to_string(pool->count) + " x " + pool->instance;
    if (const auto* distribution = std::get_if<Distribution>(&value))
        return print_distribution(*distribution, spec.dimension, spec.noun);
    if (const auto* times = std::get_if<NamedDistributions>(&value)) {
        std::string text;
        for (const auto& [name, time] : *times)
            text += (text.empty() ? "" : ", ") + quote_scalar(name) + ": " +
                    print_distribution(time, spec.dimension, spec.noun);
        return "{" + text + "}";
    }
    if (const auto* numbers = std::get_if<NamedNumbers>(&value);
        numbers && spec.type == ParameterType::numbers) {
        std::string text;
        for (const auto& [name, number] : *numbers)
            text += (text.empty() ? "" : ", ") + print_exact(number, Dimension{}, "");
        return "[" + text + "]";
    }
    if (const auto* numbers = std::get_if<NamedNumbers>(&value))
        return print_numbers(*numbers,
                             spec.type == ParameterType::lifecycle ? dimensions::time : Dimension{});
    if (const auto* shares = std::get_if<NamedShares>(&value)) {
        std::string text;
        for (const auto& [name, numbers] : *shares)
            text +=
                (text.empty() ? "" : ", ") + quote_scalar(name) + ": " + print_numbers(numbers, Dimension{});
        return "{" + text + "}";
    }
    if (const auto* stages = std::get_if<JobStages>(&value)) return print_job_stages(*stages);
    return {};
}

}  // namespace headroom::model
