#include "model/scenario/read_distribution.h"

#include "model/catalog/catalog.h"
#include "model/scenario/merge.h"
#include "model/system/phases.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace headroom::model {

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double most_cv = 100;
constexpr const char* mean_help = "Mean";
constexpr const char* cv_help = "Coefficient of variation: standard deviation / mean";

constexpr DistributionField mean_only[] = {{"mean", FieldUnit::own, 0, inf, mean_help}};
constexpr DistributionField erlang_fields[] = {
    {"mean", FieldUnit::own, 0, inf, mean_help},
    {"stages", FieldUnit::plain, 1, 10'000, "Number of exponential stages in a row"}};
constexpr DistributionField gamma_fields[] = {{"mean", FieldUnit::own, 0, inf, mean_help},
                                              {"cv", FieldUnit::plain, 0.01, most_cv, cv_help}};
constexpr DistributionField hyper_fields[] = {{"mean", FieldUnit::own, 0, inf, mean_help},
                                              {"cv", FieldUnit::plain, 1, most_cv, cv_help}};
constexpr DistributionField phase_fields[] = {
    {"share", FieldUnit::plain, 0, 1, "Share of the values that come from the first of two phases"},
    {"first", FieldUnit::own, 0, inf, "Mean of the first phase, which is exponential"},
    {"second", FieldUnit::own, 0, inf, "Mean of the second phase, which is exponential"}};
constexpr DistributionField lognormal_fields[] = {{"mean", FieldUnit::own, 0, inf, mean_help},
                                                  {"cv", FieldUnit::plain, 0, most_cv, cv_help}};
constexpr DistributionField weibull_fields[] = {{"mean", FieldUnit::own, 0, inf, mean_help},
                                                {"cv", FieldUnit::plain, 0.01, 20, cv_help}};
constexpr DistributionField uniform_fields[] = {{"low", FieldUnit::own, 0, inf, "Smallest value"},
                                                {"high", FieldUnit::own, 0, inf, "Largest value"}};
constexpr DistributionField pareto_fields[] = {
    {"alpha", FieldUnit::plain, 0.05, 20, "Exponent: the smaller, the heavier the tail"},
    {"low", FieldUnit::own, 0, inf, "Smallest value"},
    {"high", FieldUnit::own, 0, inf, "Largest value"}};
constexpr DistributionField scv_fields[] = {
    {"mean", FieldUnit::own, 0, inf, mean_help},
    {"scv", FieldUnit::plain, 0, most_cv* most_cv, "Squared coefficient of variation: variance / mean^2"}};

constexpr DistributionField rate_only[] = {
    {"rate", FieldUnit::per_own, 0, inf, "Number in the time of one unit: 1 / mean"}};
constexpr DistributionField erlang_rate_fields[] = {
    {"stages", FieldUnit::plain, 1, 10'000, "Number of exponential stages in a row"},
    {"rate", FieldUnit::per_own, 0, inf, "Rate of each stage: 1 / its mean"}};
constexpr DistributionField shape_fields[] = {{"shape", FieldUnit::plain, 0.05, 10'000, "Shape parameter"},
                                              {"scale", FieldUnit::own, 0, inf, "Scale parameter"}};
constexpr DistributionField log_fields[] = {
    {"median", FieldUnit::own, 0, inf, "Median: e to the mean of the logarithm"},
    {"sigma", FieldUnit::plain, 0, 3, "Standard deviation of the logarithm"}};

constexpr FamilySpec families[] = {
    {Family::deterministic, mean_only},
    {Family::exponential, mean_only},
    {Family::lognormal, lognormal_fields},
    {Family::erlang, erlang_fields},
    {Family::gamma, gamma_fields},
    {Family::hyperexponential, hyper_fields},
    {Family::weibull, weibull_fields},
    {Family::uniform, uniform_fields},
    {Family::bounded_pareto, pareto_fields},
    {Family::exponential, rate_only},
    {Family::erlang, erlang_rate_fields},
    {Family::gamma, shape_fields},
    {Family::weibull, shape_fields},
    {Family::lognormal, log_fields},
    {Family::hyperexponential, phase_fields},
};

std::vector<std::string> family_names() {
    std::vector<std::string> names;
    for (const FamilySpec& spec : families)
        if (std::find(names.begin(), names.end(), word_for(spec.family)) == names.end())
            names.emplace_back(word_for(spec.family));
    names.emplace_back(word_for(Family::empirical));
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

tl::unexpected<Problems> wrong(const Value& value, const std::string& field, const std::string& message) {
    Problems problems = fail(value.place, field, message).value();
    problems.front().found = value.is_scalar() ? value.text : "";
    return tl::unexpected<Problems>(std::move(problems));
}

Expected<double> read_own(const Value& value, Dimension dimension, const std::string& field) {
    if (!value.is_scalar())
        return wrong(value, field,
                     describe(dimension) + " expected, for example '" + example_of(dimension) + "'");
    const auto parsed = parse_quantity(value.text, dimension);
    if (!parsed) return wrong(value, field, parsed.error());
    if (*parsed < 0)
        return wrong(value, field, "'" + excerpt(value.text) + "' is negative; 0 or more expected");
    return *parsed;
}

using Numbers = std::map<std::string, double, std::less<>>;

std::string listed(std::span<const DistributionField> fields) {
    std::vector<std::string> names;
    for (const DistributionField& one : fields) names.emplace_back(one.name);
    return listed(names);
}

/// The sets of fields by which a family is written: "mean, cv or median, sigma".
std::string ways_to_write(const std::string& word) {
    std::string text;
    for (const FamilySpec& spec : families)
        if (word == word_for(spec.family)) text += (text.empty() ? "" : " or ") + listed(spec.fields);
    return text;
}

/// The fields of a family, each once, none missing, none unknown; `ways` says how it can be written.
Expected<Numbers> read_fields(const Value& value, std::span<const DistributionField> fields,
                              Dimension dimension, const std::string& field, const std::string& ways) {
    Problems problems;
    Numbers numbers;
    const auto add = [&](const Problems& more) { problems.insert(problems.end(), more.begin(), more.end()); };
    if (!value.is_mapping()) return wrong(value, field, "the fields " + ways + " are expected");
    for (const Value::Entry& entry : value.entries) {
        const std::string path = field + "." + entry.key;
        const auto spec = std::find_if(fields.begin(), fields.end(),
                                       [&](const DistributionField& one) { return entry.key == one.name; });
        if (spec == fields.end()) {
            add(fail(entry.key_place, path, "unknown field; " + ways + " expected").value());
            continue;
        }
        const auto number = read_own(entry.value, dimension_of(*spec, dimension), path);
        if (!number) {
            add(number.error());
        } else if (*number < spec->min || *number > spec->max) {
            add(fail(entry.value.place, path,
                     "'" + excerpt(entry.value.text) + "' is out of range; " +
                         print_exact(spec->min, {}, "") + " to " + print_exact(spec->max, {}, "") +
                         " expected")
                    .value());
        } else {
            numbers[entry.key] = *number;
        }
    }
    for (const DistributionField& one : fields)
        if (value.find(one.name) == nullptr)
            add(fail(value.place, field, std::string("'") + one.name + "' is missing").value());
    if (!problems.empty()) return tl::unexpected<Problems>(std::move(problems));
    return numbers;
}

/// E[X^n] / low^n of a Pareto distribution bounded to [1, ratio] x low.
double pareto_moment(double alpha, double ratio, double n) {
    const double power = std::abs(n - alpha) < 1e-9 ? std::log(ratio)
                                                    : std::expm1((n - alpha) * std::log(ratio)) / (n - alpha);
    return alpha * power / -std::expm1(-alpha * std::log(ratio));
}

Expected<Distribution> make(const FamilySpec& spec, Numbers& numbers, const Value& value,
                            const std::string& field) {
    Distribution d{.family = spec.family, .mean = numbers["mean"]};
    double cv = numbers["cv"];
    if (numbers.contains("rate")) {
        if (!(numbers["rate"] > 0)) return wrong(value, field, "'rate' must be above 0");
        d.mean = (numbers.contains("stages") ? numbers["stages"] : 1) / numbers["rate"];
    }
    if (numbers.contains("shape")) {
        const double shape = numbers["shape"];
        const bool weibull = spec.family == Family::weibull;
        d.mean = numbers["scale"] * (weibull ? std::tgamma(1 + 1 / shape) : shape);
        d.scv = weibull ? std::expm1(std::lgamma(1 + 2 / shape) - 2 * std::lgamma(1 + 1 / shape)) : 1 / shape;
        cv = std::sqrt(d.scv);
        if (cv > most_cv || (weibull && cv > 20)) return wrong(value, field, "'shape' is too small");
    }
    if (numbers.contains("sigma")) {
        const double variance = numbers["sigma"] * numbers["sigma"];
        d.mean = numbers["median"] * std::exp(variance / 2);
        cv = std::sqrt(std::expm1(variance));
    }
    if (numbers.contains("share")) {
        const double share = numbers["share"], first = numbers["first"], second = numbers["second"];
        if (!(share > 0 && share < 1 && first > 0 && second > 0))
            return wrong(value, field, "'first' and 'second' must be above 0, 'share' between 0 and 1");
        d = two_phases(share, first, second);
        if (d.scv > most_cv * most_cv) return wrong(value, field, "the phases are too different");
        return d;
    }
    switch (spec.family) {
        case Family::deterministic:
            break;
        case Family::exponential:
            d.scv = 1;
            break;
        case Family::erlang:
            if (numbers["stages"] != std::floor(numbers["stages"]))
                return wrong(value, field, "'stages' must be a whole number");
            d.scv = 1 / numbers["stages"];
            break;
        case Family::uniform:
        case Family::bounded_pareto: {
            const double low = numbers["low"], high = numbers["high"];
            if (!(low < high)) return wrong(value, field, "'low' must be below 'high'");
            if (spec.family == Family::uniform) {
                d.mean = (low + high) / 2;
                d.scv = (high - low) * (high - low) / 12 / (d.mean * d.mean);
                break;
            }
            if (low <= 0 || high / low > 1e12)
                return wrong(value, field, "'low' must be above 0 and not a trillion times below 'high'");
            d.alpha = numbers["alpha"];
            d.low = low;
            d.high = high;
            const double first = pareto_moment(d.alpha, high / low, 1);
            d.mean = low * first;
            d.scv = std::max(0.0, pareto_moment(d.alpha, high / low, 2) / (first * first) - 1);
            break;
        }
        default:
            d.scv = cv * cv;
            break;
    }
    if (d.mean == 0) d = Distribution::constant(0);
    return d;
}

}  // namespace

std::span<const FamilySpec> writable_families() { return families; }

Dimension dimension_of(const DistributionField& field, Dimension own) {
    return field.unit == FieldUnit::own     ? own
           : field.unit == FieldUnit::plain ? Dimension{}
                                            : Dimension{} / own;
}

namespace {

/// The set of fields of the family that knows most of those written, the first of several.
const FamilySpec* choose_fields(const std::string& word, const Value& body) {
    const FamilySpec* best = nullptr;
    std::ptrdiff_t most = -1;
    for (const FamilySpec& spec : families) {
        if (word != word_for(spec.family)) continue;
        const auto known =
            std::count_if(body.entries.begin(), body.entries.end(), [&](const Value::Entry& entry) {
                return std::any_of(spec.fields.begin(), spec.fields.end(),
                                   [&](const DistributionField& field) { return entry.key == field.name; });
            });
        if (known > most) best = &spec, most = known;
    }
    return best;
}

/// Observed values, equally likely: "[1 ms, 4 ms]"; or points of the quantile function, linear in between:
/// "{0 %: 1 ms, 50 %: 3 ms, 100 %: 20 ms}".
Expected<Distribution> read_empirical(const Value& value, Dimension dimension, const std::string& field) {
    constexpr std::size_t most = 100'000;
    Distribution d{.family = Family::empirical};
    if (value.is_sequence() && !value.items.empty() && value.items.size() <= most) {
        for (const Value& item : value.items) {
            const auto number = read_own(item, dimension, field);
            if (!number) return tl::unexpected<Problems>(number.error());
            d.values.push_back(*number);
        }
        std::sort(d.values.begin(), d.values.end());
        const std::vector<double> seen = std::move(d.values);
        d.values.clear();
        for (std::size_t i = 0; i < seen.size(); ++i)
            for (const std::size_t edge : {i, i + 1}) {
                d.probabilities.push_back(static_cast<double>(edge) / static_cast<double>(seen.size()));
                d.values.push_back(seen[i]);
            }
    } else if (value.is_mapping() && value.entries.size() >= 2 && value.entries.size() <= most) {
        for (const Value::Entry& entry : value.entries) {
            const auto share = parse_quantity(entry.key, Dimension{});
            const auto number = read_own(entry.value, dimension, field);
            if (!number) return tl::unexpected<Problems>(number.error());
            const bool rises = d.values.empty()
                                   ? share && *share == 0
                                   : share && *share > d.probabilities.back() && *number >= d.values.back();
            if (!rises)
                return wrong(value, field,
                             "quantiles are expected that rise from 0 % to 100 %, for example {0 %: " +
                                 example_of(dimension) + ", 100 %: " + example_of(dimension) + "}");
            d.probabilities.push_back(*share);
            d.values.push_back(*number);
        }
        if (d.probabilities.back() != 1)
            return wrong(value, field, "the last quantile must be that of 100 %");
    } else {
        return wrong(value, field,
                     "a list of observed values is expected, or quantiles like {0 %: " +
                         example_of(dimension) + ", 100 %: " + example_of(dimension) + "}");
    }
    double square = 0;
    for (std::size_t i = 1; i < d.values.size(); ++i) {
        const double width = d.probabilities[i] - d.probabilities[i - 1], a = d.values[i - 1],
                     b = d.values[i];
        d.mean += width * (a + b) / 2;
        square += width * (a * a + a * b + b * b) / 3;
    }
    if (d.mean == 0) return Distribution::constant(0);
    d.scv = std::max(0.0, square / (d.mean * d.mean) - 1);
    return d;
}

}  // namespace

Expected<Distribution> read_distribution(const Value& value, Dimension dimension, const std::string& field) {
    if (value.is_scalar()) return read_own(value, dimension, field).map(&Distribution::constant);
    if (!value.is_mapping() || value.entries.empty())
        return wrong(value, field,
                     "a distribution is expected, for example '" + example_of(dimension) +
                         "' or {exponential: " + example_of(dimension) + "}");
    if (value.find("scv") != nullptr || (value.find("mean") != nullptr && value.entries.size() <= 2)) {
        auto numbers = read_fields(value, scv_fields, dimension, field, listed(scv_fields));
        if (!numbers) return tl::unexpected<Problems>(numbers.error());
        return Distribution::with_scv((*numbers)["mean"], (*numbers)["scv"]);
    }
    const Value::Entry& entry = value.entries.front();
    if (entry.key == word_for(Family::empirical) && value.entries.size() == 1)
        return read_empirical(entry.value, dimension, field + "." + entry.key);
    const FamilySpec* spec = choose_fields(entry.key, entry.value);
    if (spec == nullptr) {
        const std::string near = nearest_name(entry.key, family_names());
        return fail(
            entry.key_place, field,
            "'" + excerpt(entry.key) + "' is not a distribution; " +
                (near.empty() ? listed(family_names()) + " are known" : "did you mean '" + near + "'?"));
    }
    if (value.entries.size() > 1)
        return fail(value.entries[1].key_place, field,
                    "a distribution has one name; '" + excerpt(value.entries[1].key) + "' is a second");
    const std::string path = field + "." + entry.key;
    Numbers numbers;
    if (spec->fields.size() == 1 && !entry.value.is_mapping()) {
        const auto mean = read_own(entry.value, dimension, path);
        if (!mean) return tl::unexpected<Problems>(mean.error());
        numbers["mean"] = *mean;
    } else {
        auto read = read_fields(entry.value, spec->fields, dimension, path, ways_to_write(entry.key));
        if (!read) return tl::unexpected<Problems>(read.error());
        numbers = *std::move(read);
    }
    return make(*spec, numbers, entry.value, path);
}

std::string print_exact(double value, Dimension dimension, const std::string& noun) {
    // Frequencies in scenarios are rates of growth.
    const bool percent = dimension == dimensions::frequency && std::abs(value) < 100 / years(1).value();
    for (const int digits : {3, 6, 9, 12, 15, 17}) {
        std::string text =
            format_quantity(value, dimension, {.digits = digits, .noun = noun, .percent = percent});
        const auto back = parse_quantity(text, dimension);
        if (digits == 17 || (back && std::abs(*back - value) <= 1e-14 * std::abs(value))) return text;
    }
    return {};
}

namespace {

template <class Print>
std::string print_observations(const Distribution& d, Print own) {
    std::string text;
    for (std::size_t i = 0; i < d.values.size(); i += 2)
        text += (text.empty() ? "" : ", ") + own(d.values[i]);
    return "{empirical: [" + text + "]}";
}

}  // namespace

std::string print_distribution(const Distribution& d, Dimension dimension, const std::string& noun) {
    const auto own = [&](double value) { return print_exact(value, dimension, noun); };
    const auto plain = [](double value) { return print_exact(value, {}, ""); };
    const std::string word = word_for(d.family);
    switch (d.family) {
        case Family::deterministic:
            return own(d.mean);
        case Family::empirical: {
            std::string text;
            for (std::size_t i = 0; i < d.values.size(); ++i) {
                const bool step = i + 1 < d.values.size() && d.probabilities[i] == d.probabilities[i + 1];
                if (step) return print_observations(d, own);
                text += (text.empty() ? "" : ", ") + print_exact(d.probabilities[i], {}, "") + ": " +
                        own(d.values[i]);
            }
            return "{empirical: {" + text + "}}";
        }
        case Family::exponential:
            return "{exponential: " + own(d.mean) + "}";
        case Family::erlang:
            return "{erlang: {mean: " + own(d.mean) + ", stages: " + plain(std::round(1 / d.scv)) + "}}";
        case Family::uniform: {
            const double half = d.mean * std::sqrt(3 * d.scv);
            return "{uniform: {low: " + own(d.mean - half) + ", high: " + own(d.mean + half) + "}}";
        }
        case Family::bounded_pareto:
            return "{bounded-pareto: {alpha: " + plain(d.alpha) + ", low: " + own(d.low) +
                   ", high: " + own(d.high) + "}}";
        case Family::hyperexponential:
            if (d.values.size() == 2)
                return "{" + word + ": {share: " + plain(d.probabilities[0]) +
                       ", first: " + own(d.values[0]) + ", second: " + own(d.values[1]) + "}}";
            [[fallthrough]];
        default:
            return "{" + word + ": {mean: " + own(d.mean) + ", cv: " + plain(std::sqrt(d.scv)) + "}}";
    }
}

}  // namespace headroom::model
