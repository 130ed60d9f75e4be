#pragma once
// The palette: search, then drag an entry to the canvas, double-click it or press Enter.

#include <QFrame>

class QLineEdit;
class QListView;

namespace headroom::model {
class Catalog;
}

namespace headroom::desktop {

class PaletteModel;

class PalettePanel final : public QFrame {
    Q_OBJECT

public:
    explicit PalettePanel(const model::Catalog& catalog, QWidget* parent = nullptr);
    void take_focus();

signals:
    void chosen(const QString& entry);
    void left();  ///< by Escape

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose();

    PaletteModel* model_;
    QLineEdit* search_;
    QListView* list_;
};

}  // namespace headroom::desktop
