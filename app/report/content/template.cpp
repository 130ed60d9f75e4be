#include "app/report/content/template.h"

#include "app/report/content/build.h"
#include "app/report/content/text.h"
#include "model/catalog/catalog.h"
#include "model/scenario/document.h"
#include "model/scenario/value.h"

#include <fstream>
#include <iterator>

namespace headroom::report {

namespace {

constexpr std::uintmax_t largest_file = 1 << 20;

class TemplateReader {
public:
    explicit TemplateReader(std::filesystem::path folder) : folder_(std::move(folder)) {}

    model::Expected<Template> read() {
        const auto document = model::Document::load(folder_ / "template.yaml");
        if (!document) return tl::unexpected(document.error());
        const auto tree = model::parse_yaml(document->text(), document->file().string());
        if (!tree) return tl::unexpected(tree.error());
        if (!tree->is_mapping()) {
            report(tree->place, "", "fields such as 'cover:' and 'sections:' are expected");
            return tl::unexpected(problems_);
        }
        for (const model::Value::Entry& entry : tree->entries) field(entry);
        // Sections last: they may name the team's own.
        if (const model::Value* sections = tree->find("sections")) read_sections(*sections);
        if (!problems_.empty()) return tl::unexpected(problems_);
        return std::move(made_);
    }

private:
    void report(const model::Place& place, const std::string& field, const std::string& message) {
        model::Problem problem;
        problem.place = place;
        problem.field = field;
        problem.message = message;
        problems_.push_back(std::move(problem));
    }

    void field(const model::Value::Entry& entry) {
        if (entry.key == "cover" || entry.key == "footer") {
            if (entry.value.is_scalar())
                (entry.key == "cover" ? made_.cover : made_.footer) = clean(entry.value.text);
            else
                report(entry.value.place, entry.key, "a text is expected");
        } else if (entry.key == "logo") {
            const std::string name = entry.value.text;
            made_.logo_type = name.ends_with(".svg") ? "svg" : name.ends_with(".png") ? "png" : "";
            if (!entry.value.is_scalar() || made_.logo_type.empty())
                report(entry.value.place, "logo", "'" + model::excerpt(name) + "' is no .svg or .png file");
            else
                made_.logo = contents(entry.value, "logo");
            const bool png = made_.logo.starts_with("\x89PNG"),
                       svg = made_.logo.find("<svg") != std::string::npos;
            if (!made_.logo.empty() && !(made_.logo_type == "png" ? png : svg))
                report(entry.value.place, "logo",
                       "'" + model::excerpt(name) + "' holds no " + made_.logo_type + " picture");
        } else if (entry.key == "own") {
            read_own(entry.value);
        } else if (entry.key != "sections") {
            const std::string near =
                model::nearest_name(entry.key, {"cover", "footer", "logo", "sections", "own"});
            report(entry.key_place, entry.key,
                   "unknown field '" + model::excerpt(entry.key) + "'" +
                       (near.empty() ? "; cover, footer, logo, sections and own are known"
                                     : "; did you mean '" + near + "'?"));
        }
    }

    std::string contents(const model::Value& named, const std::string& field) {
        const std::filesystem::path file = folder_ / named.text;
        std::error_code error;
        if (!std::filesystem::is_regular_file(file, error)) {
            report(named.place, field,
                   "there is no file '" + model::excerpt(named.text) + "' in the template's folder");
            return {};
        }
        if (std::filesystem::file_size(file, error) > largest_file || error) {
            report(named.place, field, "'" + model::excerpt(named.text) + "' is larger than 1 MiB");
            return {};
        }
        std::ifstream stream(file, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (bytes.empty())
            report(named.place, field, "'" + model::excerpt(named.text) + "' is empty or cannot be read");
        return bytes;
    }

    void read_own(const model::Value& own) {
        if (!own.is_mapping()) return report(own.place, "own", "sections by id are expected");
        for (const model::Value::Entry& entry : own.entries) {
            const std::string path = "own." + entry.key;
            const model::Value* title = entry.value.is_mapping() ? entry.value.find("title") : nullptr;
            const model::Value* text = entry.value.is_mapping() ? entry.value.find("text") : nullptr;
            if (title == nullptr || text == nullptr || !title->is_scalar() || !text->is_scalar()) {
                report(
                    entry.value.place, path,
                    "a title and a text are expected, for example '{title: Approval, text: approval.txt}'");
                continue;
            }
            if (find_section(entry.key) != nullptr) {
                report(entry.key_place, path,
                       "'" + entry.key + "' is a section of every report; give yours another id");
                continue;
            }
            made_.own[entry.key] = {clean(title->text), blocks_of(contents(*text, path + ".text"))};
        }
    }

    static std::vector<Block> blocks_of(const std::string& text) {
        std::vector<Block> blocks;
        std::string paragraph;
        Bullets bullets;
        const auto close = [&] {
            if (!paragraph.empty()) blocks.emplace_back(Paragraph{clean(paragraph)});
            if (!bullets.items.empty()) blocks.emplace_back(std::move(bullets));
            paragraph.clear();
            bullets = {};
        };
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string line = text.substr(at, end - at);
            at = end + 1;
            if (line.ends_with('\r')) line.pop_back();
            if (line.empty()) {
                close();
            } else if (line.starts_with("- ")) {
                if (!paragraph.empty()) close();
                bullets.items.push_back(clean(line.substr(2)));
            } else {
                if (!bullets.items.empty()) close();
                paragraph += (paragraph.empty() ? "" : " ") + line;
            }
        }
        close();
        return blocks;
    }

    void read_sections(const model::Value& sections) {
        if (!sections.is_sequence() || sections.items.empty())
            return report(sections.place, "sections",
                          "a list of ids is expected, for example '[summary, cost, risks]'");
        std::vector<std::string> known;
        for (const SectionSpec& section : headroom::report::sections()) known.emplace_back(section.id);
        for (const auto& [id, own] : made_.own) known.push_back(id);
        for (const model::Value& item : sections.items) {
            if (find_section(item.text) != nullptr || made_.own.contains(item.text)) {
                made_.sections.push_back(item.text);
                continue;
            }
            const std::string near = model::nearest_name(item.text, known);
            report(item.place, "sections",
                   "there is no section '" + model::excerpt(item.text) + "'" +
                       (near.empty() ? "" : "; did you mean '" + near + "'?"));
        }
    }

    std::filesystem::path folder_;
    Template made_;
    model::Problems problems_;
};

}  // namespace

model::Expected<Template> read_template(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        return model::fail({folder.string(), 0, 0}, "",
                           "there is no such folder; a template is a folder with template.yaml");
    return TemplateReader(folder).read();
}

}  // namespace headroom::report
