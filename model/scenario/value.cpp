#include "model/scenario/value.h"

namespace headroom::model {

const Value* Value::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

}  // namespace headroom::model
