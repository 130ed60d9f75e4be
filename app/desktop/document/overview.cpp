#include "app/desktop/document/overview.h"

#include "app/desktop/shell/appearance.h"
#include "model/kinds/kind.h"
#include "model/units/unit.h"

#include <QCoreApplication>
#include <cmath>
#include <map>

namespace headroom::desktop {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Overview", text); }

QString summary_of(const model::Workload& workload) {
    if (const auto* stream = std::get_if<model::Stream>(&workload.load))
        return QString::fromStdString(model::format(stream->rate.base, {.noun = "events"}));
    const auto& requests = std::get<model::Requests>(workload.load);
    if (requests.users) return *requests.users == 1 ? tr("1 user") : tr("%1 users").arg(*requests.users);
    return QString::fromStdString(model::format(requests.rate.base, {.noun = "requests"}));
}

QString summary_of(const model::Component& component) {
    const model::Kind* kind = model::find_kind(component.kind);
    if (kind == nullptr) return {};
    for (const model::ParameterSpec& spec : kind->parameters)
        if (spec.type == model::ParameterType::nodes && component.has(spec.name)) {
            const model::NodePool& pool = component.nodes(spec.name);
            return QStringLiteral("%1 × %2").arg(pool.count).arg(QString::fromStdString(pool.instance));
        }
    for (const model::ParameterSpec& spec : kind->parameters)
        if (spec.type == model::ParameterType::count && component.has(spec.name))
            return QStringLiteral("%1: %2")
                .arg(QString::fromStdString(spec.name))
                .arg(component.number(spec.name));
    return {};
}

/// Figures by their keys: a thousand links ask for thousands of them.
class Figures {
public:
    explicit Figures(const model::RunResult* result) {
        if (result == nullptr) return;
        for (const model::Figure& figure : result->figures) all_.emplace(figure.key, &figure);
    }
    const model::Figure* find(const model::FigureKey& key) const {
        const auto found = all_.find(key);
        return found == all_.end() ? nullptr : found->second;
    }

private:
    std::map<model::FigureKey, const model::Figure*> all_;
};

}  // namespace

QString subject_of(const model::Problem& problem) {
    const QStringList steps = QString::fromStdString(problem.field).split(QLatin1Char('.'));
    const bool named = steps.size() > 1 &&
                       (steps[0] == QStringLiteral("components") || steps[0] == QStringLiteral("workloads"));
    return named ? steps[1] : QString();
}

std::vector<Overview> overview_of(const model::Scenario& scenario, const model::Catalog& catalog,
                                  const model::RunResult* estimate, const model::Problems& problems) {
    std::vector<Overview> all;
    const Figures figures(estimate);
    for (const model::Workload& workload : scenario.workloads) {
        Overview one;
        one.id = QString::fromStdString(workload.id);
        one.workload = true;
        one.technology = workload.is_stream() ? tr("Stream") : tr("Requests");
        one.icon = workload.is_stream() ? QStringLiteral("stream") : QStringLiteral("users");
        one.summary = summary_of(workload);
        all.push_back(std::move(one));
    }
    for (const model::Component& component : scenario.components) {
        Overview one;
        one.id = QString::fromStdString(component.id);
        const model::Technology* technology = catalog.technology(component.technology);
        one.technology = QString::fromStdString(technology ? technology->title : component.technology);
        one.icon = icon_name_for(technology ? technology->icon : std::string(), component.kind);
        one.summary = summary_of(component);
        if (estimate != nullptr) {
            if (const auto* figure = figures.find({"utilisation", component.id, ""}))
                one.utilisation = figure->simulated.value;
            if (const auto* figure = figures.find({"growth", component.id, ""}))
                one.growth = figure->simulated.value;
            // The estimate of an overloaded station stops at what it can serve.
            if (one.growth > 0 && one.utilisation <= 1)
                one.utilisation = std::numeric_limits<double>::infinity();
        }
        all.push_back(std::move(one));
    }
    Overview* busiest = nullptr;
    for (Overview& one : all)
        if (one.utilisation > (busiest != nullptr ? busiest->utilisation : 0)) busiest = &one;
    if (busiest != nullptr) busiest->bottleneck = true;
    for (const model::Problem& problem : problems) {
        const QString subject = subject_of(problem);
        for (Overview& one : all) {
            if (one.id != subject || subject.isEmpty()) continue;
            if (one.problem.isEmpty()) one.problem = QString::fromStdString(problem.message);
            if (problem.severity == model::Severity::error) ++one.errors;
            if (problem.severity == model::Severity::warning) ++one.warnings;
        }
    }
    return all;
}

