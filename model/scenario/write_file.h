#pragma once
// Files are written whole or not at all.

#include "model/scenario/problem.h"

#include <filesystem>
#include <string_view>

namespace headroom::model {

/// Writes a file beside the target and renames it: whoever reads sees the old text or the new one, never a
/// part, also after a power cut. A link stays a link, and a file that is replaced keeps its mode.
Expected<void> write_file(const std::filesystem::path& file, std::string_view text);

/// What the system says of an error number, as the end of a sentence.
std::string reason_of(int code);

}  // namespace headroom::model
