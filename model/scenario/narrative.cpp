#include "model/scenario/narrative.h"

#include "model/scenario/reader.h"

#include <algorithm>

namespace headroom::model {

namespace {

/// "2026", "2026-11", "2026-11-21"
bool is_date(const std::string& text) {
    const auto digits = [&](std::size_t from, std::size_t count) {
        return text.size() >= from + count &&
               std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                           text.begin() + static_cast<std::ptrdiff_t>(from + count),
                           [](unsigned char c) { return c >= '0' && c <= '9'; });
    };
    const auto part = [&](std::size_t from, int most) {
        if (!digits(from, 2)) return false;
        const int value = (text[from] - '0') * 10 + text[from + 1] - '0';
        return value >= 1 && value <= most;
    };
    if (!digits(0, 4)) return false;
    if (text.size() == 4) return true;
    if (text[4] != '-' || !part(5, 12)) return false;
    return text.size() == 7 || (text.size() == 10 && text[7] == '-' && part(8, 31));
}

NamedTexts read_texts(Reader& reader, const Value& value, const std::string& path) {
    NamedTexts texts;
    if (!reader.is_mapping(value, path)) return texts;
    for (const Value::Entry& entry : value.entries) {
        if (entry.value.is_scalar())
            texts.emplace_back(entry.key, entry.value.text);
        else
            reader.report(entry.value.place, path + "." + entry.key, "a text is expected");
    }
    return texts;
}

}  // namespace

Narrative read_narrative(Reader& reader, const Value& value) {
    Narrative told;
    const Section& section = *file_section().field("report").section;
    if (!reader.is_mapping(value, "report")) return told;
    reader.check_fields(section, value, "report");
    const std::pair<const char*, std::string*> fields[] = {
        {"author", &told.author},     {"date", &told.date},
        {"headline", &told.headline}, {"customer", &told.customer},
        {"problem", &told.problem},   {"benefit", &told.benefit},
        {"evidence", &told.evidence}, {"experience", &told.experience},
        {"quote", &told.quote},       {"decision", &told.decision}};
    for (const auto& [name, target] : fields) reader.read_into(*target, section, value, "report", name);
    if (!told.date.empty() && !is_date(told.date)) {
        reader.report(value.find("date")->place, "report.date",
                      "'" + excerpt(told.date) +
                          "' is no date; a year, month or day expected, for example '2026-11-21'",
                      Severity::error, told.date);
        told.date.clear();
    }
    if (const Value* faq = Reader::written(value, "faq")) told.faq = read_texts(reader, *faq, "report.faq");
    if (const Value* risks = Reader::written(value, "risks"))
        told.risks = read_texts(reader, *risks, "report.risks");
    if (const Value* steps = Reader::written(value, "roll-out"))
        told.roll_out = read_texts(reader, *steps, "report.roll-out");
    if (const Value* others = Reader::written(value, "alternatives")) {
        for (const auto& [name, text] : read_texts(reader, *others, "report.alternatives")) {
            const Value& named = *others->find(name);
            std::filesystem::path file = text;
            if (file.is_relative() && !named.place.file.empty())
                file = std::filesystem::path(named.place.file).parent_path() / file;
            std::error_code error;
            if (std::filesystem::is_regular_file(file, error))
                told.alternatives.emplace_back(name, file);
            else
                reader.report(named.place, "report.alternatives." + name,
                              "there is no file '" + excerpt(text) + "'; a scenario file is expected",
                              Severity::error, text);
        }
    }
    return told;
}

Expected<Narrative> read_narrative(const Document& document) {
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    const Value* value = tree->is_mapping() ? Reader::written(*tree, "report") : nullptr;
    if (value == nullptr) return Narrative{};
    const Catalog none;
    Reader reader(none);
    Narrative told = read_narrative(reader, *value);
    if (has_errors(reader.problems)) return tl::unexpected(std::move(reader.problems));
    return told;
}

}  // namespace headroom::model
