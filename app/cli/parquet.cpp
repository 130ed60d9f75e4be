#include "app/cli/parquet.h"

#include "app/cli/session.h"
#include "model/scenario/write_file.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::cli {

namespace {

namespace fs = std::filesystem;

/// Files beside the wanted one that are gone with the object.
struct Scratch {
    fs::path csv, parquet;

    explicit Scratch(const fs::path& file) {
        const std::string base = file.string() + "." + std::to_string(getpid());
        csv = base + ".csv", parquet = base + ".parquet";
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        fs::remove(csv, ignored);
        fs::remove(parquet, ignored);
    }
};

bool succeeds(const fs::path& program, const fs::path& from, const fs::path& to) {
    std::string texts[3] = {program.string(), from.string(), to.string()};
    char* arguments[] = {texts[0].data(), texts[1].data(), texts[2].data(), nullptr};
    pid_t child = 0;
    if (posix_spawn(&child, texts[0].c_str(), nullptr, nullptr, arguments, environ) != 0) return false;
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

model::Expected<void> write_parquet(const fs::path& file, const std::string& csv) {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    const fs::path program =
        (self.parent_path() / ".." / "libexec" / "headroom" / "headroom-parquet-writer").lexically_normal();
    if (error || !fs::is_regular_file(program, error))
        return tl::unexpected(problem(
            "--output",
            "this build cannot write Parquet: it was made without the operator core; .csv can be written"));
    const Scratch scratch(file);
    if (auto written = model::write_file(scratch.csv, csv); !written) {
        for (model::Problem& problem : written.error()) problem.place.file = file.string();
        return written;
    }
    if (!succeeds(program, scratch.csv, scratch.parquet))
        return model::fail({.file = file.string()}, "", "the file cannot be written as Parquet");
    fs::rename(scratch.parquet, file, error);
    if (error)
        return model::fail({.file = file.string()}, "", "the file cannot be written: " + error.message());
    return {};
}

}  // namespace headroom::cli
