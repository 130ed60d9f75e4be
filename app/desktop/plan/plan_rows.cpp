#include "app/desktop/plan/plan_rows.h"

#include "app/desktop/results/figure_text.h"
#include "model/kinds/kind.h"
#include "model/scenario/sections.h"
#include "model/units/unit.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>

namespace headroom::desktop {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Plan", text); }

PlanCell shown(QString text) { return {.text = std::move(text)}; }

PlanCell cell_of(const Field& field, const Project& project) {
    const FieldState state = state_of(field, project);
    QString tip = QString::fromStdString(field.spec.help);
    if (!field.spec.example.empty())
        tip += tr(" For example: %1").arg(QString::fromStdString(field.spec.example));
    return {.text = state.text,
            .tip = state.error.isEmpty() ? tip : state.error,
            .field = field,
            .faint = state.placeholder};
}

/// The cell of a field of a workload or component; an empty one where it has no such field.
PlanCell cell_named(const std::vector<Field>& fields, const char* name, const Project& project) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.spec.name == name; });
    return found == fields.end() ? PlanCell{} : cell_of(*found, project);
}

std::vector<PlanRow> workload_rows(const Project& project) {
    std::vector<PlanRow> rows;
    for (const model::Workload& workload : project.drawn()->workloads) {
        const QString id = QString::fromStdString(workload.id);
        const std::vector<Field> fields = fields_of(id, project);
        const auto* requests = std::get_if<model::Requests>(&workload.load);
        const bool closed = requests != nullptr && requests->users;
        PlanRow row{id, {}, {}};
        row.cells.push_back(shown(id));
        row.cells.push_back(shown(requests == nullptr ? tr("stream")
                                  : closed            ? tr("users")
                                                      : tr("requests")));
        row.cells.push_back(cell_named(fields, closed ? "users" : "rate", project));
        for (const char* name : {"daily", "weekly", "growth"})
            row.cells.push_back(cell_named(fields, name, project));
        PlanCell preview;
        preview.profile = requests != nullptr ? requests->rate : std::get<model::Stream>(workload.load).rate;
        row.cells.push_back(std::move(preview));
        rows.push_back(std::move(row));
    }
    return rows;
}

Field section_field(const char* section, const char* name, const std::string& id) {
    const model::Field& one = model::file_section().field(section).section->field(name);
    Field field{one.spec, {section, id, name}, QString::fromLatin1(name)};
    if (one.shape != model::Shape::value) field.spec.type = model::ParameterType::text;
    field.removable = !one.spec.required;
    return field;
}

/// How many cores and how much memory a pool has in all; empty where the catalogue does not know it.
void add_sizes(PlanRow& row, const model::NodePool* pool, const model::Catalog& catalog) {
    const auto& instances = catalog.instances();
    const auto found = pool != nullptr ? instances.find(pool->instance) : instances.end();
    if (found == instances.end()) {
        row.cells.insert(row.cells.end(), 2, PlanCell{});
        return;
    }
    const model::InstanceType& type = found->second;
    row.cells.push_back(shown(QString::number(pool->count * type.vcpus)));
    row.cells.push_back(
        shown(QString::fromStdString(model::format(model::DataSize(pool->count * type.memory.value())))));
    row.cells.back().tip = row.cells[row.cells.size() - 2].tip =
        QString::fromStdString(type.provenance.source);
}

std::vector<PlanRow> hardware_rows(const Project& project, const model::RunResult* estimate) {
    const model::Scenario& scenario = *project.drawn();
    std::map<std::string, double> costs;
    if (estimate != nullptr)
        for (const model::BillLine& line : estimate->bill.lines) costs[line.component] += line.amount;
    const auto cost_of = [&](const std::string& id) {
        const auto found = costs.find(id);
        return shown(found == costs.end() ? QString() : money_text(found->second));
    };
    std::vector<PlanRow> rows;
    for (const model::NodeGroup& group : scenario.node_groups) {
        PlanRow row{QString::fromStdString(group.id), {}, {}};
        row.cells = {shown(row.id), shown(tr("shared nodes")),
                     cell_of(section_field("node-groups", "nodes", group.id), project),
                     cell_of(section_field("node-groups", "purchase", group.id), project)};
        add_sizes(row, &group.nodes, project.catalog());
        row.cells.push_back(cost_of(group.id));
        rows.push_back(std::move(row));
    }
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        const auto pool = std::find_if(
            kind->parameters.begin(), kind->parameters.end(),
            [](const model::ParameterSpec& spec) { return spec.type == model::ParameterType::nodes; });
        if (pool == kind->parameters.end()) continue;
        PlanRow row{QString::fromStdString(component.id), {}, {}};
        const std::vector<Field> fields = fields_of(row.id, project);
        const auto* technology = project.catalog().technology(component.technology);
        row.cells = {shown(row.id),
                     shown(QString::fromStdString(technology ? technology->title : component.technology)),
                     cell_named(fields, pool->name.c_str(), project),
                     cell_named(fields, "purchase", project)};
        add_sizes(row, component.has(pool->name) ? &component.nodes(pool->name) : nullptr, project.catalog());
        row.cells.push_back(cost_of(component.id));
        rows.push_back(std::move(row));
    }
    return rows;
}

PlanRow row_to_add(std::size_t columns, const QString& invitation) {
    PlanRow row;
    row.cells.resize(columns);
    row.cells.front() = {.text = {}, .tip = invitation, .names = true, .faint = invitation};
    return row;
}

constexpr std::array failure_fields{"of", "takes", "every", "repair", "at", "work"};
constexpr std::array recovery_fields{"loss", "of",        "from",     "snapshot-every",
                                     "lag",  "detection", "failover", "restore"};

