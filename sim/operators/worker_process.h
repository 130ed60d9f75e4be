#pragma once
// A run of the worker program: started, watched, and killed when it takes too long or is no longer wanted.

#include "model/units/quantity.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <tl/expected.hpp>

namespace headroom::sim {

/// A private folder that is gone with the object.
class PrivateFolder {
public:
    /// In the system's folder for temporary files; nothing if none can be made there.
    static std::optional<PrivateFolder> make();
    PrivateFolder(PrivateFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    PrivateFolder& operator=(PrivateFolder&&) = delete;
    ~PrivateFolder();

    const std::filesystem::path& path() const { return path_; }

private:
    explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

struct WorkerFailure {
    enum class Kind { missing, deadline, stopped, crashed, talkative };
    Kind kind = Kind::crashed;
    std::string detail;  ///< of a crash: "signal 11 (Segmentation fault)"
};

/// Where the worker program lies: $HEADROOM_OPERATOR_WORKER, else ../libexec/headroom beside the running
/// program.
std::optional<std::filesystem::path> find_worker();

/// Runs the worker on a request and gives what it printed. It and whatever it started are killed at the
/// deadline and on a request to stop. It sees none of our files and variables but those that it needs.
tl::expected<std::string, WorkerFailure> run_worker(const std::filesystem::path& request,
                                                    const std::filesystem::path& folder,
                                                    model::Duration deadline, const std::stop_token& stop);

}  // namespace headroom::sim
