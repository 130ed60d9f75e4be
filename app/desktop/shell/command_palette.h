#pragma once
// Every action that can be done now, found by a part of its name.

#include <QDialog>

class QAction;
class QLineEdit;
class QListWidget;

namespace headroom::desktop {

class Actions;

class CommandPalette final : public QDialog {
    Q_OBJECT

public:
    CommandPalette(const Actions& actions, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& words);
    void trigger();

    const Actions& actions_;
    QLineEdit* search_;
    QListWidget* list_;
};

}  // namespace headroom::desktop
