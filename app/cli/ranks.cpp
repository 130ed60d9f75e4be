#include "app/cli/ranks.h"

#include "app/cli/session.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>

namespace headroom::cli {

namespace {

namespace fs = std::filesystem;

/// Open MPI, and launchers that speak PMIx or PMI (Slurm's srun, MPICH's mpiexec).
bool launched() {
    constexpr const char* marks[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
    return std::any_of(std::begin(marks), std::end(marks),
                       [](const char* mark) { return std::getenv(mark); });
}

}  // namespace

model::Expected<std::unique_ptr<sim::Ranks>> join_ranks() {
    std::unique_ptr<sim::Ranks> ranks;
    if (!launched()) return ranks;
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    const fs::path module =
        (self.parent_path() / ".." / "libexec" / "headroom" / "headroom-mpi.so").lexically_normal();
    if (error || !fs::is_regular_file(module, error))
        return tl::unexpected(
            problem("",
                    "started by mpirun, but this build knows no MPI; --shard K/N shares a study "
                    "between processes without it"));
    // MPI loads parts of its own later, which look for its names; it stays until the program ends.
    void* library = dlopen(module.c_str(), RTLD_NOW | RTLD_GLOBAL);
    void* symbol = library ? dlsym(library, "headroom_ranks") : nullptr;
    if (!symbol)
        return tl::unexpected(
            problem("", "started by mpirun, but MPI cannot be loaded: " + std::string(dlerror())));
    ranks.reset(reinterpret_cast<sim::RanksFn>(symbol)());
    return ranks;
}

}  // namespace headroom::cli
