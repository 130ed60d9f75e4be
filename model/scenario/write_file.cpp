#include "model/scenario/write_file.h"

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace headroom::model {

namespace {

namespace fs = std::filesystem;

/// A temporary file that is gone unless it was renamed.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& beside)
        : path_((beside.parent_path() / ("." + beside.filename().string() + ".XXXXXX")).string()),
          descriptor_(::mkostemp(path_.data(), O_CLOEXEC)),
          code_(descriptor_ < 0 ? errno : 0) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
        if (descriptor_ >= 0 && !renamed_) ::unlink(path_.c_str());
    }

    /// 0, or the error's number.
    int write(std::string_view text, mode_t mode) {
        if (code_ != 0) return code_;
        while (!text.empty()) {
            const ssize_t count = ::write(descriptor_, text.data(), text.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return errno;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        if (::fchmod(descriptor_, mode) != 0 || ::fsync(descriptor_) != 0) return errno;
        return 0;
    }
    int rename_to(const fs::path& target) {
        if (::rename(path_.c_str(), target.c_str()) != 0) return errno;
        renamed_ = true;
        // The new name must survive a power cut as well; where the folder cannot be synced, so be it.
        const std::string folder = target.parent_path().empty() ? "." : target.parent_path().string();
        const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (handle >= 0) {
            ::fsync(handle);
            ::close(handle);
        }
        return 0;
    }

private:
    std::string path_;
    int descriptor_;
    int code_;
    bool renamed_ = false;
};

}  // namespace

std::string reason_of(int code) {
    std::string text = std::generic_category().message(code);
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

Expected<void> write_file(const fs::path& file, std::string_view text) {
    const Place place{file.string(), 0, 0};
    std::error_code ignored;
    const fs::path target = fs::is_symlink(file, ignored) ? fs::weakly_canonical(file, ignored) : file;
    if (fs::is_directory(target, ignored)) return fail(place, "", "this is a folder; name a file");
    const fs::path folder = target.parent_path();
    if (!folder.empty() && !fs::is_directory(folder, ignored))
        return fail(place, "", "there is no folder '" + folder.string() + "' to write to");
    struct stat old {};
    const mode_t mode = ::stat(target.c_str(), &old) == 0 ? old.st_mode & 07777 : 0644;
    TemporaryFile temporary(target);
    int code = temporary.write(text, mode);
    if (code == 0) code = temporary.rename_to(target);
    if (code != 0) return fail(place, "", "the file cannot be written: " + reason_of(code));
    return {};
}

}  // namespace headroom::model
