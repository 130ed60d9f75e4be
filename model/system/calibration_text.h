#pragma once
// A calibration as the text of its file, for those who keep or send it elsewhere.

#include "model/system/calibration.h"

namespace headroom::model {

/// JSON, deterministic for equal values; without the remarks.
std::string calibration_text(const Calibration& calibration);
/// Reads what load_calibration() reads; problems name `file`.
Expected<Calibration> read_calibration(const std::string& text, const std::filesystem::path& file);

}  // namespace headroom::model
