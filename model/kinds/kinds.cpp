#include "model/kinds/all.h"
#include "model/kinds/kind.h"
#include "model/kinds/scaling.h"

#include <algorithm>
#include <iterator>

namespace headroom::model {

namespace {

/// What all kinds have that run on nodes.
std::vector<Kind> with_node_parameters(std::vector<Kind> all) {
    for (Kind& kind : all) {
        const auto nodes =
            std::find_if(kind.parameters.begin(), kind.parameters.end(),
                         [](const ParameterSpec& spec) { return spec.type == ParameterType::nodes; });
        if (nodes == kind.parameters.end()) continue;
        const ParameterSpec common[] = {
            {.name = "purchase",
             .type = ParameterType::shares,
             .choices = {"reserved-1y", "reserved-3y", "spot"},
             .help = "How the nodes are bought: shares by the ways for which the price book has a price; the "
                     "rest is on demand.",
             .example = "{reserved-1y: 40 %, reserved-3y: 20 %, spot: 30 %}"},
            {.name = "runs-on",
             .type = ParameterType::text,
             .help = "Group of nodes on which it runs, beside others, instead of `nodes` of its own.",
             .example = "workers"},
            {.name = "share",
             .dimension = dimensions::none,
             .min = 0.001,
             .max = 1,
             .help = "Its part of the vCPUs, network and disks of each node of the group, which nothing else "
                     "uses. "
                     "The same for all components on the group, if left out.",
             .example = "40 %",
             .nature = Nature::chosen},
            {.name = "memory",
             .dimension = dimensions::data,
             .min = 0,
             .max = 1e15,
             .help = "Memory that it needs on each node.",
             .example = "24 GiB"},
        };
        kind.parameters.insert(nodes + 1, std::begin(common), std::end(common));
    }
    return all;
}

/// What all kinds have whose capacity can follow the load.
std::vector<Kind> with_scaling_parameters(std::vector<Kind> all) {
    for (Kind& kind : all)
        if (kind.scales) {
            const std::vector<ParameterSpec> more = scaling_parameters();
            kind.parameters.insert(kind.parameters.end(), more.begin(), more.end());
            kind.check = [own = kind.check](const Component& component, const Catalog& catalog) {
                Problems problems = own(component, catalog);
                for (const Problem& problem : check_scaling(component)) problems.push_back(problem);
                return problems;
            };
        }
    return all;
}

}  // namespace

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = with_scaling_parameters(with_node_parameters({
        partitioned_log_kind(),
        sharded_log_kind(),
        delivery_stream_kind(),
        change_data_capture_kind(),
        gateway_kind(),
        stream_processor_kind(),
        function_service_kind(),
        job_queue_kind(),
        batch_cluster_kind(),
        serverless_etl_kind(),
        training_job_kind(),
        orchestrator_kind(),
        application_server_kind(),
        inference_endpoint_kind(),
        language_model_endpoint_kind(),
        governance_gate_kind(),
        monitoring_kind(),
        object_store_kind(),
        key_value_store_kind(),
        feature_store_kind(),
        cache_cluster_kind(),
        warehouse_kind(),
        serverless_query_kind(),
        federation_kind(),
        search_index_kind(),
        database_server_kind(),
        network_link_kind(),
        queue_kind(),
        delay_kind(),
        fork_kind(),
        join_kind(),
        limiter_kind(),
        cache_kind(),
        batch_pool_kind(),
    }));
    return all;
}

const Kind* find_kind(std::string_view id) {
    for (const Kind& kind : kinds())
        if (kind.id == id) return &kind;
    return nullptr;
}

const ParameterSpec* Kind::parameter(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [name](const ParameterSpec& spec) { return spec.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

bool ParameterSpec::measured() const {
    if (nature != Nature::by_type) return nature == Nature::measured;
    if (type == ParameterType::quantity)
        return dimension == dimensions::none || dimension == dimensions::data_rate;
    return type == ParameterType::distribution || type == ParameterType::times_by_class;
}

}  // namespace headroom::model
