#pragma once
// The colours of charts, drawings and reports, by role. Series colours are those of Okabe and Ito, "Color
// Universal Design" (2008), darkened or lightened to keep 3:1 against the page; nothing is told by colour
// alone.

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace headroom::report {

enum class Theme { light, dark, print };

/// "#rrggbb" each.
struct Colours {
    const char *page, *panel;            ///< backgrounds: of everything; of nodes and tiles
    const char *text, *muted, *grid;     ///< words; lesser words; rules and grid lines
    const char *good, *bad, *unsure;     ///< verdicts
    const char *calm, *busy, *strained;  ///< utilisation below 60 %, below 85 %, above
    std::array<const char*, 8> series;
    /// Of parts of a whole, in their order: each lighter (in the dark: darker) than the one before, so that
    /// grey print tells them apart. From viridis (van der Walt and Smith, 2015).
    std::array<const char*, 8> parts;
};

const Colours& colours(Theme theme);

/// By role: {"page", "#ffffff"}, ..., {"series-1", ...}. In print no two roles have the same colour.
std::vector<std::pair<std::string, std::string>> roles(Theme theme);

/// As custom properties of a style sheet: "--text: #1b2127; ...".
std::string css_colours(Theme theme);

}  // namespace headroom::report
