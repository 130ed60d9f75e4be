#include "model/scenario/document.h"

#include "model/scenario/merge.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace headroom::model {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_chain = 16;

std::string reason_of(int code) {
    std::string text = std::generic_category().message(code);
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

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

Expected<Value> resolve(const Document& document, std::vector<fs::path>& chain) {
    Expected<Value> own = parse_yaml(document.text(), document.file().string());
    if (!own || !own->is_mapping()) return own;
    const Value* extends = own->find("extends");
    if (extends == nullptr || extends->is_null()) return own;
    if (!extends->is_scalar() || extends->text.empty())
        return fail(extends->place, "extends", "the name of another scenario file is expected");
    const fs::path base = (document.file().parent_path() / extends->text).lexically_normal();
    std::error_code ignored;
    const fs::path identity = fs::weakly_canonical(base, ignored);
    if (std::find(chain.begin(), chain.end(), identity) != chain.end())
        return fail(extends->place, "extends", "'" + extends->text + "' extends this file in turn");
    if (chain.size() >= longest_chain)
        return fail(extends->place, "extends",
                    "more than " + std::to_string(longest_chain) + " files extend each other");
    if (!fs::is_regular_file(base, ignored))
        return fail(extends->place, "extends", "there is no file '" + base.string() + "'");
    const Expected<Document> loaded = Document::load(base);
    if (!loaded) return tl::unexpected<Problems>(loaded.error());
    chain.push_back(identity);
    Expected<Value> below = resolve(*loaded, chain);
    if (!below) return below;
    return merge(*std::move(below), *std::move(own));
}

}  // namespace

Document::Document(std::string text, std::filesystem::path file)
    : text_(std::move(text)), file_(std::move(file)) {}

Expected<Document> Document::load(const std::filesystem::path& file) {
    const Place place{file.string(), 0, 0};
    std::error_code code;
    const fs::file_status status = fs::status(file, code);
    if (status.type() == fs::file_type::not_found) return fail(place, "", "there is no such file");
    if (code) return fail(place, "", "the file cannot be read: " + reason_of(code.value()));
    if (fs::is_directory(status)) return fail(place, "", "this is a folder, not a file");
    if (!fs::is_regular_file(status)) return fail(place, "", "this is not a regular file");
    const std::size_t limit = ParseLimits{}.bytes;
    if (const auto size = fs::file_size(file, code); !code && size > limit)
        return fail(place, "",
                    "the file has " + std::to_string(size) + " bytes; at most " + std::to_string(limit) +
                        " are read");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return fail(place, "", "the file cannot be read: " + reason_of(errno));
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (stream.bad()) return fail(place, "", "the file cannot be read: " + reason_of(errno));
    return Document(std::move(text), file);
}

Expected<void> Document::save(const std::filesystem::path& file) {
    const Place place{file.string(), 0, 0};
    std::error_code ignored;
    // A link stays a link: what it points to is replaced.
    const fs::path target = fs::is_symlink(file, ignored) ? fs::weakly_canonical(file, ignored) : file;
    if (fs::is_directory(target, ignored)) return fail(place, "", "this is a folder; name a file");
    const fs::path folder = target.parent_path();
    if (!folder.empty() && !fs::is_directory(folder, ignored))
        return fail(place, "", "there is no folder '" + folder.string() + "' to write to");
    struct stat old {};
    const mode_t mode = ::stat(target.c_str(), &old) == 0 ? old.st_mode & 07777 : 0644;
    TemporaryFile temporary(target);
    int code = temporary.write(text_, mode);
    if (code == 0) code = temporary.rename_to(target);
    if (code != 0) return fail(place, "", "the file cannot be written: " + reason_of(code));
    file_ = file;
    return {};
}

Expected<Value> Document::tree() const {
    std::error_code ignored;
    std::vector<fs::path> chain;
    if (!file_.empty()) chain.push_back(fs::weakly_canonical(file_, ignored));
    return resolve(*this, chain);
}

}  // namespace headroom::model
