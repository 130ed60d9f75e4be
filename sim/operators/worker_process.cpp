#include "sim/operators/worker_process.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace headroom::sim {

namespace {

constexpr std::size_t longest_answer = std::size_t{4} << 20;
constexpr int poll_milliseconds = 20;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    int number() const { return number_; }
    void close() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

/// The child and its process group; killed and waited for at the latest when this goes.
class Child {
public:
    explicit Child(pid_t id) : id_(id) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (id_ > 0) {
            ::kill(-id_, SIGKILL);
            wait();
        }
    }
    /// The status as waitpid gives it.
    int wait() {
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
        }
        id_ = -1;
        return status;
    }

private:
    pid_t id_;
};

/// Starts the program in a process group of its own, its output in `output`, every other descriptor closed.
pid_t start(const std::filesystem::path& program, const std::filesystem::path& request,
            const std::filesystem::path& folder, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    std::vector<std::string> arguments{program.string(), request.string()};
    std::vector<std::string> variables{"LC_ALL=C.UTF-8", "TZ=UTC", "HOME=" + folder.string(),
                                       "TMPDIR=" + folder.string()};
    for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
    }
    auto pointers = [](std::vector<std::string>& texts) {
        std::vector<char*> all;
        all.reserve(texts.size() + 1);
        for (std::string& text : texts) all.push_back(text.data());
        all.push_back(nullptr);
        return all;
    };
    pid_t id = -1;
    int error = posix_spawn(&id, program.c_str(), &actions, &attributes, pointers(arguments).data(),
                            pointers(variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? id : -1;
}

bool can_run(const std::filesystem::path& file) {
    std::error_code error;
    return std::filesystem::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<PrivateFolder> PrivateFolder::make() {
    std::error_code error;
    std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    if (error) return std::nullopt;
    std::string name = (parent / "headroom-XXXXXX").string();
    if (!::mkdtemp(name.data())) return std::nullopt;
    return PrivateFolder(name);
}

PrivateFolder::~PrivateFolder() {
    if (path_.empty()) return;
    std::error_code ignored;  // nothing that we could do about it
    std::filesystem::remove_all(path_, ignored);
}

std::optional<std::filesystem::path> find_worker() {
    if (const char* named = std::getenv("HEADROOM_OPERATOR_WORKER")) {
        return can_run(named) ? std::optional<std::filesystem::path>(named) : std::nullopt;
    }
    std::error_code error;
    std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) return std::nullopt;
    std::filesystem::path worker =
        program.parent_path().parent_path() / "libexec" / "headroom" / "headroom-operator-worker";
    return can_run(worker) ? std::optional(worker) : std::nullopt;
}

tl::expected<std::string, WorkerFailure> run_worker(const std::filesystem::path& request,
                                                    const std::filesystem::path& folder,
                                                    model::Duration deadline, const std::stop_token& stop) {
    using Kind = WorkerFailure::Kind;
    auto failure = [](Kind kind, std::string detail = {}) {
        return tl::unexpected(WorkerFailure{kind, std::move(detail)});
    };
    auto program = find_worker();
    if (!program) return failure(Kind::missing);

    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(Kind::crashed, std::strerror(errno));
    Descriptor reading(ends[0]), writing(ends[1]);
    pid_t id = start(*program, request, folder, writing.number());
    if (id < 0) return failure(Kind::missing);
    Child child(id);
    writing.close();

    const auto start_time = std::chrono::steady_clock::now();
    std::string answer;
    std::array<char, 1 << 14> buffer{};
    while (true) {
        if (stop.stop_requested()) return failure(Kind::stopped);
        std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_time;
        if (passed.count() > deadline.value()) return failure(Kind::deadline);
        pollfd ready{.fd = reading.number(), .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, poll_milliseconds) <= 0) continue;
        ssize_t count = ::read(reading.number(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        answer.append(buffer.data(), static_cast<std::size_t>(count));
        if (answer.size() > longest_answer) return failure(Kind::talkative);
    }
    int status = child.wait();
    if (WIFSIGNALED(status)) {
        int signal = WTERMSIG(status);
        if (signal == SIGXCPU) return failure(Kind::deadline);
        return failure(Kind::crashed, "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")");
    }
    if (WEXITSTATUS(status) == 127) return failure(Kind::missing);
    if (WEXITSTATUS(status) != 0) {
        return failure(Kind::crashed, "exit code " + std::to_string(WEXITSTATUS(status)));
    }
    return answer;
}

}  // namespace headroom::sim
