// What a person does to the topology.

#include "app/desktop/canvas/link_item.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/palette/palette_entries.h"
#include "model/kinds/kind.h"
#include "model/scenario/topology_edit.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace headroom::desktop {

namespace {

std::string pair_of(const model::Position& place) {
    return "[" + std::to_string(std::lround(place.x)) + ", " + std::to_string(std::lround(place.y)) + "]";
}

model::Ids ids_of(const QStringList& names) {
    model::Ids ids;
    for (const QString& name : names) ids.insert(name.toStdString());
    return ids;
}

/// The types of flow that leave a node: what its workloads send through it.
std::set<model::FlowType> flows_at(const model::Scenario& scenario, const std::string& id) {
    std::set<std::string> seen{id};
    std::vector<std::string> open{id};
    std::set<model::FlowType> types;
    while (!open.empty()) {
        const std::string one = std::move(open.back());
        open.pop_back();
        if (const model::Workload* workload = scenario.workload(one))
            types.insert(workload->is_stream() ? model::FlowType::stream : model::FlowType::request);
        for (const model::Link& link : scenario.links)
            if (link.to == one && seen.insert(link.from).second) open.push_back(link.from);
    }
    return types;
}

}  // namespace

bool DesignPage::apply(const QString& name, const model::Expected<model::Document>& after) {
    if (!after) {
        emit refused(QString::fromStdString(after.error().front().message));
        return false;
    }
    project_.apply(name, *after);
    return true;
}

QString DesignPage::why_no_link(const QString& from, const QString& to) const {
    const auto tried = model::with_link(project_.document(), from.toStdString(), to.toStdString());
    if (!tried) return QString::fromStdString(tried.error().front().message);
    const model::Scenario* drawn = project_.drawn();
    const model::Component* component = drawn != nullptr ? drawn->component(to.toStdString()) : nullptr;
    const model::Kind* kind = component != nullptr ? model::find_kind(component->kind) : nullptr;
    if (kind == nullptr) return {};
    for (const model::FlowType type : flows_at(*drawn, from.toStdString()))
        if (std::find(kind->accepts.begin(), kind->accepts.end(), type) == kind->accepts.end())
            return type == model::FlowType::stream
                       ? tr("'%1' takes no streams of records; '%2' sends some").arg(to, from)
                       : tr("'%1' answers no requests; '%2' sends some").arg(to, from);
    return {};
}

model::Expected<model::Document> DesignPage::with_positions(const model::Document& document,
                                                            const Positions& moved) const {
    // The places of all are written, so that those that stay do so whatever is added later.
    Positions places = canvas_->places();
    for (const auto& [id, place] : moved) places[id] = place;
    std::string yaml;
    for (const auto& [id, place] : places)
        yaml += (yaml.empty() ? "{" : ", ") + model::quote_scalar(id) + ": " + pair_of(place);
    return yaml.empty() ? document : document.with({"layout"}, yaml + "}");
}

void DesignPage::arrange_nodes(const QString& name, const Positions& moved) {
    if (moved.empty()) return;
    if (!apply(name, with_positions(project_.document(), moved))) show_topology();
}

void DesignPage::move_nodes(const Positions& moved) {
    arrange_nodes(moved.size() == 1 ? tr("Move %1").arg(QString::fromStdString(moved.begin()->first))
                                    : tr("Move %1 nodes").arg(moved.size()),
                  moved);
}

void DesignPage::arrange(Arrange how) {
    const bool spread = how == Arrange::across || how == Arrange::down;
    arrange_nodes(spread ? tr("Distribute %1 nodes").arg(canvas_->selected_nodes().size())
                         : tr("Align %1 nodes").arg(canvas_->selected_nodes().size()),
                  canvas_->arranged(how));
}

void DesignPage::auto_layout() {
    if (project_.drawn() == nullptr || project_.drawn()->layout.empty()) return canvas_->fit();
    model::Scenario bare = *project_.drawn();
    bare.layout.clear();
    // Without the field the layout follows later edits; where it is inherited, places of all are written.
    if (auto after = project_.document().without({"layout"}); after && !after->tree()->find("layout"))
        apply(tr("Lay the topology out"), after);
    else
        arrange_nodes(tr("Lay the topology out"), model::lay_out(bare, Canvas::layout_options()));
    canvas_->fit();
}