/// The entries of a section by their names, with a row for a new one.
template <std::size_t n>
std::vector<PlanRow> entry_rows(const Project& project, const char* section,
                                const std::array<const char*, n>& fields, const QString& invitation) {
    std::vector<PlanRow> rows;
    if (const model::Value* entries = value_at(project.tree(), {section});
        entries != nullptr && entries->is_mapping())
        for (const model::Value::Entry& entry : entries->entries) {
            PlanRow row{QString::fromStdString(entry.key), {section, entry.key}, {}};
            row.cells.push_back({.text = row.id, .tip = tr("Its name"), .names = true});
            for (const char* name : fields)
                row.cells.push_back(cell_of(section_field(section, name, entry.key), project));
            rows.push_back(std::move(row));
        }
    rows.push_back(row_to_add(n + 1, invitation));
    return rows;
}

std::vector<PlanRow> objective_rows(const Project& project, const model::RunResult* estimate) {
    std::vector<PlanRow> rows;
    for (const Field& field : fields_of({}, project)) {
        if (!field.pair) continue;
        PlanRow row;
        PlanCell text = cell_of(field, project);
        PlanCell now, verdict;
        if (field.appends) {
            text.faint = tr("new objective, e.g. %1").arg(QString::fromStdString(field.spec.example));
        } else {
            row.id = field.label;
            row.path = field.path;
            const auto number = static_cast<std::size_t>(std::stoul(field.path.back()));
            if (estimate != nullptr && number < estimate->objectives.size() && project.is_valid() &&
                estimate->objectives.size() == project.scenario()->objectives.size()) {
                const model::ObjectiveResult& result = estimate->objectives[number];
                now.text = value_text(result.key, result.figure.value);
                verdict.text = text_of(result.verdict);
                verdict.verdict = result.verdict;
            }
        }
        row.cells = {std::move(text), std::move(now), std::move(verdict)};
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

QStringList plan_headers(PlanPart part) {
    switch (part) {
        case PlanPart::workloads:
            return {tr("Workload"),    tr("Kind"),   tr("Rate or users"), tr("Over a day"),
                    tr("Over a week"), tr("Growth"), tr("Rate over time")};
        case PlanPart::hardware:
            return {tr("Component"), tr("Made of"), tr("Nodes"),       tr("Purchase"),
                    tr("vCPU"),      tr("Memory"),  tr("Cost a month")};
        case PlanPart::failures:
            return {tr("Failure"), tr("Of"),      tr("Takes"), tr("Every"),
                    tr("Repair"),  tr("Once at"), tr("Work")};
        case PlanPart::recovery:
            return {tr("Recovery"),       tr("After the loss of a"), tr("Of"),        tr("From"),
                    tr("Snapshot every"), tr("Behind by"),           tr("Detection"), tr("Failover"),
                    tr("Read back at")};
        case PlanPart::objectives:
            return {tr("Objective"), tr("Now, by the estimate"), tr("Verdict")};
    }
    return {};
}

std::vector<PlanRow> plan_rows(PlanPart part, const Project& project, const model::RunResult* estimate) {
    if (project.drawn() == nullptr) return {};
    switch (part) {
        case PlanPart::workloads:
            return workload_rows(project);
        case PlanPart::hardware:
            return hardware_rows(project, estimate);
        case PlanPart::failures:
            return entry_rows(project, "failures", failure_fields, tr("name of a new failure …"));
        case PlanPart::recovery:
            return entry_rows(project, "recovery", recovery_fields, tr("name of a new recovery …"));
        case PlanPart::objectives:
            return objective_rows(project, estimate);
    }
    return {};
}

namespace {

std::string first_failure(const model::Scenario& scenario) {
    const auto with_nodes =
        std::find_if(scenario.components.begin(), scenario.components.end(),
                     [](const model::Component& component) { return component.settings.contains("nodes"); });
    const model::Component& of =
        with_nodes != scenario.components.end() ? *with_nodes : scenario.components.front();
    return "{of: " + model::quote_scalar(of.id) + ", every: 90 d, repair: 20 min}";
}

std::string first_recovery(const model::Scenario& scenario) {
    using model::LossOf;
    const auto told = [&](const std::string& id, LossOf loss) {
        return std::any_of(
            scenario.recoveries.begin(), scenario.recoveries.end(), [&](const model::Recovery& one) {
                return one.loss == loss && std::find(one.of.begin(), one.of.end(), id) != one.of.end();
            });
    };
    std::string of = scenario.components.front().id;
    LossOf loss = LossOf::zone;
    for (const LossOf each : {LossOf::region, LossOf::disk, LossOf::node, LossOf::zone})
        for (auto one = scenario.components.rbegin(); one != scenario.components.rend(); ++one)
            if (!told(one->id, each)) {
                of = one->id;
                loss = each;
            }
    return "{of: " + model::quote_scalar(of) + ", loss: " + model::word_for(loss) +
           ", snapshot-every: 24 h, failover: 30 min}";
}

}  // namespace

model::Expected<model::Document> with_entry(PlanPart part, const Project& project, const QString& name) {
    const bool failure = part == PlanPart::failures;
    const model::Scenario* drawn = project.drawn();
    std::string text = failure ? "{of: '', every: 90 d, repair: 20 min}" : "{of: '', loss: zone}";
    if (drawn != nullptr && !drawn->components.empty())
        text = failure ? first_failure(*drawn) : first_recovery(*drawn);
    return project.document().with({failure ? "failures" : "recovery", name.toStdString()}, text);
}

}  // namespace headroom::desktop
