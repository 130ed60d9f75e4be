#include "model/catalog/catalog.h"

#include <cstdlib>
#include <system_error>

namespace headroom::model {

Expected<std::filesystem::path> find_resources() {
    std::error_code error;
    // Read once at start-up, before any thread could change the environment.
    if (const char* set = std::getenv("HEADROOM_RESOURCES"); set != nullptr && *set != '\0') {
        std::filesystem::path folder = set;
        if (std::filesystem::is_directory(folder / "catalog", error)) return folder;
        return fail({}, "HEADROOM_RESOURCES",
                    "'" + folder.string() + "' holds no folder 'catalog'; set it to Headroom's resources");
    }
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        const std::filesystem::path folder =
            (program.parent_path() / ".." / "share" / "headroom").lexically_normal();
        if (std::filesystem::is_directory(folder / "catalog", error)) return folder;
    }
    return fail({}, "",
                "the catalogue was not found in share/headroom beside the program; set HEADROOM_RESOURCES to "
                "the folder that holds it");
}

}  // namespace headroom::model
