#include "app/report/content/write.h"

#include "model/scenario/write_file.h"

#include <unistd.h>

namespace headroom::report {

namespace {

tl::unexpected<model::Problems> refused(const std::filesystem::path& file, const std::string& reason) {
    return model::fail({}, "", "cannot write the report '" + file.string() + "': " + reason);
}

}  // namespace

model::Expected<void> try_report(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) return refused(file, "it is a folder");
    std::filesystem::path folder = std::filesystem::absolute(file, error).parent_path();
    if (!std::filesystem::is_directory(folder, error))
        return refused(file, "there is no folder " + folder.string());
    if (access(folder.c_str(), W_OK) != 0)
        return refused(file, "the folder " + folder.string() + " cannot be written to");
    return {};
}

model::Expected<void> write_report(const std::filesystem::path& file, const model::Expected<Format>& format,
                                   const Illustrator* illustrator, const std::vector<Input>& inputs,
                                   const std::function<Document()>& build) {
    if (!format) return tl::unexpected(format.error());
    if (const auto possible = try_report(file); !possible) return possible;
    const auto bytes = bytes_of(build(), inputs, *format, illustrator);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto written = model::write_file(file, *bytes);
    if (!written) return refused(file, written.error().front().message);
    return {};
}

}  // namespace headroom::report
