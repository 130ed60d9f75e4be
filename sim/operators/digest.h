#pragma once
// Fingerprints of what a calibration or a result was made from.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::sim {

/// SHA-256 in hexadecimal digits.
std::string sha256(std::string_view bytes);
/// Of the file's bytes, followed by `more`; nothing if the file cannot be read.
std::optional<std::string> sha256_of_file(const std::filesystem::path& file, std::string_view more = {});

}  // namespace headroom::sim
