#include "app/desktop/document/edit_command.h"

#include "app/desktop/document/project.h"

namespace headroom::desktop {

EditCommand::EditCommand(Project& project, model::Document before, model::Document after, const QString& name)
    : QUndoCommand(name), project_(project), before_(std::move(before)), after_(std::move(after)) {}

void EditCommand::undo() { project_.take(before_); }

void EditCommand::redo() { project_.take(after_); }

}  // namespace headroom::desktop
