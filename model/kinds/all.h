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

}  // namespace headroom::model
