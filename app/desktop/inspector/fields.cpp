#include "app/desktop/inspector/fields.h"

#include "app/desktop/document/overview.h"
#include "model/scenario/merge.h"
#include "model/scenario/sections.h"
#include "model/scenario/topology_edit.h"
#include "model/units/unit.h"

#include <QCoreApplication>
#include <functional>
#include <set>

namespace headroom::desktop {

namespace {

using model::ParameterSpec;
using model::ParameterType;
namespace dimensions = model::dimensions;

QString tr(const char* text) { return QCoreApplication::translate("Fields", text); }

ParameterSpec text_spec(std::string name, std::string help, std::string example) {
    ParameterSpec spec;
    spec.name = std::move(name);
    spec.type = ParameterType::text;
    spec.help = std::move(help);
    spec.example = std::move(example);
    return spec;
}

/// The fields of a section of the file, those of sections within it where `deeper` says so.
void add_section(std::vector<Field>& fields, const model::Section& section, const model::FieldPath& path,
                 const QString& group, const std::function<bool(const std::string&)>& wanted) {
    for (const model::Field& one : section.fields) {
        if (!wanted(one.spec.name)) continue;
        model::FieldPath here = path;
        here.push_back(one.spec.name);
        Field field{one.spec, here, QString::fromStdString(one.spec.name), group};
        // Shapes of their own are written as in the file, and checked when that is read.
        if (one.shape != model::Shape::value) field.spec.type = ParameterType::text;
        field.removable = !one.spec.required;
        fields.push_back(std::move(field));
    }
}

void add_workload(std::vector<Field>& fields, const model::Workload& workload) {
    const model::Section& section = *model::file_section().field("workloads").section;
    const model::FieldPath path{"workloads", workload.id};
    const auto below = [&](const char* name) {
        model::FieldPath here = path;
        here.emplace_back(name);
        return here;
    };
    const auto all = [](const std::string&) { return true; };
    const char* load = workload.is_stream() ? "stream" : "requests";
    const auto* requests = std::get_if<model::Requests>(&workload.load);
    const bool closed = requests != nullptr && requests->users;
    add_section(fields, *section.field(load).section, below(load), tr("Load"), [&](const std::string& name) {
        const bool of_users = name == "users" || name == "think-time";
        return requests == nullptr || of_users == closed;
    });
    if (workload.is_stream())
        add_section(fields, *section.field("record").section, below("record"), tr("Record"), all);
    else
        add_section(fields, *section.field("reads").section, below("reads"), tr("Reads"), all);
}

void add_scenario(std::vector<Field>& fields, const Project& project) {
    const model::Section& file = model::file_section();
    const auto some = [&](const QString& group, std::initializer_list<std::string> names) {
        for (const std::string& name : names)
            add_section(fields, file, {}, group, [&](const std::string& one) { return one == name; });
    };
    some(tr("Plan"), {"name", "question", "extends", "catalog"});
    fields.back().spec.type = ParameterType::choice;
    for (const auto& [id, book] : project.catalog().price_books()) fields.back().spec.choices.push_back(id);
    some(tr("Run"), {"horizon", "warm-up"});
    add_section(fields, *file.field("precision").section, {"precision"}, tr("Run"),
                [](const std::string&) { return true; });
    some(tr("Run"), {"seed"});
    // Whatever else the file can say: each section with fields of its own is a group.
    const auto anything = [](const std::string&) { return true; };
    for (const model::Field& one : file.fields) {
        static const std::set<std::string> shown{
            "headroom", "name",      "question",   "extends", "catalog", "horizon",    "warm-up", "precision",
            "seed",     "workloads", "components", "links",   "layout",  "objectives", "groups"};
        const std::string& name = one.spec.name;
        if (shown.contains(name)) continue;
        if (one.shape == model::Shape::section)
            add_section(fields, *one.section, {name}, QString::fromStdString(name), anything);
        else
            some(tr("More"), {name});
    }
    const model::Value* objectives = value_at(project.tree(), {"objectives"});
    const std::size_t count = objectives != nullptr ? objectives->items.size() : 0;
    for (std::size_t i = 0; i <= count; ++i) {  // the last one is new
        Field field{
            text_spec(i < count ? "objective " + std::to_string(i + 1) : "new objective",
                      "A bound that the platform is to keep.", "response time of dashboards: p95 <= 2 s"),
            {"objectives", std::to_string(i)},
            {},
            tr("Objectives"),
            true};
        field.label = QString::fromStdString(field.spec.name);
        field.appends = i == count;
        fields.push_back(std::move(field));
    }
}

std::string dotted(const model::FieldPath& path) {
    std::string text;
    for (const std::string& step : path) text += (text.empty() ? "" : ".") + step;
    return text;
}

/// The value for a spec, from text or from a tree.
model::Expected<model::ParameterValue> parse(const ParameterSpec& spec, const std::string& yaml) {
    auto tree = model::parse_yaml(yaml, "");
    if (!tree) return tl::unexpected(tree.error());
    return model::parse_parameter(spec, *tree);
}

bool checked_here(const Field& field) {
    return !field.pair && field.spec.type != ParameterType::text && field.spec.type != ParameterType::path;
}

QString print(const ParameterSpec& spec, const model::ParameterValue& value) {
    return QString::fromStdString(model::print_parameter(spec, value));
}

void add_range(const ParameterSpec& spec, FieldState& state) {
    if (spec.min == 0 && spec.max == 0) return;
    state.range = tr("%1 to %2").arg(print(spec, spec.min), print(spec, spec.max));
}

void add_origin(const Field& field, const Project& project, FieldState& state) {
    if (project.drawn() == nullptr || field.path.size() < 3 || field.path[0] != "components") return;
    const model::Component* component = project.drawn()->component(field.path[1]);
    if (component == nullptr) return;
    const auto found = component->settings.find(field.spec.name);
    const auto* technology = project.catalog().technology(component->technology);
    const QString title = QString::fromStdString(technology ? technology->title : component->technology);
    // While the field is written, the default that it stands in for is still worth knowing.
    if (technology != nullptr) {
        const auto fallback = technology->defaults.find(field.spec.name);
        if (fallback != technology->defaults.end()) {
            const auto& from = fallback->second.provenance;
            state.source = from.source.empty() ? tr("unsourced") : QString::fromStdString(from.source);
            state.placeholder = QString::fromStdString(fallback->second.text);
            state.origin =
                state.written ? tr("%1: %2").arg(title, state.placeholder) : tr("as %1 has it").arg(title);
            if (!from.as_of.empty())
                state.source += QStringLiteral(", ") + QString::fromStdString(from.as_of);
        }
    }
    if (!state.written && state.origin.isEmpty() && found != component->settings.end())
        state.placeholder = print(field.spec, found->second.value);
}

}  // namespace

std::vector<Field> fields_of(const QString& id, const Project& project) {
    std::vector<Field> fields;
    if (project.drawn() == nullptr) return fields;
    const model::Scenario& scenario = *project.drawn();
    const std::string name = id.toStdString();
    const model::Component* component = scenario.component(name);
    const model::Workload* workload = scenario.workload(name);
    if (component != nullptr) {
        Field technology{text_spec("technology",
                                   "What the component is made of; another of the same kind takes "
                                   "its place with the parameters as they are.",
                                   ""),
                         {"components", name, "technology"},
                         QStringLiteral("technology")};
        technology.spec.type = ParameterType::choice;
        technology.spec.door = model::Door::one_way;
        technology.removable = false;
        for (const auto& [other, known] : project.catalog().technologies())
            if (component->kind.empty() || known.kind == component->kind)
                technology.spec.choices.push_back(other);
        fields.push_back(std::move(technology));
        if (const model::Kind* kind = model::find_kind(component->kind))
            for (const ParameterSpec& spec : kind->parameters)
                fields.push_back(
                    {spec, {"components", name, spec.name}, QString::fromStdString(spec.name), {}});
    } else if (workload != nullptr) {
        add_workload(fields, *workload);
    } else {
        add_scenario(fields, project);
    }
    return fields;
}

FieldState state_of(const Field& field, const Project& project) {
    FieldState state;
    state.placeholder = QString::fromStdString(field.spec.default_text);
    if (const model::Value* value = value_at(project.tree(), field.path);
        value != nullptr && !value->is_null()) {
        state.written = true;
        if (field.pair && value->is_mapping() && value->entries.size() == 1)
            state.text = QString::fromStdString(value->entries[0].key + ": " + value->entries[0].value.text);
        else
            state.text = QString::fromStdString(model::to_flow(*value));
        const bool bare =
            field.spec.type == ParameterType::quantity && field.spec.dimension == dimensions::none;
        if (checked_here(field) && !bare)  // "5 %" is not clearer as 0.05
            if (const auto parsed = model::parse_parameter(field.spec, *value))
                state.understood = print(field.spec, *parsed);
    }
    add_origin(field, project, state);
    add_range(field.spec, state);
    const std::string path = dotted(field.path);
    for (const model::Problem& problem : project.problems()) {
        const bool here = problem.field == path || problem.field.starts_with(path + ".");
        if (here && state.error.isEmpty() && problem.severity == model::Severity::error)
            state.error = QString::fromStdString(problem.message);
    }
    return state;
}

std::string yaml_of(const Field& field, const QString& text) {
    std::string typed = text.trimmed().toStdString();
    if (field.pair) {
        const auto colon = typed.find(": ");
        if (colon == std::string::npos) return model::quote_scalar(typed);
        return "{" + model::quote_scalar(typed.substr(0, colon)) + ": " +
               model::quote_scalar(typed.substr(colon + 2)) + "}";
    }
    if (!typed.empty() && (typed.front() == '{' || typed.front() == '[')) return typed;
    return model::quote_scalar(typed);
}

QString error_in(const Field& field, const QString& text) {
    if (!checked_here(field) || text.trimmed().isEmpty()) return {};
    const auto parsed = parse(field.spec, yaml_of(field, text));
    return parsed ? QString() : QString::fromStdString(parsed.error().front().message);
}

model::Expected<model::Document> with_text(const model::Document& document, const Field& field,
                                           const QString& text) {
    model::Expected<model::Document> after = document;
    if (field.pair) after = model::with_own_list(*after, field.path.front());
    if (!after) return after;
    if (field.appends) return after->with_item({field.path.front()}, yaml_of(field, text));
    if (!text.isEmpty()) return after->with(field.path, yaml_of(field, text));
    const auto tree = after->tree();
    return tree && value_at(*tree, field.path) == nullptr ? after : after->without(field.path);
}

QString edit_name(const Field& field, const QString& text) {
    const bool of_scenario = field.path[0] != "components" && field.path[0] != "workloads";
    QString what = field.label;
    if (!of_scenario) what = tr("%1 of %2").arg(what, QString::fromStdString(field.path[1]));
    if (text.trimmed().isEmpty()) return tr("Reset %1").arg(what);
    QString value = text.trimmed();
    if (value.size() > 40) value = value.left(39) + QStringLiteral("…");
    return tr("Set %1 to %2").arg(what, value);
}

}  // namespace headroom::desktop
