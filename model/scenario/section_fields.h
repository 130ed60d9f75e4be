#pragma once
// How the tables of sections.h are written.

#include "model/scenario/sections.h"

namespace headroom::model {

/// A field that stands for itself.
struct Words {
    const char* name;
    const char* help;
    const char* example;
};

Field text(Words words);
/// `type` is one with numbers; they lie between `min` and `max`, in base units.
Field number(Words words, ParameterType type, Dimension dimension, double min, double max,
             const char* standard = "", const char* noun = "");
Field needed(Field field);
Field shaped(Words words, Shape shape, const Section* section = nullptr);

/// The fields of a workload, with the sections below it.
const Section& workload();

}  // namespace headroom::model
