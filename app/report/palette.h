#pragma once
// The colours of charts, drawings and reports, to paint with.

#include "app/report/content/colours.h"

#include <QColor>
#include <array>

namespace headroom::report {

struct Palette {
    QColor page, panel;           ///< backgrounds: of everything; of nodes and tiles
    QColor text, muted, grid;     ///< words; lesser words; rules and grid lines
    QColor good, bad, unsure;     ///< verdicts
    QColor calm, busy, strained;  ///< utilisation below 60 %, below 85 %, above
    std::array<QColor, 8> series, parts;
};

const Palette& palette(Theme theme);

}  // namespace headroom::report
