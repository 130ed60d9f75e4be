#pragma once

#include "model/system/distribution.h"

namespace headroom::model {

/// With probability `p` a value of `first`, else one of `second`: by its quantiles, linear between them.
Distribution mixture(double p, const Distribution& first, const Distribution& second);

}  // namespace headroom::model
