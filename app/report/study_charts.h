#pragma once
// Charts of studies: sweeps, and what inputs do. Qt Charts has none of them with intervals and names, so they
// are painted.

#include "app/report/content/document.h"
#include "app/report/palette.h"

#include <QSizeF>

class QPainter;

namespace headroom::report {

bool has_something_to_show(const Lines& shown);
bool has_something_to_show(const Heat& shown);
bool has_something_to_show(const Whiskers& shown);
bool has_something_to_show(const Plane& shown);

void paint(const Lines& shown, QPainter& painter, const QSizeF& size, const Palette& colours);
void paint(const Heat& shown, QPainter& painter, const QSizeF& size, const Palette& colours);
void paint(const Whiskers& shown, QPainter& painter, const QSizeF& size, const Palette& colours);
void paint(const Plane& shown, QPainter& painter, const QSizeF& size, const Palette& colours);

}  // namespace headroom::report
