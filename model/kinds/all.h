#pragma once
// The kinds, one file each; kinds.cpp lists them in one array.

#include "model/kinds/kind.h"

namespace headroom::model {

Kind queue_kind();
Kind delay_kind();
Kind fork_kind();
Kind join_kind();
Kind limiter_kind();
Kind cache_kind();
Kind batch_pool_kind();
Kind partitioned_log_kind();
Kind stream_processor_kind();
Kind object_store_kind();
Kind warehouse_kind();
Kind sharded_log_kind();
Kind delivery_stream_kind();
Kind change_data_capture_kind();
Kind gateway_kind();
Kind function_service_kind();
Kind job_queue_kind();
Kind application_server_kind();
Kind inference_endpoint_kind();
Kind language_model_endpoint_kind();
Kind governance_gate_kind();
Kind monitoring_kind();
Kind key_value_store_kind();
Kind serverless_query_kind();
Kind federation_kind();
Kind search_index_kind();
Kind database_server_kind();
Kind network_link_kind();
Kind batch_cluster_kind();
Kind serverless_etl_kind();
Kind training_job_kind();
Kind orchestrator_kind();
Kind cache_cluster_kind();
Kind feature_store_kind();

}  // namespace headroom::model
