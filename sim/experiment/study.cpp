#include "sim/experiment/study.h"

#include "model/scenario/read.h"
#include "model/units/unit.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace headroom::sim {

namespace {

using model::Expected;
using model::Problems;

tl::unexpected<Problems> refuse(const std::string& field, const std::string& message) {
    return model::fail({}, field, message);
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// Splits at commas that stand outside of brackets and quotes.
std::vector<std::string> split_values(std::string_view text) {
    std::vector<std::string> values;
    std::string value;
    int depth = 0;
    char quote = 0;
    for (const char c : text) {
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        } else if (c == ',' && depth == 0) {
            values.push_back(trimmed(value));
            value.clear();
            continue;
        }
        value += c;
    }
    values.push_back(trimmed(value));
    return values;
}

/// A quantity's number apart from what stands around it: "$" + 25 + " ms".
struct Written {
    std::string before, after;
    double number = 0;
};

Written take_apart(const std::string& text) {
    const std::size_t first = std::min(text.find_first_of("+-.0123456789"), text.size());
    Written written{text.substr(0, first), {}, 0};
    const char* begin = text.data() + first;
    if (begin != text.data() + text.size() && *begin == '+') ++begin;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), written.number);
    if (error == std::errc()) written.after = std::string(end, text.data() + text.size());
    return written;
}

/// Dots between two values; those of a file's path stand at a slash.
bool is_range(const std::string& text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos || dots == 0 || text.find(',') != std::string::npos) return false;
    return text[dots - 1] != '/' && (dots + 2 >= text.size() || text[dots + 2] != '/');
}

/// "from..to:step"; all three with a unit of the same dimension, the values are written in the step's unit.
Expected<std::vector<std::string>> range(const std::string& path, const std::string& text) {
    const std::size_t dots = text.find(".."), colon = text.rfind(':');
    if (colon == std::string::npos || colon < dots)
        return refuse(path,
                      "the range '" + text + "' has no step; from..to:step expected, for example 1..9:2");
    const std::string parts[3] = {trimmed(text.substr(0, dots)),
                                  trimmed(text.substr(dots + 2, colon - dots - 2)),
                                  trimmed(text.substr(colon + 1))};
    model::ParsedQuantity quantities[3];
    for (int i = 0; i < 3; ++i) {
        const auto quantity = model::parse_quantity(parts[i]);
        if (!quantity) return refuse(path, "the range '" + text + "' cannot be read: " + quantity.error());
        quantities[i] = *quantity;
    }
    const auto& [from, to, step] = quantities;
    if (from.dimension != to.dimension || from.dimension != step.dimension)
        return refuse(path, "the range '" + text + "' mixes units; write all three with the same unit");
    const double count = std::floor((to.value - from.value) / step.value + 1e-9) + 1;
    if (!(step.value != 0 && count >= 1))
        return refuse(path, "the range '" + text + "' never reaches its end; its step must lead from " +
                                parts[0] + " to " + parts[1]);
    if (count > static_cast<double>(most_points))
        return refuse(path,
                      "the range '" + text + "' has more than " + std::to_string(most_points) + " values");
    const Written written = take_apart(parts[2]);
    const double scale = step.value / written.number;
    std::vector<std::string> values;
    for (int i = 0; i < static_cast<int>(count); ++i) {
        char number[32];
        std::snprintf(number, sizeof number, "%.10g", (from.value + i * step.value) / scale);
        values.push_back(written.before + number + written.after);
    }
    return values;
}

std::string setting_text(const model::StudyPoint& point) {
    std::string text;
    for (const auto& [path, value] : point.settings)
        text += (text.empty() ? "" : ", ") + path + " = " + value;
    return text;
}

/// One point, ready to be run.
struct Variant {
    model::Document document;
    model::Scenario scenario;
    model::Calibrations calibrations;
};

Expected<Variant> variant_of(const StudyRequest& request, const model::StudyPoint& point,
                             std::stop_token stop) {
    model::Document document = request.base;
    for (std::size_t i = 0; i < point.settings.size(); ++i) {
        auto changed = document.with(request.factors[i].field, point.settings[i].second);
        if (!changed) return tl::unexpected(changed.error());
        document = std::move(*changed);
    }
    model::Reading reading = model::read_scenario(document, request.catalog);
    if (!reading.scenario) {
        // The places are those of a text that the user never saw: say which point it is.
        for (model::Problem& problem : reading.problems)
            problem.message += " (at the point " + setting_text(point) + ")";
        return tl::unexpected(std::move(reading.problems));
    }
    auto calibrations = calibrations_for(*reading.scenario, {}, stop);
    if (!calibrations) return tl::unexpected(calibrations.error());
    return Variant{std::move(document), std::move(*reading.scenario), std::move(*calibrations)};
}

