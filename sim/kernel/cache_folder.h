#pragma once
// Where what can always be made again is kept on disk.

#include <filesystem>
#include <string_view>

namespace headroom::sim {

/// $HEADROOM_CACHE/<name>, else $XDG_CACHE_HOME/headroom/<name>, else ~/.cache/headroom/<name>; empty where
/// none of them is set.
std::filesystem::path cache_folder(std::string_view name);

}  // namespace headroom::sim
