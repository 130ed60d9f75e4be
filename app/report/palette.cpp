#include "app/report/palette.h"

#include <utility>

namespace headroom::report {

namespace {

Palette painted(const Colours& from) {
    Palette made{from.page,   from.panel, from.text, from.muted,    from.grid, from.good, from.bad,
                 from.unsure, from.calm,  from.busy, from.strained, {},        {}};
    for (std::size_t i = 0; i < from.series.size(); ++i) made.series[i] = from.series[i];
    for (std::size_t i = 0; i < from.parts.size(); ++i) made.parts[i] = from.parts[i];
    return made;
}

}  // namespace

const Palette& palette(Theme theme) {
    static const std::array<Palette, 3> all{painted(colours(Theme::light)), painted(colours(Theme::dark)),
                                            painted(colours(Theme::print))};
    return all[static_cast<std::size_t>(theme)];
}

}  // namespace headroom::report
