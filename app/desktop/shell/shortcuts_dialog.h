#pragma once
// The keys of every action, to be changed; two actions cannot have the same.

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QTableWidget;

namespace headroom::desktop {

class Actions;

class ShortcutsDialog final : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(Actions& actions, QWidget* parent);

private:
    void fill();
    void take_keys();

    Actions& actions_;
    QTableWidget* table_;
    QKeySequenceEdit* keys_;
    QLabel* note_;
};

}  // namespace headroom::desktop