bool Overview::operator==(const Overview& other) const {
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return id == other.id && technology == other.technology && summary == other.summary &&
           icon == other.icon && workload == other.workload && same(utilisation, other.utilisation) &&
           same(growth, other.growth) && capacity == other.capacity && scaled == other.scaled &&
           errors == other.errors && warnings == other.warnings && problem == other.problem &&
           bottleneck == other.bottleneck;
}

std::vector<LinkOverview> links_of(const model::Scenario& scenario, const model::RunResult* estimate) {
    std::vector<LinkOverview> all;
    const Figures figures(estimate);
    const auto add = [&](const std::string& from, const std::string& to, double share, bool routed) {
        LinkOverview link{QString::fromStdString(from), QString::fromStdString(to), {}, {}, routed};
        double total = 0;
        QStringList lines;
        for (const model::Workload& workload : scenario.workloads) {
            if (estimate == nullptr) break;
            const bool source = workload.id == from;
            const auto* leaving = figures.find({"throughput", source ? to : from, workload.id});
            // Only what the other end sees of a workload can have come this way.
            const auto* arriving = figures.find({"throughput", to, workload.id});
            if (leaving == nullptr || arriving == nullptr) continue;
            const double rate = leaving->simulated.value * share;
            if (!(rate > 0)) continue;
            total += rate;
            const std::string noun = workload.is_stream() ? "events" : "requests";
            lines << QStringLiteral("%1: %2").arg(
                QString::fromStdString(workload.id),
                QString::fromStdString(
                    model::format_quantity(rate, model::dimensions::item_rate, {.digits = 3, .noun = noun})));
        }
        if (total > 0)
            link.text = QString::fromStdString(
                model::format_quantity(total, model::dimensions::item_rate, {.digits = 2, .noun = ""}));
        if (routed)
            link.text = (tr("%1 %").arg(share * 100, 0, 'g', 3) + QLatin1Char(' ') + link.text).trimmed();
        link.tip = QStringLiteral("%1 → %2").arg(link.from, link.to);
        if (!lines.isEmpty()) link.tip += QLatin1Char('\n') + lines.join(QLatin1Char('\n'));
        all.push_back(std::move(link));
    };
    for (const model::Link& link : scenario.links) add(link.from, link.to, 1, false);
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        for (const model::ParameterSpec& spec : kind->parameters)
            if (spec.type == model::ParameterType::routing && component.has(spec.name))
                for (const auto& [to, share] : component.named_numbers(spec.name))
                    add(component.id, to, share, true);
    }
    return all;
}

std::vector<GroupOverview> groups_of(const model::Value& tree) {
    std::vector<GroupOverview> all;
    const model::Value* groups = tree.find("groups");
    if (groups == nullptr || !groups->is_mapping()) return all;
    for (const model::Value::Entry& entry : groups->entries) {
        all.push_back({QString::fromStdString(entry.key), {}});
        for (const model::Value& item : entry.value.items)
            all.back().members << QString::fromStdString(item.text);
    }
    return all;
}

Load load_of(double utilisation) {
    if (!std::isfinite(utilisation)) return utilisation > 0 ? Load::overloaded : Load::unknown;
    if (utilisation >= 1) return Load::overloaded;
    if (utilisation >= 0.85) return Load::critical;
    return utilisation >= 0.6 ? Load::busy : Load::calm;
}

QString word_for(Load load) {
    switch (load) {
        case Load::unknown:
            return tr("not known");
        case Load::calm:
            return tr("calm");
        case Load::busy:
            return tr("busy");
        case Load::critical:
            return tr("critical");
        case Load::overloaded:
            return tr("overloaded");
    }
    return {};
}

QString growth_text(double items_per_second) {
    const auto rate = model::format_quantity(items_per_second, model::dimensions::item_rate,
                                             {.digits = 2, .noun = "items"});
    return tr("grows by %1").arg(QString::fromStdString(rate));
}

QString capacity_text(double share) {
    return share > 0 ? tr("%1 % of capacity").arg(share * 100, 0, 'f', 0) : tr("down");
}

QString scaled_text(double share) { return tr("scaled to %1 %").arg(share * 100, 0, 'f', 0); }

QString utilisation_text(double utilisation) {
    if (std::isnan(utilisation)) return QStringLiteral("—");
    if (std::isinf(utilisation)) return QStringLiteral("> 100 %");
    const double percent = utilisation * 100;
    return QStringLiteral("%1 %").arg(percent, 0, 'f', percent < 9.95 ? 1 : 0);
}

}  // namespace headroom::desktop
