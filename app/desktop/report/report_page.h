#pragma once
// The planning report before it is written: pages as they will be printed, sections to choose and to order,
// export in every format.

#include "app/desktop/runs/runner.h"
#include "app/report/content/materials.h"
#include "app/report/content/template.h"
#include "app/report/content/writers.h"

#include <QWidget>
#include <optional>
#include <thread>

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace headroom::desktop {

class PagesView;

/// What a report is about: a finished run and the document that it was of.
struct ReportSubject {
    RunOutcome outcome;
    model::Document document;
    sim::RunOptions options;
};

class ReportPage final : public QWidget {
    Q_OBJECT

public:
    explicit ReportPage(std::shared_ptr<const model::Catalog> catalog, QWidget* parent = nullptr);
    ~ReportPage() override;

    /// Gathers what the report needs beyond the run, away from the GUI thread; the pages follow. The same
    /// subject again changes nothing.
    void show_subject(const ReportSubject& subject);
    void clear();
    bool is_ready() const { return materials_.has_value(); }
    int pages() const;
    /// Ids of the ticked sections, in their order on the list.
    std::vector<std::string> chosen() const;
    QListWidget& sections() { return *sections_; }

    /// A team's own look: cover, footer, logo and sections of a folder with template.yaml, remembered for the
    /// next start. An empty folder takes it off; a wrong one is told and changes nothing.
    bool use_template(const QString& folder);
    QString template_folder() const { return template_folder_; }

    /// Writes the chosen sections; the format follows the file's ending. Remembered for repeat_export().
    bool write_to(const QString& file);
    bool repeat_export();
    QString last_export() const { return last_; }

signals:
    void failed(const QString& text);
    void wrote(const QString& file);

private:
    QWidget* make_side();
    QWidget* make_template_row();
    /// Lists the template's sections first, in its order; those that it leaves out stand unticked below.
    void list_sections();
    const report::Template* look() const { return look_ ? &*look_ : nullptr; }
    void show_materials(int asked, model::Expected<report::Materials> found);
    void refresh_pages();
    void say(const QString& text);

    std::shared_ptr<const model::Catalog> catalog_;
    std::optional<ReportSubject> subject_;
    std::optional<report::Materials> materials_;
    QListWidget* sections_;
    QPushButton *export_, *repeat_, *template_, *no_template_;
    QString template_folder_;
    std::optional<report::Template> look_;
    QLabel *title_, *state_;
    PagesView* view_;
    QString last_;
    int asked_ = 0;
    std::jthread thread_;
};

}  // namespace headroom::desktop
