#include "model/store/run_result.h"

#include "model/store/metrics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

namespace headroom::model {

namespace {

using Json = nlohmann::ordered_json;

constexpr double infinite = std::numeric_limits<double>::infinity();

// JSON has no infinity: it is written as a word, and "there is none" (NaN) as null.
Json number(double value) {
    if (std::isnan(value)) return nullptr;
    if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
    return value;
}

Json numbers(const std::vector<double>& values) {
    Json array = Json::array();
    for (const double value : values) array.push_back(number(value));
    return array;
}

/// An exact figure has no half-width; one that could not be estimated has an infinite one.
void put(Json& object, const Estimate& estimate) {
    object["value"] = number(estimate.value);
    if (!estimate.exact()) object["half_width"] = number(estimate.half_width);
}

Json object_of(const FigureKey& key) {
    Json object;
    object["metric"] = key.metric;
    if (!key.subject.empty()) object["subject"] = key.subject;
    if (!key.of.empty()) object["of"] = key.of;
    return object;
}

Json object_of(const Figure& figure) {
    Json object = object_of(figure.key);
    put(object, figure.simulated);
    if (!std::isnan(figure.analytic)) {
        object["analytic"] = number(figure.analytic);
        object["analytic_exact"] = figure.analytic_exact;
    }
    if (!figure.replications.empty()) object["replications"] = numbers(figure.replications);
    if (!figure.parts.empty()) object["parts"] = numbers(figure.parts);
    return object;
}

Json object_of(const Series& series) {
    Json object = object_of(series.key);
    object["start_s"] = number(series.start.value());
    object["step_s"] = number(series.step.value());
    object["values"] = numbers(series.values);
    return object;
}

Json object_of(const DistributionCurve& curve) {
    Json object = object_of(curve.key);
    object["probabilities"] = numbers(curve.probabilities);
    object["values"] = numbers(curve.values);
    return object;
}

Json object_of(const Conservation& flow) {
    return {{"workload", flow.workload},         {"arrived", number(flow.arrived)},
            {"created", number(flow.created)},   {"completed", number(flow.completed)},
            {"filtered", number(flow.filtered)}, {"in_flight", number(flow.in_flight)},
            {"rejected", number(flow.rejected)}, {"lost", number(flow.lost)},
            {"merged", number(flow.merged)},     {"expired", number(flow.expired)}};
}

Json object_of(const ObjectiveResult& objective) {
    Json object{{"text", objective.text}};
    object.update(object_of(objective.key));
    put(object, objective.figure);
    object["relation"] = objective.relation == Relation::at_most ? "at most" : "at least";
    object["bound"] = number(objective.bound);
    object["verdict"] = word_for(objective.verdict);
    return object;
}

Json object_of(const BillLine& line) {
    Json object{{"component", line.component}, {"dimension", line.dimension}};
    if (!line.detail.empty()) object["detail"] = line.detail;
    object["price"] = line.price_id;
    object["units"] = number(line.units);
    object["unit"] = line.unit;
    object["unit_price"] = number(line.unit_price);
    object["amount"] = number(line.amount);
    object["status"] = std::string(1, line.provenance.status);
    object["source"] = line.provenance.source;
    object["as_of"] = line.provenance.as_of;
    return object;
}

template <class T>
Json list_of(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) array.push_back(object_of(value));
    return array;
}

struct Moments {
    double count = 0, mean = 0, variance = 0;  ///< variance with n - 1
};

Moments moments_of(std::span<const double> values) {
    Moments m;
    m.count = static_cast<double>(values.size());
    for (const double value : values) m.mean += value / m.count;
    for (const double value : values) m.variance += (value - m.mean) * (value - m.mean);
    m.variance /= std::max(1.0, m.count - 1);
    return m;
}

double t_quantile(double confidence, double degrees) {
    return boost::math::quantile(boost::math::students_t(degrees), 0.5 + confidence / 2);
}

bool all_finite(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// Paired t interval of the differences (Law, Simulation Modeling and Analysis, 5th ed., 10.2.1), over the
/// replications that both have: one run may have needed more of them than the other.
Estimate paired_difference(const std::vector<double>& a, const std::vector<double>& b, double confidence) {
    std::vector<double> differences(std::min(a.size(), b.size()));
    for (std::size_t i = 0; i < differences.size(); ++i) differences[i] = b[i] - a[i];
    const Moments m = moments_of(differences);
    return {m.mean, t_quantile(confidence, m.count - 1) * std::sqrt(m.variance / m.count)};
}

/// Welch's interval for unequal variances, degrees of freedom by Welch and Satterthwaite (Law, 10.2.2).
double welch_half_width(const std::vector<double>& a, const std::vector<double>& b, double confidence) {
    const Moments ma = moments_of(a), mb = moments_of(b);
    if (ma.count < 2 || mb.count < 2) return infinite;
    const double va = ma.variance / ma.count, vb = mb.variance / mb.count;
    if (va + vb == 0) return 0;
    const double degrees = (va + vb) * (va + vb) / (va * va / (ma.count - 1) + vb * vb / (mb.count - 1));
    return t_quantile(confidence, degrees) * std::sqrt(va + vb);
}

/// Where single replications are not at hand, independent intervals add as squares.
double combined_half_width(const Estimate& a, const Estimate& b) {
    if (a.exact()) return b.half_width;
    if (b.exact()) return a.half_width;
    return std::hypot(a.half_width, b.half_width);
}

Estimate difference_of(const Figure& a, const Figure& b, bool common_numbers, double confidence) {
    Estimate delta{b.simulated.value - a.simulated.value, combined_half_width(a.simulated, b.simulated)};
    if (a.simulated.exact() || b.simulated.exact() || a.samples().empty() || b.samples().empty())
        return delta;
    const bool unknown = std::isinf(a.simulated.half_width) || std::isinf(b.simulated.half_width);
    if (unknown || !all_finite(a.samples()) || !all_finite(b.samples())) {
        delta.half_width = infinite;
    } else if (common_numbers && std::min(a.samples().size(), b.samples().size()) > 1) {
        const Estimate paired = paired_difference(a.samples(), b.samples(), confidence);
        // As many replications: the difference of the shown figures, so that a row adds up.
        if (a.samples().size() != b.samples().size()) delta.value = paired.value;
        delta.half_width = paired.half_width;
    } else {
        delta.half_width = welch_half_width(a.samples(), b.samples(), confidence);
    }
    return delta;
}

}  // namespace

const Figure* RunResult::find(const FigureKey& key) const {
    const auto found =
        std::find_if(figures.begin(), figures.end(), [&](const Figure& f) { return f.key == key; });
    return found == figures.end() ? nullptr : &*found;
}

bool RunResult::any_broken() const {
    return std::any_of(objectives.begin(), objectives.end(),
                       [](const ObjectiveResult& o) { return o.verdict == Verdict::broken; });
}

const char* word_for(Level level) {
    switch (level) {
        case Level::automatic:
            return "auto";
        case Level::record:
            return "record";
        case Level::flow:
            return "flow";
    }
    return "auto";
}

const char* word_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::met:
            return "met";
        case Verdict::broken:
            return "broken";
        case Verdict::undecided:
            return "undecided";
    }
    return "undecided";
}

