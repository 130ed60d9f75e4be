#include "app/desktop/problems/fixes.h"

#include "model/kinds/kind.h"
#include "model/scenario/text_edit.h"

#include <QCoreApplication>

namespace headroom::desktop {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Fixes", text); }
QString text(const std::string& from) { return QString::fromStdString(from); }

/// The byte at a line and column, or nothing where the text has no such place.
std::optional<std::size_t> offset_of(const std::string& in, const model::Place& place) {
    std::size_t at = 0;
    for (int line = 1; line < place.line; ++line) {
        at = in.find('\n', at);
        if (at == std::string::npos) return std::nullopt;
        ++at;
    }
    if (place.line < 1 || place.column < 1) return std::nullopt;
    at += static_cast<std::size_t>(place.column) - 1;
    return at <= in.size() ? std::optional(at) : std::nullopt;
}

std::optional<Fix> write_suggestion(const model::Problem& problem, const Project& project) {
    const model::Document& document = project.document();
    if (problem.allowed.find(' ') != std::string::npos) return std::nullopt;  // a range, or several words
    if (problem.allowed.empty() || problem.found.empty() || problem.place.file != document.file().string())
        return std::nullopt;
    const auto at = offset_of(document.text(), problem.place);
    if (!at || document.text().compare(*at, problem.found.size(), problem.found) != 0) return std::nullopt;
    return Fix{
        tr("Write '%1'").arg(text(problem.allowed)),
        model::Document(model::spliced(document.text(), {{*at, *at + problem.found.size(), problem.allowed}}),
                        document.file())};
}

std::optional<Fix> fix_parameter(const model::FieldPath& path, const Project& project) {
    const model::Scenario* drawn = project.drawn();
    const model::Component* component = drawn != nullptr ? drawn->component(path[1]) : nullptr;
    const model::Kind* kind = component != nullptr ? model::find_kind(component->kind) : nullptr;
    const model::ParameterSpec* spec = kind != nullptr ? kind->parameter(path[2]) : nullptr;
    if (spec == nullptr) return std::nullopt;
    const model::Technology* technology = project.catalog().technology(component->technology);
    const bool has_default =
        !spec->default_text.empty() || (technology != nullptr && technology->defaults.contains(spec->name));
    const model::FieldPath field{path[0], path[1], path[2]};
    const bool written = value_at(project.tree(), field) != nullptr;
    if (written && (has_default || !spec->required)) {
        if (auto after = project.document().without(field))
            return Fix{tr("Use the default of %1").arg(text(path[2])), *std::move(after)};
        return std::nullopt;
    }
    if (spec->example.empty()) return std::nullopt;
    const bool flow = spec->example.front() == '{' || spec->example.front() == '[';
    auto after = project.document().with(field, flow ? spec->example : model::quote_scalar(spec->example));
    if (!after) return std::nullopt;
    return Fix{tr("Set %1 to %2").arg(text(path[2]), text(spec->example)), *std::move(after)};
}

/// The first required parameter that has no value gets that of its example.
std::optional<Fix> write_missing(const std::string& id, const Project& project) {
    const model::Scenario* drawn = project.drawn();
    const model::Component* component = drawn != nullptr ? drawn->component(id) : nullptr;
    const model::Kind* kind = component != nullptr ? model::find_kind(component->kind) : nullptr;
    if (kind == nullptr) return std::nullopt;
    for (const model::ParameterSpec& spec : kind->parameters)
        if (spec.required && !component->has(spec.name))
            return fix_parameter({"components", id, spec.name}, project);
    return std::nullopt;
}

}  // namespace

std::optional<Fix> fix_for(const model::Problem& problem, const Project& project) {
    if (auto fix = write_suggestion(problem, project)) return fix;
    const auto path = model::parse_field_path(problem.field);
    if (!path) return std::nullopt;
    if (path->size() >= 3 && path->front() == "components") {
        if (auto fix = fix_parameter(*path, project)) return fix;
    }
    if (path->size() == 2 && path->front() == "components" &&
        problem.message.find("is missing") != std::string::npos) {
        if (auto fix = write_missing((*path)[1], project)) return fix;
    }
    // What names something that does not exist, or a field that there is not, can be taken away.
    const bool removable = path->size() >= 2 && (path->front() == "objectives" || path->front() == "links" ||
                                                 path->front() == "layout" || path->front() == "groups");
    if (!removable) return std::nullopt;
    const model::FieldPath item{(*path)[0], (*path)[1]};
    auto after = project.document().without(item);
    if (!after) return std::nullopt;
    return Fix{tr("Remove it"), *std::move(after)};
}

}  // namespace headroom::desktop
