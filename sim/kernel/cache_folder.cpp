#include "sim/kernel/cache_folder.h"

#include <cstdlib>

namespace headroom::sim {

std::filesystem::path cache_folder(std::string_view name) {
    const auto variable = [](const char* key) {
        const char* value = std::getenv(key);
        return std::filesystem::path(value ? value : "");
    };
    if (auto folder = variable("HEADROOM_CACHE"); !folder.empty()) return folder / name;
    if (auto folder = variable("XDG_CACHE_HOME"); !folder.empty()) return folder / "headroom" / name;
    if (auto folder = variable("HOME"); !folder.empty()) return folder / ".cache" / "headroom" / name;
    return {};
}

}  // namespace headroom::sim
