#include "sim/experiment/study_file.h"

#include "model/scenario/read.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/study_design.h"
#include "sim/experiment/textbook.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

using model::Expected;
using model::Value;

struct Variant {
    std::string name;
    std::vector<Change> changes;
};

/// Every unknown field, with the known one that it resembles.
Expected<void> known_fields(const Value& tree, const std::vector<std::string>& names) {
    for (const Value::Entry& entry : tree.entries) {
        if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
        const std::string near = model::nearest_name(entry.key, names);
        return model::fail(entry.key_place, entry.key,
                           "unknown field '" + model::excerpt(entry.key) + "' of a study" +
                               (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    return {};
}

class Reader {
public:
    Reader(const Value& tree, std::filesystem::path folder, const model::Document* base)
        : tree_(tree), folder_(std::move(folder)), base_(base) {}

    Expected<StudyPlan> plan() {
        for (const auto read :
             {&Reader::read_version, &Reader::read_scenarios, &Reader::read_variants, &Reader::read_factors,
              &Reader::read_design, &Reader::read_options, &Reader::read_metrics})
            if (auto done = (this->*read)(); !done) return tl::unexpected(done.error());
        auto points = plan_study(factors_, name_, design_, plan_.options.seed.value_or(1));
        if (!points) {
            if (const Value* factors = tree_.find("factors"))
                for (model::Problem& problem : points.error()) problem.place = factors->place;
            return tl::unexpected(points.error());
        }
        // Without factors, scenarios and variants alone are run.
        if (factors_.empty()) points->points = {model::StudyPoint{}};
        if (points->points.size() * variants_.size() * files_.size() > most_points)
            return model::fail(tree_.place, "factors",
                               "the study has more than " + std::to_string(most_points) + " points");
        plan_.study.name = name_;
        for (std::size_t base = 0; base < files_.size(); ++base)
            for (const Variant& variant : variants_)
                for (const model::StudyPoint& point : points->points) add(base, variant, point);
        return std::move(plan_);
    }

private:
    void add(std::size_t base, const Variant& variant, const model::StudyPoint& factors) {
        model::StudyPoint point{.index = static_cast<int>(plan_.points.size()), .settings = {}, .run = {}};
        StudyPlan::Point planned{base, variant.changes};
        if (files_.size() > 1) point.settings.emplace_back("scenario", files_[base]);
        if (!variant.name.empty()) point.settings.emplace_back("variant", variant.name);
        for (std::size_t f = 0; f < factors_.size(); ++f) {
            point.settings.push_back(factors.settings[f]);
            if (factors.settings[f].second != as_is)
                planned.changes.emplace_back(factors_[f].field, factors.settings[f].second);
        }
        planned.changes.insert(planned.changes.end(), precision_.begin(), precision_.end());
        plan_.study.points.push_back(std::move(point));
        plan_.points.push_back(std::move(planned));
    }

    Expected<void> read_version() {
        if (!tree_.is_mapping() || !tree_.find("headroom-study"))
            return model::fail(tree_.place, "headroom-study",
                               "this is not a study: 'headroom-study: 1' is missing");
        const auto version = read_whole(*tree_.find("headroom-study"), "headroom-study", 1, 1'000'000);
        if (!version) return tl::unexpected(version.error());
        if (*version > study_file_version)
            return model::fail(tree_.find("headroom-study")->place, "headroom-study",
                               "this study was written for a newer version of Headroom (" +
                                   std::to_string(*version) + "; this program knows versions up to " +
                                   std::to_string(study_file_version) + ")");
        if (auto known = known_fields(
                tree_, {"headroom-study", "name", "scenario", "scenarios", "variants", "factors", "design",
                        "replications", "precision", "level", "horizon", "seed", "metrics"});
            !known)
            return known;
        const Value* name = tree_.find("name");
        if (!name || !name->is_scalar() || name->text.empty())
            return model::fail(name ? name->place : tree_.place, "name", "a study needs a name");
        name_ = name->text;
        return {};
    }

    Expected<void> read_scenarios() {
        const Value *one = tree_.find("scenario"), *several = tree_.find("scenarios");
        if (!one == !several)
            return model::fail(tree_.place, "scenario",
                               "either 'scenario: FILE' or 'scenarios: [FILE, ...]' is expected");
        std::vector<Value> list = one ? std::vector<Value>{*one} : several->items;
        if (list.empty())
            return model::fail(several->place, "scenarios", "a list of scenario files expected");
        for (const Value& file : list) {
            if (!file.is_scalar() || file.text.empty())
                return model::fail(file.place, "scenario", "the name of a scenario file expected");
            auto document = one && base_ ? Expected<model::Document>(*base_)
                                         : model::Document::load((folder_ / file.text).lexically_normal());
            if (!document) return tl::unexpected(document.error());
            files_.push_back(file.text);
            plan_.bases.push_back(std::move(*document));
        }
        return {};
    }

    /// A field that every scenario of the study can be given: a misspelt component would be created.
    Expected<Change> read_change(const Value::Entry& entry, const std::string& field) const {
        auto path = model::parse_field_path(entry.key);
        if (!path) return model::fail(entry.key_place, field, path.error().front().message);
        for (const model::Document& base : plan_.bases)
            if (auto known = known_target(base, *path); !known)
                return model::fail(entry.key_place, field, known.error().front().message);
        return Change{std::move(*path), flow_text(entry.value)};
    }

    Expected<void> read_variants() {
        const Value* value = tree_.find("variants");
        if (!value) {
            variants_.push_back({});
            return {};
        }
        if (!value->is_mapping() || value->entries.empty())
            return model::fail(
                value->place, "variants",
                "variants by name expected, for example {lean: {components.warehouse.slots: 3}}");
        for (const Value::Entry& entry : value->entries) {
            Variant variant{entry.key, {}};
            if (!entry.value.is_mapping() && !entry.value.is_null())
                return model::fail(entry.value.place, "variants." + entry.key,
                                   "fields with their values expected");
            for (const Value::Entry& field : entry.value.entries) {
                auto change = read_change(field, "variants." + entry.key + "." + field.key);
                if (!change) return tl::unexpected(change.error());
                variant.changes.push_back(std::move(*change));
            }
            variants_.push_back(std::move(variant));
        }
        return {};
    }

    Expected<void> read_factors() {
        auto factors = sim::read_factors(tree_);
        if (!factors) return tl::unexpected(factors.error());
        factors_ = *std::move(factors);
        if (const Value* value = tree_.find("factors"))
            for (const Value::Entry& entry : value->entries)
                if (const auto known = read_change(entry, "factors." + entry.key); !known)
                    return tl::unexpected(known.error());
        return {};
    }

    Expected<void> read_design() {
        const auto design = sim::read_design(tree_);
        if (!design) return tl::unexpected(design.error());
        design_ = *design;
        return {};
    }

    Expected<void> read_options() {
        if (const Value* value = tree_.find("level")) {
            if (value->text == "record")
                plan_.options.level = model::Level::record;
            else if (value->text == "flow")
                plan_.options.level = model::Level::flow;
            else if (value->text == closed_forms_word)
                plan_.closed_forms = true;
            else if (value->text != "auto")
                return model::fail(value->place, "level",
                                   "'" + model::excerpt(value->text) +
                                       "' is not a level; 'record', 'flow', 'auto' or '" + closed_forms_word +
                                       "' expected");
        }
        if (const Value* value = tree_.find("horizon")) {
            const auto horizon = model::parse<model::dimensions::time>(value->text);
            if (!horizon) return model::fail(value->place, "horizon", horizon.error());
            if (!(horizon->value() > 0))
                return model::fail(value->place, "horizon", "the horizon must be above zero");
            plan_.options.horizon = *horizon;
        }
        if (tree_.find("seed")) {
            const auto seed = read_seed(tree_);
            if (!seed) return tl::unexpected(seed.error());
            plan_.options.seed = *seed;
        }
        if (const Value* value = tree_.find("replications")) {
            const auto count = read_whole(*value, "replications", 1, 1'000'000);
            if (!count) return tl::unexpected(count.error());
            plan_.options.replications = static_cast<int>(*count);
        }
        if (const Value* value = tree_.find("precision")) {
            if (plan_.options.replications)
                return model::fail(value->place, "precision",
                                   "a study has either 'replications' or 'precision'");
            precision_.emplace_back(model::FieldPath{"precision"}, flow_text(*value));
        }
        for (const char* field : {"horizon", "replications", "precision"})
            if (const Value* value = tree_.find(field); value && plan_.closed_forms)
                return model::fail(value->place, field,
                                   std::string("it has no effect with 'level: ") + closed_forms_word + "'");
        return {};
    }

    Expected<void> read_metrics() {
        const Value* value = tree_.find("metrics");
        if (!value) return {};
        if (!value->is_sequence())
            return model::fail(value->place, "metrics",
                               "a list expected, for example [{metric: response.p95, of: dashboards}]");
        for (const Value& item : value->items) {
            const std::string field = "metrics." + std::to_string(&item - value->items.data());
            if (auto known = only_fields(item, field, {"metric", "subject", "of"}); !known) return known;
            const auto text = [&](const char* name) {
                const Value* node = item.find(name);
                return node ? node->text : std::string();
            };
            model::FigureKey key{text("metric"), text("subject"), text("of")};
            if (!model::find_metric(key.metric)) {
                std::vector<std::string> names;
                for (const model::Metric& metric : model::metrics()) names.emplace_back(metric.id);
                const std::string near = model::nearest_name(key.metric, names);
                return model::fail(item.place, field,
                                   "there is no metric '" + model::excerpt(key.metric) + "'" +
                                       (near.empty() ? "" : "; did you mean '" + near + "'?"));
            }
            plan_.study.metrics.push_back(std::move(key));
        }
        return {};
    }

    const Value& tree_;
    std::filesystem::path folder_;
    const model::Document* base_;
    std::string name_;
    std::vector<std::string> files_;
    std::vector<Variant> variants_;
    std::vector<Factor> factors_;
    std::vector<Change> precision_;
    Design design_;
    StudyPlan plan_;
};

}  // namespace

Expected<StudyPlan> read_study(const std::filesystem::path& file) {
    // Read as a document: what is not a file, or not text, is told apart.
    const auto document = model::Document::load(file);
    if (!document) return tl::unexpected(document.error());
    return read_study(document->text(), file);
}

Expected<StudyPlan> read_study(const std::string& text, const std::filesystem::path& file,
                               const model::Document* base) {
    const auto tree = model::parse_yaml(text, file.string());
    if (!tree) return tl::unexpected(tree.error());
    auto plan = Reader(*tree, file.parent_path(), base).plan();
    if (plan) plan->study.text = text;
    return plan;
}

}  // namespace headroom::sim
