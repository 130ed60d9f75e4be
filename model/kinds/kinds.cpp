#include "model/kinds/all.h"
#include "model/kinds/kind.h"

#include <algorithm>

namespace headroom::model {

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{
        partitioned_log_kind(), stream_processor_kind(), object_store_kind(), warehouse_kind(), queue_kind(),
        delay_kind(),
    };
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

}  // namespace headroom::model
