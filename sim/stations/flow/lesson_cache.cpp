#include "sim/stations/flow/lesson_cache.h"

#include "sim/kernel/cache_folder.h"
#include "sim/kernel/random.h"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace headroom::sim::flow {

namespace {

constexpr char magic[] = "headroom lesson 2\n";
constexpr std::size_t most_in_memory = 8192;  // of some 2 kB

template <class T>
void put(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes values off the front of bytes; once they run out, everything fails.
class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    template <class T>
    T take() {
        T value{};
        if (bytes_.size() < sizeof value) {
            good_ = false;
            return value;
        }
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_.remove_prefix(sizeof value);
        return value;
    }
    bool take(std::string_view expected) {
        if (!bytes_.starts_with(expected)) return good_ = false;
        bytes_.remove_prefix(expected.size());
        return good_;
    }
    bool done() const { return good_ && bytes_.empty(); }

private:
    std::string_view bytes_;
    bool good_ = true;
};

void put(std::string& bytes, const Quantiles& quantiles) {
    put(bytes, quantiles.known());
    if (!quantiles.known()) return;
    put(bytes, quantiles.mean());
    put(bytes, quantiles.points());
}

Quantiles quantiles_of(Reader& reader) {
    if (reader.take<unsigned char>() != 1) return {};
    const auto mean = reader.take<double>();
    return {mean, reader.take<Quantiles::Points>()};
}

std::string bytes_of(const std::string& key, const Lesson& lesson) {
    std::string bytes;
    for (std::size_t k = 0; k < lesson.rate.size(); ++k) {
        put(bytes, lesson.waiting[k]);
        put(bytes, lesson.response[k]);
        put(bytes, lesson.rejected[k]);
        put(bytes, lesson.expired[k]);
        put(bytes, lesson.rate[k]);
    }
    put(bytes, lesson.utilisation);
    put(bytes, lesson.present);
    put(bytes, lesson.most);
    std::string file = magic;
    put(file, key.size());
    file += key;
    put(file, stream_id(bytes, "checksum"));
    return file + bytes;
}

std::optional<Lesson> lesson_of(std::string_view file, const std::string& key, std::size_t classes) {
    Reader head(file);
    if (!head.take(magic) || head.take<std::size_t>() != key.size() || !head.take(key)) return std::nullopt;
    const auto checksum = head.take<std::uint64_t>();
    const std::size_t before = sizeof magic - 1 + sizeof(std::size_t) + key.size() + sizeof checksum;
    if (file.size() < before || stream_id(file.substr(before), "checksum") != checksum) return std::nullopt;
    Reader reader(file.substr(before));
    Lesson lesson;
    for (std::size_t k = 0; k < classes; ++k) {
        lesson.waiting.push_back(quantiles_of(reader));
        lesson.response.push_back(quantiles_of(reader));
        lesson.rejected.push_back(reader.take<double>());
        lesson.expired.push_back(reader.take<double>());
        lesson.rate.push_back(reader.take<double>());
    }
    lesson.utilisation = reader.take<double>();
    lesson.present = reader.take<double>();
    lesson.most = reader.take<double>();
    if (!reader.done()) return std::nullopt;
    return lesson;
}

}  // namespace

LessonCache::LessonCache(std::filesystem::path folder, std::uintmax_t bytes)
    : folder_(std::move(folder)), bytes_(bytes) {}

LessonCache& LessonCache::shared() {
    static LessonCache cache(cache_folder("lessons"));
    return cache;
}

std::filesystem::path LessonCache::file_of(const std::string& key) const {
    char name[24];
    std::snprintf(name, sizeof name, "%016llx",
                  static_cast<unsigned long long>(stream_id(key, "file of a lesson")));
    return folder_ / name;
}

std::shared_ptr<const Lesson> LessonCache::find(const std::string& key, std::size_t classes) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = known_.find(key); known != known_.end()) return known->second;
    }
    if (folder_.empty()) return nullptr;
    std::ifstream file(file_of(key), std::ios::binary);
    if (!file) return nullptr;
    std::ostringstream text;
    text << file.rdbuf();
    auto lesson = lesson_of(text.str(), key, classes);
    if (!lesson) return nullptr;
    // What is used stays: the oldest are removed first.
    std::error_code ignored;
    std::filesystem::last_write_time(file_of(key), std::filesystem::file_time_type::clock::now(), ignored);
    return remember(key, *std::move(lesson));
}

std::shared_ptr<const Lesson> LessonCache::keep(const std::string& key, Lesson lesson) {
    if (!folder_.empty()) write(key, lesson);
    return remember(key, std::move(lesson));
}

std::shared_ptr<const Lesson> LessonCache::remember(const std::string& key, Lesson lesson) {
    auto kept = std::make_shared<const Lesson>(std::move(lesson));
    const std::lock_guard lock(mutex_);
    if (known_.size() >= most_in_memory) known_.clear();
    return known_.emplace(key, std::move(kept)).first->second;
}

// A cache that cannot be written to is as good as none.
void LessonCache::write(const std::string& key, const Lesson& lesson) {
    static std::atomic<unsigned> counter{0};
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    const std::filesystem::path file = file_of(key);
    std::filesystem::path draft = file;
    draft += "." + std::to_string(::getpid()) + "." + std::to_string(counter++);
    const std::string bytes = bytes_of(key, lesson);
    {
        std::ofstream out(draft, std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush()) {
            std::filesystem::remove(draft, error);
            return;
        }
    }
    std::filesystem::rename(draft, file, error);
    if (error) std::filesystem::remove(draft, error);
    const std::lock_guard lock(mutex_);
    written_ += bytes.size();
    if (fresh_ || written_ > bytes_ / 8) make_room();
}

void LessonCache::make_room() {
    fresh_ = false;
    written_ = 0;
    struct File {
        std::filesystem::file_time_type used;
        std::uintmax_t size = 0;
        std::filesystem::path path;
    };
    std::vector<File> files;
    std::uintmax_t sum = 0;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder_, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        std::error_code gone;
        const File file{entry->last_write_time(gone), entry->file_size(gone), entry->path()};
        if (gone) continue;
        sum += file.size;
        files.push_back(file);
    }
    if (sum <= bytes_) return;
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.used < b.used; });
    for (const File& file : files) {
        if (sum <= bytes_ / 4 * 3) break;
        std::filesystem::remove(file.path, error);
        sum -= file.size;
    }
}

}  // namespace headroom::sim::flow
