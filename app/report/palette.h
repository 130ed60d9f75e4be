#pragma once
// The colours of charts, drawings and reports, by role. Series colours are those of Okabe and Ito, "Color
// Universal Design" (2008), darkened or lightened to keep 3:1 against the page; nothing is told by colour
// alone.

#include <QColor>
#include <array>

namespace headroom::report {

enum class Theme { light, dark, print };

struct Palette {
    QColor page, panel;           ///< backgrounds: of everything; of nodes and tiles
    QColor text, muted, grid;     ///< words; lesser words; rules and grid lines
    QColor good, bad, unsure;     ///< verdicts
    QColor calm, busy, strained;  ///< utilisation below 60 %, below 85 %, above
    std::array<QColor, 8> series;
};

const Palette& palette(Theme theme);

}  // namespace headroom::report
