#include "model/scenario/document.h"

#include "model/scenario/merge.h"
#include "model/scenario/write_file.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace headroom::model {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_chain = 16;

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
    Expected<void> written = write_file(file, text_);
    if (written) file_ = file;
    return written;
}

Expected<Value> Document::tree() const {
    std::error_code ignored;
    std::vector<fs::path> chain;
    if (!file_.empty()) chain.push_back(fs::weakly_canonical(file_, ignored));
    return resolve(*this, chain);
}

}  // namespace headroom::model
