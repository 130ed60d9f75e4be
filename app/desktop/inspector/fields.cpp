#include "app/desktop/inspector/fields.h"

#include "app/desktop/document/overview.h"
#include "model/units/unit.h"

#include <QCoreApplication>

namespace headroom::desktop {

namespace {

using model::ParameterSpec;
using model::ParameterType;
namespace dimensions = model::dimensions;

QString tr(const char* text) { return QCoreApplication::translate("Fields", text); }

struct Row {
    const char* group;
    model::FieldPath path;  ///< below the workload, or from the root for the scenario
    ParameterSpec spec;
};

ParameterSpec quantity(model::Dimension dimension, std::string text, std::string help, std::string example) {
    ParameterSpec spec;
    spec.dimension = dimension;
    spec.default_text = std::move(text);
    spec.help = std::move(help);
    spec.example = std::move(example);
    return spec;
}

ParameterSpec of_type(ParameterType type, model::Dimension dimension, std::string text, std::string help,
                      std::string example) {
    ParameterSpec spec = quantity(dimension, std::move(text), std::move(help), std::move(example));
    spec.type = type;
    return spec;
}

void add_rate_rows(std::vector<Row>& rows, const char* load) {
    const char* group = QT_TRANSLATE_NOOP("Fields", "Load");
    const auto text = [](std::string help, std::string example) {
        return of_type(ParameterType::text, {}, "", std::move(help), std::move(example));
    };
    rows.push_back({group,
                    {load, "rate"},
                    quantity(dimensions::item_rate, "", "Average rate of arrivals.", "2000 events/s")});
    rows.push_back(
        {group, {load, "daily"}, text("How the rate moves over a day.", "{peak: 2x, at: \"20:00\"}")});
    rows.push_back(
        {group, {load, "weekly"}, text("How the rate moves over a week.", "{peak: 1.3x, at: sat 20:00}")});
    rows.push_back(
        {group, {load, "growth"}, quantity(dimensions::frequency, "", "Growth of the rate.", "40 %/year")});
    rows.push_back({group,
                    {load, "interarrival"},
                    text("How the times between arrivals vary: exponential, deterministic, or by their SCV.",
                         "exponential")});
}

std::vector<Row> rows_of(const model::Workload& workload) {
    std::vector<Row> rows;
    const char* load = QT_TRANSLATE_NOOP("Fields", "Load");
    const char* record = QT_TRANSLATE_NOOP("Fields", "Record");
    const auto text = [](ParameterType type, std::string fallback, std::string help, std::string example) {
        return of_type(type, {}, std::move(fallback), std::move(help), std::move(example));
    };
    if (workload.is_stream()) {
        add_rate_rows(rows, "stream");
        rows.push_back({record,
                        {"record", "size"},
                        of_type(ParameterType::distribution, dimensions::data, "1 kB", "Size of a record.",
                                "{lognormal: {mean: 420 B, cv: 0.6}}")});
        rows.push_back({record,
                        {"record", "format"},
                        text(ParameterType::text, "json", "Format of the records.", "json")});
        rows.push_back({record,
                        {"record", "sample"},
                        text(ParameterType::text, "",
                             "File with real records; transforms are measured on it.", "data/clicks.jsonl")});
        rows.push_back(
            {record,
             {"record", "key"},
             text(ParameterType::text, "", "Field that decides the partition of a record.", "user_id")});
        return rows;
    }
    const auto& requests = std::get<model::Requests>(workload.load);
    if (requests.users) {
        ParameterSpec users = quantity(dimensions::item, "", "People who ask, think, and ask again.", "200");
        users.type = ParameterType::count;
        users.noun = "users";
        users.min = 1;
        users.max = 1e9;
        rows.push_back({load, {"requests", "users"}, users});
        rows.push_back({load,
                        {"requests", "think-time"},
                        of_type(ParameterType::distribution, dimensions::time, "0 s",
                                "Time between an answer and the next request.", "{exponential: 30 s}")});
    } else {
        add_rate_rows(rows, "requests");
    }
    rows.push_back({QT_TRANSLATE_NOOP("Fields", "Reads"),
                    {"reads", "scan"},
                    of_type(ParameterType::distribution, dimensions::data, "0 B",
                            "Bytes that a request reads.", "80 MB")});
    return rows;
}

std::vector<Row> scenario_rows(const Project& project) {
    const char* plan = QT_TRANSLATE_NOOP("Fields", "Plan");
    const char* run = QT_TRANSLATE_NOOP("Fields", "Run");
    const auto text = [](std::string help) {
        return of_type(ParameterType::text, {}, "", std::move(help), "");
    };
    ParameterSpec catalog =
        of_type(ParameterType::choice, {}, "", "Price book that the bill is made from.", "");
    for (const auto& [id, book] : project.catalog().price_books()) catalog.choices.push_back(id);
    ParameterSpec share =
        quantity(dimensions::none, "5 %", "Relative half-width that the run aims at.", "5 %");
    ParameterSpec confidence = quantity(dimensions::none, "95 %", "Confidence of the intervals.", "95 %");
    ParameterSpec seed = quantity(dimensions::none, "1", "Number that all random draws follow from.", "1");
    seed.type = ParameterType::count;
    seed.max = 1e15;
    return {
        {plan, {"name"}, text("Name of the scenario.")},
        {plan, {"question"}, text("What the scenario is to answer.")},
        {plan, {"catalog"}, catalog},
        {run, {"horizon"}, quantity(dimensions::time, "1 h", "How long the platform is simulated.", "30 d")},
        {run,
         {"warm-up"},
         quantity(dimensions::time, "", "Time at the start that is not counted; found where it is not given.",
                  "10 min")},
        {run, {"precision", "half-width"}, share},
        {run, {"precision", "confidence"}, confidence},
        {run, {"seed"}, seed}};
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
    if (!project.scenario() || field.path.size() < 3 || field.path[0] != "components") return;
    const model::Component* component = project.scenario()->component(field.path[1]);
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
    if (!project.scenario()) return fields;
    const model::Scenario& scenario = *project.scenario();
    const std::string name = id.toStdString();
    if (const model::Component* component = scenario.component(name)) {
        const model::Kind* kind = model::find_kind(component->kind);
        if (kind == nullptr) return fields;
        for (const ParameterSpec& spec : kind->parameters)
            fields.push_back({spec, {"components", name, spec.name}, QString::fromStdString(spec.name), {}});
        return fields;
    }
    const model::Workload* workload = scenario.workload(name);
    std::vector<Row> rows = workload != nullptr ? rows_of(*workload) : scenario_rows(project);
    for (Row& row : rows) {
        row.spec.name = row.path.back();
        Field field{row.spec, row.path, QString::fromStdString(row.spec.name), tr(row.group)};
        if (workload != nullptr) field.path.insert(field.path.begin(), {"workloads", name});
        fields.push_back(std::move(field));
    }
    if (workload == nullptr) {
        const model::Value* objectives = value_at(project.tree(), {"objectives"});
        for (std::size_t i = 0; objectives != nullptr && i < objectives->items.size(); ++i) {
            ParameterSpec spec = of_type(ParameterType::text, {}, "", "A bound that the platform is to keep.",
                                         "response time of dashboards: p95 <= 2 s");
            spec.name = "objective " + std::to_string(i + 1);
            fields.push_back({spec,
                              {"objectives", std::to_string(i)},
                              QString::fromStdString(spec.name),
                              tr(QT_TRANSLATE_NOOP("Fields", "Objectives")),
                              true});
        }
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
            state.text = QString::fromStdString(flow_text(*value));
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
