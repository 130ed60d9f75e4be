#pragma once
// Pictures of every page, light and dark, for the documentation and for looking at.

#include "model/catalog/catalog.h"

#include <QString>
#include <memory>

namespace headroom::desktop {

/// Writes <page>-<light|dark>.png into the folder, and each at twice the pixels as ...@2x.png. Gives false,
/// with the reason on standard error, where the scenario cannot be shown or run.
bool take_screenshots(const std::shared_ptr<const model::Catalog>& catalog, const QString& folder,
                      const QString& scenario);

}  // namespace headroom::desktop
