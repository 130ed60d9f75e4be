#include "model/system/batch_pool.h"

#include <cmath>

namespace headroom::model {

Duration slot_time(const BatchPool& pool, const TaskStage& stage) {
    const double time = stage.time.mean, beat = pool.beat.value();
    if (beat <= 0) return seconds(time);
    return seconds(stage.time.scv > 0 ? time + beat / 2 : std::ceil(time / beat) * beat);
}

}  // namespace headroom::model
