#include "app/desktop/document/project.h"

#include "app/desktop/document/edit_command.h"

#include <charconv>
#include <fstream>
#include <iterator>

namespace headroom::desktop {

namespace {

std::optional<std::string> bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Project::Project(std::shared_ptr<const model::Catalog> catalog, QObject* parent)
    : QObject(parent), catalog_(std::move(catalog)) {}

model::Expected<void> Project::open(const std::filesystem::path& file) {
    auto document = model::Document::load(file);
    if (!document) return tl::unexpected(document.error());
    open_text(document->text(), file);
    return {};
}

void Project::open_text(const std::string& text, const std::filesystem::path& file) {
    document_ = model::Document(text, file);
    on_disk_ = text;
    scenario_.reset();
    draft_.reset();
    tree_ = {};
    open_ = true;
    undo_.clear();
    undo_.setClean();
    emit opened();
    reread();
}

model::Expected<void> Project::save_to(const std::filesystem::path& file) {
    model::Document copy(document_.text(), document_.file());
    if (auto done = copy.save(file); !done) return done;
    const bool moved = file != document_.file();
    document_ = model::Document(document_.text(), file);
    on_disk_ = document_.text();
    undo_.setClean();
    if (moved) reread();  // what it refers to is looked for beside the new file
    emit saved();
    return {};
}

bool Project::changed_on_disk() const {
    return !document_.file().empty() && bytes_of(document_.file()) != on_disk_;
}

model::Expected<void> Project::set(const QString& name, const model::FieldPath& path,
                                   const std::string& yaml) {
    auto after = document_.with(path, yaml);
    if (!after) return tl::unexpected(after.error());
    apply(name, *after);
    return {};
}

model::Expected<void> Project::reset(const QString& name, const model::FieldPath& path) {
    auto after = document_.without(path);
    if (!after) return tl::unexpected(after.error());
    apply(name, *after);
    return {};
}

void Project::apply(const QString& name, const model::Document& after) {
    if (after.text() == document_.text()) return;
    undo_.push(new EditCommand(*this, document_, after, name));
}

void Project::take(const model::Document& document) {
    // The file may have been saved under another name since the command was made.
    document_ = model::Document(document.text(), document_.file());
    reread();
}

void Project::reread() {
    if (auto tree = document_.tree()) tree_ = std::move(*tree);
    model::Reading reading = model::read_scenario(document_, *catalog_);
    problems_ = std::move(reading.problems);
    valid_ = reading.scenario.has_value();
    if (valid_) scenario_ = std::move(reading.scenario);
    // A text that cannot be parsed leaves the picture as it was.
    if (valid_ || reading.draft) draft_ = std::move(reading.draft);
    emit changed();
}

const model::Scenario* Project::drawn() const {
    if (draft_) return &*draft_;
    return scenario_ ? &*scenario_ : nullptr;
}

const model::Value* value_at(const model::Value& root, const model::FieldPath& path) {
    const model::Value* value = &root;
    for (const std::string& step : path) {
        if (value->is_sequence()) {
            std::size_t index = 0;
            const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
            if (error != std::errc() || index >= value->items.size()) return nullptr;
            value = &value->items[index];
        } else if (value = value->find(step); value == nullptr) {
            return nullptr;
        }
    }
    return value;
}

}  // namespace headroom::desktop
