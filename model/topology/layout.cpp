// Layered drawing of directed graphs: Sugiyama, Tagawa, Toda, "Methods for visual understanding of
// hierarchical system structures", IEEE Trans. SMC 11(2), 1981.

#include "model/topology/graph.h"
#include "model/topology/topology.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

/// The graph made acyclic and proper: every edge joins neighbouring layers, long ones through waypoints.
struct Layers {
    std::vector<int> layer;                 ///< by vertex; waypoints follow the graph's own vertices
    std::vector<std::vector<int>> in, out;  ///< by vertex
    std::vector<std::vector<int>> rows;     ///< by layer: vertices from top to bottom
    int real = 0;                           ///< vertices below this number are no waypoints

    bool is_waypoint(int v) const { return v >= real; }
};

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Turns round the edges that close a cycle in a depth-first walk in the order of the file.
std::vector<std::pair<int, int>> acyclic_edges(const TopologyGraph& graph) {
    std::vector<std::vector<int>> next(graph.ids.size());
    std::vector<int> indegree(graph.ids.size(), 0);
    for (const auto& [from, to] : graph.edges) {
        next[at(from)].push_back(to);
        if (from != to) ++indegree[at(to)];
    }
    enum class Mark { fresh, open, done };
    std::vector<Mark> mark(graph.ids.size(), Mark::fresh);
    std::vector<std::pair<int, int>> edges;
    const auto walk = [&](int root) {
        std::vector<std::pair<int, std::size_t>> path{{root, 0}};
        mark[at(root)] = Mark::open;
        while (!path.empty()) {
            auto& [vertex, done] = path.back();
            if (done == next[at(vertex)].size()) {
                mark[at(vertex)] = Mark::done;
                path.pop_back();
                continue;
            }
            const int from = vertex, to = next[at(vertex)][done++];
            if (from == to) continue;
            if (mark[at(to)] == Mark::open) {
                edges.emplace_back(to, from);
                continue;
            }
            edges.emplace_back(from, to);
            if (mark[at(to)] == Mark::fresh) {
                mark[at(to)] = Mark::open;
                path.emplace_back(to, 0);
            }
        }
    };
    for (int v = 0; v < graph.size(); ++v)
        if (indegree[at(v)] == 0 && mark[at(v)] == Mark::fresh) walk(v);
    for (int v = 0; v < graph.size(); ++v)
        if (mark[at(v)] == Mark::fresh) walk(v);
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

std::vector<int> longest_path_layers(int size, const std::vector<std::pair<int, int>>& edges) {
    std::vector<std::vector<int>> next(at(size));
    std::vector<int> missing(at(size), 0), layer(at(size), 0);
    for (const auto& [from, to] : edges) {
        next[at(from)].push_back(to);
        ++missing[at(to)];
    }
    const std::vector<int> indegree = missing;
    std::vector<int> ready;
    for (int v = 0; v < size; ++v)
        if (missing[at(v)] == 0) ready.push_back(v);
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (const int to : next[at(ready[i])]) {
            layer[at(to)] = std::max(layer[at(to)], layer[at(ready[i])] + 1);
            if (--missing[at(to)] == 0) ready.push_back(to);
        }
    // A source stands directly before what it feeds, not at the far left.
    for (int v = 0; v < size; ++v) {
        if (indegree[at(v)] > 0 || next[at(v)].empty()) continue;
        int nearest = layer[at(next[at(v)].front())];
        for (const int to : next[at(v)]) nearest = std::min(nearest, layer[at(to)]);
        layer[at(v)] = nearest - 1;
    }
    return layer;
}

Layers layers_of(const TopologyGraph& graph) {
    Layers layers;
    layers.real = graph.size();
    const auto edges = acyclic_edges(graph);
    layers.layer = longest_path_layers(graph.size(), edges);
    layers.in.resize(at(graph.size()));
    layers.out.resize(at(graph.size()));
    const auto join = [&](int from, int to) {
        layers.out[at(from)].push_back(to);
        layers.in[at(to)].push_back(from);
    };
    for (const auto& [from, to] : edges) {
        int previous = from;
        for (int between = layers.layer[at(from)] + 1; between < layers.layer[at(to)]; ++between) {
            const int waypoint = static_cast<int>(layers.layer.size());
            layers.layer.push_back(between);
            layers.in.emplace_back();
            layers.out.emplace_back();
            join(previous, waypoint);
            previous = waypoint;
        }
        join(previous, to);
    }
    for (int v = 0; v < static_cast<int>(layers.layer.size()); ++v) {
        const auto layer = at(layers.layer[at(v)]);
        if (layers.rows.size() <= layer) layers.rows.resize(layer + 1);
        layers.rows[layer].push_back(v);
    }
    return layers;
}

std::vector<double> ranks_of(const Layers& layers) {
    std::vector<double> rank(layers.layer.size());
    for (const auto& row : layers.rows)
        for (std::size_t i = 0; i < row.size(); ++i) rank[at(row[i])] = static_cast<double>(i);
    return rank;
}

long crossings(const Layers& layers) {
    const std::vector<double> rank = ranks_of(layers);
    long count = 0;
    for (const auto& row : layers.rows) {
        std::vector<double> ends;
        for (const int v : row) {
            std::vector<double> targets;
            for (const int to : layers.out[at(v)]) targets.push_back(rank[at(to)]);
            for (const double target : targets)
                count += std::count_if(ends.begin(), ends.end(), [&](double end) { return end > target; });
            ends.insert(ends.end(), targets.begin(), targets.end());
        }
    }
    return count;
}

void sort_by_barycentres(std::vector<int>& row, const std::vector<std::vector<int>>& neighbours,
                         const std::vector<double>& rank) {
    std::vector<std::pair<double, int>> keyed;
    for (const int v : row) {
        const auto& near = neighbours[at(v)];
        double centre = rank[at(v)];
        if (!near.empty()) {
            centre = 0;
            for (const int n : near) centre += rank[at(n)];
            centre /= static_cast<double>(near.size());
        }
        keyed.emplace_back(centre, v);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::transform(keyed.begin(), keyed.end(), row.begin(), [](const auto& pair) { return pair.second; });
}

void reduce_crossings(Layers& layers) {
    auto best = layers.rows;
    long fewest = crossings(layers);
    for (int sweep = 0; sweep < 12 && fewest > 0; ++sweep) {
        const bool rightwards = sweep % 2 == 0;
        for (std::size_t i = 0; i < layers.rows.size(); ++i) {
            auto& row = layers.rows[rightwards ? i : layers.rows.size() - 1 - i];
            sort_by_barycentres(row, rightwards ? layers.in : layers.out, ranks_of(layers));
        }
        if (const long now = crossings(layers); now < fewest) {
            fewest = now;
            best = layers.rows;
        }
    }
    layers.rows = best;
}

/// Nearest places to the wanted ones that keep order and distances: least squares by pooling adjacent
/// violators. `offset[i]` is the sum of the distances that are needed above item i.
std::vector<double> spread(const std::vector<double>& wanted, const std::vector<double>& offset) {
    struct Block {
        double sum;
        std::size_t count;
        double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        blocks.push_back({wanted[i] - offset[i], 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
            blocks[blocks.size() - 2].sum += blocks.back().sum;
            blocks[blocks.size() - 2].count += blocks.back().count;
            blocks.pop_back();
        }
    }
    std::vector<double> places;
    for (const Block& block : blocks)
        for (std::size_t i = 0; i < block.count; ++i) places.push_back(block.mean() + offset[places.size()]);
    return places;
}

/// Vertical places, in rows: each vertex as near to its neighbours as the others of its layer let it.
std::vector<double> heights(const Layers& layers) {
    std::vector<double> y = ranks_of(layers);
    for (int sweep = 0; sweep < 16; ++sweep) {
        const bool rightwards = sweep % 2 == 0;
        for (std::size_t i = 0; i < layers.rows.size(); ++i) {
            const auto& row = layers.rows[rightwards ? i : layers.rows.size() - 1 - i];
            std::vector<double> wanted, offset;
            for (std::size_t k = 0; k < row.size(); ++k) {
                const auto& near = (rightwards ? layers.in : layers.out)[at(row[k])];
                double centre = y[at(row[k])];
                if (!near.empty()) {
                    centre = 0;
                    for (const int n : near) centre += y[at(n)];
                    centre /= static_cast<double>(near.size());
                }
                wanted.push_back(centre);
                const double distance = k == 0 ? 0
                                               : 0.5 * ((layers.is_waypoint(row[k]) ? 0.5 : 1) +
                                                        (layers.is_waypoint(row[k - 1]) ? 0.5 : 1));
                offset.push_back(k == 0 ? 0 : offset.back() + distance);
            }
            const std::vector<double> places = spread(wanted, offset);
            for (std::size_t k = 0; k < row.size(); ++k) y[at(row[k])] = places[k];
        }
    }
    // To quarters of a row: distances are multiples of it, so none shrinks.
    for (double& value : y) value = std::round(value * 4) / 4;
    const double top = y.empty() ? 0 : *std::min_element(y.begin(), y.end());
    for (double& value : y) value -= top;
    return y;
}

bool overlap(const Position& a, const Position& b, const LayoutOptions& options) {
    return std::abs(a.x - b.x) < options.column * 0.999 && std::abs(a.y - b.y) < options.row * 0.999;
}

}  // namespace

std::map<std::string, Position> lay_out(const Scenario& scenario, const LayoutOptions& options) {
    const TopologyGraph graph = graph_of(scenario);
    Layers layers = layers_of(graph);
    reduce_crossings(layers);
    const std::vector<double> y = heights(layers);

    std::map<std::string, Position> positions;
    Position shift;
    int fixed = 0;
    for (int v = 0; v < graph.size(); ++v) {
        const auto kept = scenario.layout.find(graph.ids[at(v)]);
        if (kept == scenario.layout.end()) continue;
        positions[kept->first] = kept->second;
        shift.x += kept->second.x - layers.layer[at(v)] * options.column;
        shift.y += kept->second.y - y[at(v)] * options.row;
        ++fixed;
    }
    // What is not fixed keeps its place relative to what is, and gives way downwards.
    if (fixed > 0) shift = {std::round(shift.x / fixed), std::round(shift.y / fixed)};
    for (int v = 0; v < graph.size(); ++v) {
        const std::string& id = graph.ids[at(v)];
        if (positions.contains(id)) continue;
        Position place{layers.layer[at(v)] * options.column + shift.x, y[at(v)] * options.row + shift.y};
        const auto taken = [&](const auto& other) { return overlap(place, other.second, options); };
        while (fixed > 0 && std::any_of(positions.begin(), positions.end(), taken))
            place.y += options.row / 2;
        positions[id] = place;
    }
    return positions;
}

}  // namespace headroom::model
