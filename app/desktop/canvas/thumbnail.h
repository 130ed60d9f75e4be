#pragma once
// A small picture of a topology.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"

#include <QPixmap>
#include <QSize>

namespace headroom::desktop {

/// `size` in device-independent pixels.
QPixmap topology_thumbnail(const model::Scenario& scenario, const model::Catalog& catalog, QSize size,
                           double device_pixel_ratio);

}  // namespace headroom::desktop