std::vector<Difference> compare(const RunResult& a, const RunResult& b) {
    std::vector<Difference> differences;
    for (const Figure& of_a : a.figures) {
        const Figure* of_b = b.find(of_a.key);
        if (!of_b) continue;
        Difference difference{of_a.key, of_a.simulated, of_b->simulated,
                              difference_of(of_a, *of_b, a.seed == b.seed, a.confidence)};
        Estimate& delta = difference.delta;
        // Below a millionth, what paired replications can tell apart is rounding.
        const double size = std::max(std::abs(difference.a.value), std::abs(difference.b.value));
        if (!delta.exact() && std::abs(delta.value) + delta.half_width <= 1e-9 * size) delta = {0, 0};
        const bool apart = delta.exact() ? delta.value != 0 : delta.low() > 0 || delta.high() < 0;
        difference.significant = apart && !(std::abs(delta.value) <= 1e-6 * size);
        differences.push_back(std::move(difference));
    }
    return differences;
}

Meaning meaning_of(const Difference& difference) {
    const Estimate& delta = difference.delta;
    if (delta.value == 0 && (delta.exact() || delta.half_width == 0)) return Meaning::same;
    if (!difference.significant) return Meaning::not_significant;
    const Metric* metric = find_metric(difference.key.metric);
    if (!metric || metric->better == Better::neither) return Meaning::different;
    return (delta.value > 0) == (metric->better == Better::higher) ? Meaning::better : Meaning::worse;
}

const char* word_for(Meaning meaning) {
    switch (meaning) {
        case Meaning::same:
            return "same";
        case Meaning::not_significant:
            return "not significant";
        case Meaning::different:
            return "different";
        case Meaning::better:
            return "better";
        case Meaning::worse:
            return "worse";
    }
    return "not significant";
}

std::string to_json(const RunResult& result) {
    Json json;
    json["format"] = "headroom-run-1";
    json["scenario"] = {
        {"name", result.scenario_name}, {"file", result.scenario_file}, {"hash", result.scenario_hash}};
    json["level"] = word_for(result.level);
    json["seed"] = result.seed;
    json["horizon_s"] = number(result.horizon.value());
    json["warm_up_s"] = number(result.warm_up.value());
    json["replications"] = result.replications;
    json["confidence"] = number(result.confidence);
    json["precise"] = result.precise;
    json["records"] = number(result.records);
    json["cancelled"] = result.cancelled;
    json["objectives"] = list_of(result.objectives);
    json["figures"] = list_of(result.figures);
    json["conservation"] = list_of(result.conservation);
    json["bill"] = {{"lines", list_of(result.bill.lines)}};
    double per_month = 0;
    for (const BillLine& line : result.bill.lines) per_month += line.amount;
    json["bill"]["per_month"] = number(per_month);
    json["notes"] = result.notes;
    json["series"] = list_of(result.series);
    json["first_replication"] = list_of(result.first_replication);
    json["curves"] = list_of(result.curves);
    json["scenario"]["text"] = result.scenario_text;
    // Names come from files: bytes that are not UTF-8 are replaced rather than refused.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace headroom::model
