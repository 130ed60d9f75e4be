#pragma once
// One edit: the text before and after, under the name that the undo menu shows.

#include "model/scenario/document.h"

#include <QUndoCommand>

namespace headroom::desktop {

class Project;

class EditCommand final : public QUndoCommand {
public:
    EditCommand(Project& project, model::Document before, model::Document after, const QString& name);
    void undo() override;
    void redo() override;

private:
    Project& project_;
    model::Document before_, after_;
};

}  // namespace headroom::desktop