void DesignPage::add(const QString& entry_id, std::optional<QPointF> at) {
    const auto entry = palette_entry(project_.catalog(), entry_id);
    if (!entry || !project_.is_open()) return;
    commit();
    const std::string id = model::free_id(project_.tree(), entry->name);
    const QString shown = QString::fromStdString(id);
    auto after = project_.document().with({entry->section, id}, entry->yaml);
    // Without a place of its own it goes on from what is selected.
    const QString before = canvas_->selected_nodes().size() == 1 ? canvas_->selected() : QString();
    if (!at) {
        at = canvas_->free_place();
        if (const NodeItem* node = canvas_->node(before); node != nullptr && entry->section == "components") {
            at = node->pos() + QPointF(Canvas::layout_options().column, 0);
            const auto taken = [&] {
                for (const auto& [other, place] : canvas_->places())
                    if (std::abs(place.x - at->x()) < NodeItem::width &&
                        std::abs(place.y - at->y()) < NodeItem::height)
                        return true;
                return false;
            };
            while (taken()) *at += QPointF(0, Canvas::layout_options().row);
            if (after)
                if (auto linked = model::with_link(*after, before.toStdString(), id)) after = linked;
        }
    }
    if (after) after = with_positions(*after, {{id, {at->x(), at->y()}}});
    if (!apply(tr("Add %1").arg(shown), after)) return;
    canvas_->select(shown);
}

void DesignPage::link(const QString& from, const QString& to) {
    if (const QString reason = why_no_link(from, to); !reason.isEmpty()) return emit refused(reason);
    if (apply(tr("Link %1 to %2").arg(from, to),
              model::with_link(project_.document(), from.toStdString(), to.toStdString())))
        canvas_->select_link(from, to);
}

bool DesignPage::has_selection() const {
    return !canvas_->selected_nodes().isEmpty() || !canvas_->selected_links().empty();
}

void DesignPage::remove_selected() {
    const QStringList nodes = canvas_->selected_nodes();
    const auto links = canvas_->selected_links();
    model::Expected<model::Document> after = project_.document();
    for (const auto& [from, to] : links)
        if (after) after = model::without_link(*after, from.toStdString(), to.toStdString());
    if (after && !nodes.isEmpty()) after = model::without_nodes(*after, ids_of(nodes), project_.catalog());
    QString name = tr("Delete %1 nodes").arg(nodes.size());
    if (nodes.size() == 1) name = tr("Delete %1").arg(nodes.first());
    if (nodes.isEmpty())
        name = links.size() == 1 ? tr("Unlink %1 from %2").arg(links[0].second, links[0].first)
                                 : tr("Delete %1 links").arg(links.size());
    if (!nodes.isEmpty() || !links.empty()) apply(name, after);
}

void DesignPage::rename(const QString& id, const QString& to) {
    if (to.isEmpty() || to == id) return;
    if (apply(tr("Rename %1 to %2").arg(id, to),
              model::with_node_renamed(project_.document(), id.toStdString(), to.toStdString(),
                                       project_.catalog())))
        canvas_->select(to);
}

QString DesignPage::copied() const {
    const QStringList nodes = canvas_->selected_nodes();
    if (nodes.isEmpty()) return {};
    const auto text = model::fragment_of(project_.document(), ids_of(nodes), canvas_->places());
    return text ? QString::fromStdString(*text) : QString();
}

void DesignPage::paste(const QString& fragment) {
    commit();
    const auto pasted = model::with_fragment(project_.document(), fragment.toStdString(), 2 * Canvas::grid,
                                             2 * Canvas::grid, project_.catalog());
    if (!pasted) return emit refused(QString::fromStdString(pasted.error().front().message));
    QStringList ids;
    for (const std::string& id : pasted->ids) ids << QString::fromStdString(id);
    apply(ids.size() == 1 ? tr("Paste %1").arg(ids.first()) : tr("Paste %1 nodes").arg(ids.size()),
          pasted->document);
    canvas_->select_nodes(ids);
}

void DesignPage::group_selected(const QString& name) {
    const QStringList nodes = canvas_->selected_nodes();
    if (nodes.isEmpty() || name.isEmpty()) return;
    std::string members;
    for (const QString& id : nodes)
        members += (members.empty() ? "" : ", ") + model::quote_scalar(id.toStdString());
    apply(tr("Group %1").arg(name),
          project_.document().with({"groups", name.toStdString()}, "[" + members + "]"));
}

void DesignPage::ungroup_selected() {
    const QStringList nodes = canvas_->selected_nodes();
    model::Expected<model::Document> after = project_.document();
    for (const GroupOverview& group : groups_of(project_.tree())) {
        const bool of_selected = std::any_of(group.members.begin(), group.members.end(),
                                             [&](const QString& id) { return nodes.contains(id); });
        if (!of_selected || !after) continue;
        const model::FieldPath path{"groups", group.name.toStdString()};
        if (auto without = after->without(path))
            after = without;
        else
            after = after->with(path, "null");  // inherited
    }
    apply(tr("Ungroup"), after);
}

}  // namespace headroom::desktop
