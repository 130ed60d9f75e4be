#include "sim/experiment/sensitivity.h"

#include "sim/experiment/effects.h"
#include "sim/experiment/study.h"
#include "sim/experiment/study_design.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

using model::Estimate;
using model::Expected;
using model::FigureKey;
using model::RunResult;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Estimate none{nan, nan};
/// Changes that are not larger than this, relative to the figure, are rounding.
constexpr double rounding = 1e-9;

/// Times this, a figure's largest value lies far from its median: near overload.
constexpr double far_apart = 10;

/// What is kept of a point's result.
struct Found {
    std::vector<Estimate> values;  ///< by figure
    std::vector<bool> broken;      ///< by figure: an objective about it
};

std::vector<FigureKey> figures_of(const model::Study& study, const RunResult& result) {
    std::vector<FigureKey> figures = study.metrics;
    if (!figures.empty()) return figures;
    for (const model::ObjectiveResult& objective : result.objectives)
        if (std::find(figures.begin(), figures.end(), objective.key) == figures.end())
            figures.push_back(objective.key);
    const FigureKey cost{"cost", "", ""};
    if (std::find(figures.begin(), figures.end(), cost) == figures.end()) figures.push_back(cost);
    return figures;
}

Found kept(const RunResult& result, const std::vector<FigureKey>& figures) {
    Found found;
    for (const FigureKey& key : figures) {
        const model::Figure* figure = result.find(key);
        Estimate value = figure ? figure->simulated : none;
        bool broken = false;
        for (const model::ObjectiveResult& objective : result.objectives) {
            if (objective.key != key) continue;
            if (!figure) value = objective.figure;
            broken = broken || objective.verdict == model::Verdict::broken;
        }
        found.values.push_back(value);
        found.broken.push_back(broken);
    }
    return found;
}

bool lie_far_apart(std::vector<double> values) {
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty()) return false;
    std::sort(values.begin(), values.end());
    return values.front() > 0 && values.back() > far_apart * values[values.size() / 2];
}

double weight_of(const InputEffect& effect, double middle) {
    if (std::isfinite(effect.total.value)) return std::max(0.0, effect.total.value);
    const double low = effect.low.value, high = effect.high.value;
    if (std::isinf(low) || std::isinf(high)) return std::numeric_limits<double>::infinity();
    double widest = 0;
    for (const double span : {effect.size.value, high - low, high - middle, low - middle})
        if (std::abs(span) > widest) widest = std::abs(span);
    return middle == 0 || !std::isfinite(middle) ? widest : widest / std::abs(middle);
}

/// The points of one scenario and variant.
class Block {
public:
    Block(const std::vector<std::vector<double>>& points, Sensitivity& sensitivity, std::size_t first,
          const ResultOfPoint& result_of)
        : points_(points), sensitivity_(sensitivity), first_(first), result_of_(result_of) {}

    Expected<void> read(const model::Study& study) {
        for (std::size_t i = 0; i < points_.size(); ++i) {
            auto result = result_of_(first_ + i);
            if (!result) return tl::unexpected(result.error());
            found_.emplace_back();
            if (!*result) continue;
            ++sensitivity_.finished;
            sensitivity_.broken += (*result)->any_broken();
            if (figures_.empty()) figures_ = figures_of(study, **result);
            sensitivity_.confidence = (*result)->confidence;
            found_.back() = kept(**result, figures_);
            // Ends are held against each other replication by replication.
            if (sensitivity_.design.kind == Design::Kind::one_at_a_time) note_end(i, *std::move(*result));
        }
        for (std::size_t f = 0; f < figures_.size(); ++f) sensitivity_.figures.push_back(analysed(f));
        return {};
    }

private:
    void note_end(std::size_t point, RunResult result) {
        if (point % 2 == 1) {
            low_ = std::move(result);
            low_point_ = point;
        } else if (point > 0 && low_ && low_point_ + 1 == point) {
            std::vector<Estimate> of_input(figures_.size(), none);
            for (const model::Difference& difference : model::compare(*low_, result))
                for (std::size_t f = 0; f < figures_.size(); ++f)
                    if (figures_[f] == difference.key) of_input[f] = difference.delta;
            changes_.resize(sensitivity_.inputs.size());
            changes_[point / 2 - 1] = std::move(of_input);
        }
    }

    Estimate value(std::size_t point, std::size_t figure) const {
        return found_[point] ? found_[point]->values[figure] : none;
    }

