#pragma once
// Fingerprints of what a calibration or a result was made from.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::sim {

/// SHA-256 in hexadecimal digits.
std::string sha256(std::string_view bytes);
/// Of the bytes of the files, one after the other, followed by `more`; nothing if one cannot be read.
std::optional<std::string> sha256_of_files(const std::vector<std::filesystem::path>& files,
                                           std::string_view more = {});

}  // namespace headroom::sim