/// Fowler, Noll and Vo's hash FNV-1a of 64 bits (RFC 9923), as 16 hexadecimal digits.
std::string short_hash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return digits;
}

/// Everything that decides the study's results: the content of each point, and what was asked on top of it.
std::string identity(const std::string& contents, const StudyRequest& request) {
    std::string text = contents;
    for (const Factor& factor : request.factors) {
        text += ' ' + factor.path + '=';
        for (const std::string& level : factor.levels) text += level + ',';
    }
    const RunOptions& options = request.options;
    text += std::string(" level=") + model::word_for(options.level);
    if (options.horizon) text += " horizon=" + std::to_string(options.horizon->value());
    if (options.seed) text += " seed=" + std::to_string(*options.seed);
    if (options.replications) text += " replications=" + std::to_string(*options.replications);
    return short_hash(text);
}

}  // namespace

Expected<Factor> parse_factor(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
        return refuse("--vary",
                      "'" + std::string(text) +
                          "' names no values; PATH=3,5,8 or PATH=from..to:step expected, for example "
                          "components.warehouse.slots=3,5,8");
    Factor factor;
    factor.path = trimmed(text.substr(0, equals));
    auto field = model::parse_field_path(factor.path);
    if (!field) return tl::unexpected(field.error());
    factor.field = std::move(*field);
    const std::string values(text.substr(equals + 1));
    if (is_range(values)) {
        auto levels = range(factor.path, values);
        if (!levels) return tl::unexpected(levels.error());
        factor.levels = std::move(*levels);
    } else {
        factor.levels = split_values(values);
    }
    for (const std::string& level : factor.levels)
        if (level.empty()) return refuse(factor.path, "'" + values + "' has an empty value");
    return factor;
}

Expected<model::Study> plan_study(const std::vector<Factor>& factors, const std::string& name) {
    std::size_t points = factors.empty() ? 0 : 1;
    for (const Factor& factor : factors) {
        points *= factor.levels.size();
        if (points > most_points)
            return refuse("--vary", "the study has more than " + std::to_string(most_points) + " points");
    }
    model::Study study{.id = {}, .name = name, .points = {}};
    for (std::size_t index = 0; index < points; ++index) {
        model::StudyPoint point{.index = static_cast<int>(index), .settings = {}, .run = {}};
        std::size_t rest = index, combinations = points;
        for (const Factor& factor : factors) {
            combinations /= factor.levels.size();
            point.settings.emplace_back(factor.path, factor.levels[rest / combinations]);
            rest %= combinations;
        }
        study.points.push_back(std::move(point));
    }
    return study;
}

Expected<void> check_study(const StudyRequest& request) {
    const auto planned = plan_study(request.factors, {});
    if (!planned) return tl::unexpected(planned.error());
    for (const model::StudyPoint& point : planned->points)
        if (const auto variant = variant_of(request, point, {}); !variant)
            return tl::unexpected(variant.error());
    return {};
}

Expected<model::Study> run_study(const StudyRequest& request, model::ResultsStore& store,
                                 const StudyProgressFn& progress, std::stop_token stop) {
    std::string name;
    for (const Factor& factor : request.factors) name += (name.empty() ? "" : " x ") + factor.path;
    auto planned = plan_study(request.factors, name);
    if (!planned) return planned;
    std::string contents;
    for (const model::StudyPoint& point : planned->points) {
        const auto variant = variant_of(request, point, stop);
        if (!variant) return tl::unexpected(variant.error());
        contents += content_hash(variant->scenario, variant->calibrations);
    }
    planned->id = identity(contents, request);
    auto study = store.begin_study(*planned);
    if (!study) return study;

    const int points = static_cast<int>(study->points.size());
    for (const model::StudyPoint& point : study->points) {
        if (point.run || stop.stop_requested()) continue;
        const auto variant = variant_of(request, point, stop);
        if (!variant) return tl::unexpected(variant.error());
        const ProgressFn show = [&](const Progress& p) {
            if (progress) progress({point.index + 1, points, p.fraction});
        };
        auto result =
            run(variant->scenario, request.catalog, variant->calibrations, request.options, show, stop);
        if (!result) return tl::unexpected(result.error());
        if (result->cancelled) break;
        result->scenario_text = variant->document.text();
        if (const auto stored = store.finish_point(study->id, point.index, *result); !stored)
            return tl::unexpected(stored.error());
    }
    return store.begin_study(*planned);
}

}  // namespace headroom::sim
