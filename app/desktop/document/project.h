#pragma once
// The open scenario: its text is the truth, every edit is an undoable command, and the text is read again
// after each.

#include "model/catalog/catalog.h"
#include "model/scenario/document.h"
#include "model/scenario/read.h"

#include <QObject>
#include <QString>
#include <QUndoStack>
#include <filesystem>
#include <memory>
#include <optional>

namespace headroom::desktop {

class Project : public QObject {
    Q_OBJECT

public:
    explicit Project(std::shared_ptr<const model::Catalog> catalog, QObject* parent = nullptr);

    /// Replaces what is open. On an error what was open stays.
    model::Expected<void> open(const std::filesystem::path& file);
    /// Opens a text that has no file yet.
    void open_text(const std::string& text, const std::filesystem::path& file = {});
    model::Expected<void> save_to(const std::filesystem::path& file);

    bool is_open() const { return open_; }
    bool is_modified() const { return !undo_.isClean(); }
    /// Another program has written the file, or removed it, since it was read or saved.
    bool changed_on_disk() const;

    const model::Document& document() const { return document_; }
    /// The tree of the text where it parses, else of the last text that did.
    const model::Value& tree() const { return tree_; }
    /// The last scenario without errors: stays while the text is wrong. Empty before there was one.
    const std::optional<model::Scenario>& scenario() const { return scenario_; }
    /// What there is to draw: the scenario, or what can be read of a text with errors. Null before there was
    /// anything.
    const model::Scenario* drawn() const;
    /// Whether scenario() is what the text says now.
    bool is_valid() const { return valid_; }
    const model::Problems& problems() const { return problems_; }
    const model::Catalog& catalog() const { return *catalog_; }
    std::shared_ptr<const model::Catalog> shared_catalog() const { return catalog_; }
    QUndoStack& undo() { return undo_; }

    /// Edits of one field, as one undo step of that name. Nothing happens where the text cannot be edited;
    /// the error says why.
    model::Expected<void> set(const QString& name, const model::FieldPath& path, const std::string& yaml);
    model::Expected<void> reset(const QString& name, const model::FieldPath& path);
    /// Any edit, as one undo step.
    void apply(const QString& name, const model::Document& after);

signals:
    void opened();   ///< another scenario; changed() follows
    void changed();  ///< the text was read again
    void saved();

private:
    friend class EditCommand;
    void take(const model::Document& document);
    void reread();

    std::shared_ptr<const model::Catalog> catalog_;
    model::Document document_;
    std::string on_disk_;
    model::Value tree_;
    std::optional<model::Scenario> scenario_, draft_;
    model::Problems problems_;
    QUndoStack undo_;
    bool open_ = false, valid_ = false;
};

/// What stands at a path, or nullptr.
const model::Value* value_at(const model::Value& root, const model::FieldPath& path);

}  // namespace headroom::desktop
