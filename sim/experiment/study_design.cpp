#include "sim/experiment/study_design.h"

#include <charconv>
#include <optional>

namespace headroom::sim {

namespace {

using model::Expected;
using model::Value;

constexpr Design::Kind with_samples[] = {Design::Kind::latin_hypercube, Design::Kind::sobol,
                                         Design::Kind::morris, Design::Kind::sobol_indices};

}  // namespace

Expected<std::uint64_t> read_whole(const Value& value, const std::string& field, std::uint64_t least,
                                   std::uint64_t most) {
    std::uint64_t number = 0;
    const char* end = value.text.data() + value.text.size();
    const auto [stop, error] = std::from_chars(value.text.data(), end, number);
    if (!value.is_scalar() || error != std::errc() || stop != end || number < least || number > most)
        return model::fail(value.place, field,
                           "'" + model::excerpt(value.is_scalar() ? value.text : flow_text(value)) +
                               "' is not a number from " + std::to_string(least) + " to " +
                               std::to_string(most));
    return number;
}

Expected<std::vector<Factor>> read_factors(const Value& study) {
    std::vector<Factor> factors;
    const Value* value = study.find("factors");
    if (!value) return factors;
    if (!value->is_mapping())
        return model::fail(
            value->place, "factors",
            "fields with their values expected, for example {components.warehouse.slots: [3, 5, 8]}");
    for (const Value::Entry& entry : value->entries) {
        auto factor = read_factor(entry.key, entry.value);
        if (!factor) {
            for (model::Problem& problem : factor.error()) {
                if (problem.place.line == 0) problem.place = entry.value.place;
                problem.field = "factors." + entry.key;
            }
            return tl::unexpected(factor.error());
        }
        factors.push_back(std::move(*factor));
    }
    return factors;
}

Expected<Design> read_design(const Value& study) {
    const Value* value = study.find("design");
    if (!value || (value->is_scalar() && value->text == word_for(Design::Kind::full_factorial)))
        return Design();
    const Value* factors = study.find("factors");
    const bool alone = value->is_scalar() && value->text == word_for(Design::Kind::one_at_a_time);
    std::optional<Design> design;
    if (alone) design = Design{Design::Kind::one_at_a_time, 0};
    if (value->is_mapping() && value->entries.size() == 1)
        for (const Design::Kind kind : with_samples)
            if (value->entries.front().key == word_for(kind)) design = Design{kind, 0};
    if (!design)
        return model::fail(
            value->place, "design",
            "'full-factorial', {latin-hypercube: 20}, {sobol: 32}, 'one-at-a-time', {morris: 10} "
            "or {sobol-indices: 64} expected");
    if (!factors || factors->entries.empty())
        return model::fail(value->place, "design", "a design needs factors to draw");
    if (alone) return *design;
    // An interval needs at least two of what is sampled for it.
    const auto samples =
        read_whole(value->entries.front().value, std::string("design.") + word_for(design->kind),
                   design->analysed() ? 2 : 1, most_points);
    if (!samples) return tl::unexpected(samples.error());
    design->samples = static_cast<int>(*samples);
    return *design;
}

Expected<std::uint64_t> read_seed(const Value& study) {
    const Value* value = study.find("seed");
    return value ? read_whole(*value, "seed", 0, UINT64_MAX) : Expected<std::uint64_t>(1);
}

}  // namespace headroom::sim
