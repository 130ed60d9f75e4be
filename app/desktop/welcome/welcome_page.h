#pragma once
// Where one starts: examples with a picture of their topology, and the files that were open last.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"

#include <QString>
#include <QWidget>
#include <filesystem>
#include <memory>
#include <vector>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace headroom::desktop {

class Actions;

/// The folder of examples: headroom-scenarios beside the resources, or scenarios in a source tree; empty
/// where there is none.
std::filesystem::path examples_folder();

class WelcomePage final : public QWidget {
    Q_OBJECT

public:
    WelcomePage(std::shared_ptr<const model::Catalog> catalog, const Actions& actions,
                QWidget* parent = nullptr);
    void show_recent(const QStringList& files);
    int example_count() const { return static_cast<int>(examples_.size()); }

signals:
    void open_requested(const QString& file);

private:
    QHBoxLayout* make_head(const Actions& actions);
    void read_examples();
    void add_card(const QString& file, model::Scenario scenario);
    void draw_thumbnails();

    struct Example {
        model::Scenario scenario;
        QLabel* picture = nullptr;
    };

    std::shared_ptr<const model::Catalog> catalog_;
    std::vector<Example> examples_;
    QGridLayout* cards_;
    QVBoxLayout* recent_;
    QWidget* recent_section_;
};

}  // namespace headroom::desktop
