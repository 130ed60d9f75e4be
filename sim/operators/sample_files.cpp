#include "sim/operators/transform.h"

#include <algorithm>
#include <cctype>
#include <glob.h>
#include <optional>

namespace headroom::sim {

namespace {

constexpr double largest_sample = 4.0 * (1u << 30);

struct Ending {
    SampleFormat format = SampleFormat::json_lines;
    bool compressed = false;
};

/// By the name: ".jsonl", ".csv.gz", ".parquet"; nothing where the name says nothing.
std::optional<Ending> ending_of(std::filesystem::path file) {
    Ending ending;
    const auto extension = [](const std::filesystem::path& path) {
        std::string text = path.extension().string();
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return text;
    };
    std::string text = extension(file);
    if (text == ".gz" || text == ".zst") {
        ending.compressed = true;
        text = extension(file.replace_extension());
    }
    if (text == ".parquet") return Ending{SampleFormat::parquet, true};
    if (text == ".csv" || text == ".tsv") ending.format = SampleFormat::csv;
    if (text == ".csv" || text == ".tsv" || text == ".jsonl" || text == ".ndjson" || text == ".json")
        return ending;
    return std::nullopt;
}

std::vector<std::filesystem::path> files_of_pattern(const std::filesystem::path& pattern) {
    std::vector<std::filesystem::path> files;
    glob_t found{};
    if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    return files;
}

}  // namespace

model::Expected<SampleFiles> find_sample(const std::filesystem::path& path, const std::string& field) {
    const auto problem = [&](std::string message) {
        return model::fail({.file = path.string()}, field, std::move(message));
    };
    std::error_code error;
    SampleFiles sample;
    if (std::filesystem::is_directory(path, error)) {
        for (auto entry = std::filesystem::directory_iterator(path, error);
             !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
            if (entry->is_regular_file(error) && ending_of(entry->path()))
                sample.files.push_back(entry->path());
        if (sample.files.empty()) return problem("the folder holds no JSON lines (.jsonl), CSV or Parquet");
    } else if (std::filesystem::is_regular_file(path, error)) {
        sample.files.push_back(path);
    } else if (!std::filesystem::exists(path, error)) {
        for (const std::filesystem::path& file : files_of_pattern(path))
            if (std::filesystem::is_regular_file(file, error)) sample.files.push_back(file);
        if (sample.files.empty())
            return problem("there is no such file; JSON lines, CSV or Parquet expected");
    } else {
        return problem("this is neither a file nor a folder; JSON lines, CSV or Parquet expected");
    }
    std::sort(sample.files.begin(), sample.files.end());
    const Ending first = ending_of(sample.files.front()).value_or(Ending{});
    sample.format = first.format;
    for (const std::filesystem::path& file : sample.files) {
        const Ending ending = ending_of(file).value_or(Ending{});
        if (ending.format != sample.format)
            return problem("the files are of several formats (" + sample.files.front().filename().string() +
                           " and " + file.filename().string() + "); files of one format expected");
        sample.compressed = sample.compressed || ending.compressed;
        const std::uintmax_t size = std::filesystem::file_size(file, error);
        if (!error) sample.bytes += static_cast<double>(size);
    }
    if (sample.bytes == 0) return problem("the file is empty; some thousand rows expected");
    if (sample.bytes > largest_sample)
        return problem("it is larger than 4 GiB; some hundred thousand rows are enough");
    return sample;
}

}  // namespace headroom::sim