    FigureSensitivity analysed(std::size_t f) const {
        FigureSensitivity made{.figure = figures_[f], .middle = none, .effects = {}};
        std::vector<double> values;
        double sum = 0;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            values.push_back(value(i, f).value);
            made.missing += found_[i] && !std::isfinite(values.back());
            if (std::isfinite(values.back())) sum += values.back();
        }
        const std::size_t inputs = sensitivity_.inputs.size();
        for (std::size_t i = 0; i < inputs; ++i)
            made.effects.push_back({i, none, none, none, false, false, none, none, none, none, none, 0});
        if (sensitivity_.design.kind == Design::Kind::one_at_a_time) {
            put_ends(f, made);
        } else if (sensitivity_.design.kind == Design::Kind::morris) {
            const auto counted = static_cast<double>(sensitivity_.finished) - made.missing;
            if (counted > 0) made.middle = {sum / counted, nan};
            const auto effects = elementary_effects(points_, values, sensitivity_.confidence);
            for (std::size_t i = 0; i < inputs; ++i)
                if (effects[i].effects > 0) {
                    made.effects[i].size = effects[i].size;
                    made.effects[i].mean = effects[i].mean;
                    made.effects[i].deviation = effects[i].deviation;
                }
        } else {
            const SobolIndices indices =
                sobol_indices(values, static_cast<int>(inputs), sensitivity_.confidence);
            if (indices.rows > 0) made.middle = indices.mean;
            made.deviation = indices.deviation;
            made.logarithmic = lie_far_apart(values);
            if (made.logarithmic)
                for (double& value : values) value = std::log(value);
            const SobolIndices shares =
                made.logarithmic ? sobol_indices(values, static_cast<int>(inputs), sensitivity_.confidence)
                                 : indices;
            for (std::size_t i = 0; i < inputs && shares.deviation > 0; ++i) {
                made.effects[i].first = shares.inputs[i].first;
                made.effects[i].total = shares.inputs[i].total;
            }
        }
        for (InputEffect& effect : made.effects) effect.weight = weight_of(effect, made.middle.value);
        std::stable_sort(made.effects.begin(), made.effects.end(),
                         [](const InputEffect& a, const InputEffect& b) { return a.weight > b.weight; });
        return made;
    }

    void put_ends(std::size_t f, FigureSensitivity& made) const {
        made.middle = value(0, f);
        const bool held = !found_[0] || !found_[0]->broken[f];
        for (InputEffect& effect : made.effects) {
            const std::size_t low = 1 + 2 * effect.input, high = low + 1;
            effect.low = value(low, f);
            effect.high = value(high, f);
            if (effect.input < changes_.size() && !changes_[effect.input].empty())
                effect.change = changes_[effect.input][f];
            effect.breaks_low = held && found_[low] && found_[low]->broken[f];
            effect.breaks_high = held && found_[high] && found_[high]->broken[f];
        }
    }

    const std::vector<std::vector<double>>& points_;
    Sensitivity& sensitivity_;
    std::size_t first_;
    const ResultOfPoint& result_of_;
    std::vector<FigureKey> figures_;
    std::vector<std::optional<Found>> found_;
    std::optional<RunResult> low_;
    std::size_t low_point_ = 0;
    std::vector<std::vector<Estimate>> changes_;  ///< [input][figure]
};

/// The end of a range; of two distributions only what differs: "8 ms" of "{lognormal: {mean: 8 ms, cv:
/// 0.4}}".
std::string shown_end(const std::string& end, const std::string& other) {
    if (!end.starts_with('{')) return end;
    const auto apart = std::mismatch(end.begin(), end.end(), other.begin(), other.end()).first;
    const auto at = static_cast<std::size_t>(apart - end.begin());
    const std::size_t colon = end.rfind(": ", at), stop = end.find_first_of(",}", at);
    return colon == std::string::npos ? end : end.substr(colon + 2, stop - colon - 2);
}

/// The settings that stand before those of the factors: scenario and variant.
std::string name_of(const model::StudyPoint& point, std::size_t factors) {
    std::string name;
    for (std::size_t i = 0; i + factors < point.settings.size(); ++i)
        name += (name.empty() ? "" : ", ") + point.settings[i].second;
    return name;
}

}  // namespace

bool FigureSensitivity::moved() const { return !effects.empty() && effects.front().weight > rounding; }

Expected<std::vector<Sensitivity>> analyse(const model::Study& study, const ResultOfPoint& result_of) {
    std::vector<Sensitivity> made;
    if (study.text.empty() || study.points.empty()) return made;
    const auto tree = model::parse_yaml(study.text, study.name);
    if (!tree) return tl::unexpected(tree.error());
    const auto design = read_design(*tree);
    if (!design) return tl::unexpected(design.error());
    if (!design->analysed()) return made;
    const auto factors = read_factors(*tree);
    if (!factors) return tl::unexpected(factors.error());
    const auto seed = read_seed(*tree);
    if (!seed) return tl::unexpected(seed.error());
    // Before anything is drawn: a store can hold any text.
    const std::size_t size = design->size(factors->size());
    if (size == 0 || study.points.size() % size != 0)
        return model::fail({}, study.name, "the stored points are not those of the study's text");
    const auto points = drawn_points(*design, static_cast<int>(factors->size()), *seed);
    for (std::size_t first = 0; first < study.points.size(); first += points.size()) {
        Sensitivity sensitivity{.design = *design, .of = name_of(study.points[first], factors->size())};
        for (const Factor& factor : *factors) {
            const std::string &low = factor.levels.front(), &high = factor.levels.back();
            sensitivity.inputs.push_back({factor.path, shown_end(low, high), shown_end(high, low),
                                          factor.range ? 0 : static_cast<int>(factor.levels.size())});
        }
        sensitivity.points = points.size();
        Block block(points, sensitivity, first, result_of);
        if (const auto read = block.read(study); !read) return tl::unexpected(read.error());
        made.push_back(std::move(sensitivity));
    }
    return made;
}

}  // namespace headroom::sim
