#include "app/desktop/report/report_page.h"

#include "app/desktop/report/pages_view.h"
#include "app/report/pdf.h"
#include "app/report/report.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

namespace headroom::desktop {

namespace {

QString sentences_of(const model::Problems& problems) {
    QStringList lines;
    for (const model::Problem& problem : problems) lines << QString::fromStdString(problem.sentence());
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

ReportPage::ReportPage(std::shared_ptr<const model::Catalog> catalog, QWidget* parent)
    : QWidget(parent), catalog_(std::move(catalog)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(16);
    row->addWidget(make_side());
    view_ = new PagesView;
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setWidget(view_);
    scroll->setAccessibleName(tr("Preview of the report"));
    row->addWidget(scroll, 1);
    last_ = QSettings().value(QStringLiteral("report/last")).toString();
    clear();
    use_template(QSettings().value(QStringLiteral("report/template")).toString());
}

ReportPage::~ReportPage() = default;

QWidget* ReportPage::make_side() {
    auto* side = new QWidget;
    side->setFixedWidth(310);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    title_ = new QLabel(tr("Planning report"));
    title_->setProperty("role", "title");
    title_->setWordWrap(true);
    column->addWidget(title_);
    state_ = new QLabel;
    state_->setProperty("role", "muted");
    state_->setWordWrap(true);
    state_->setTextFormat(Qt::PlainText);
    column->addWidget(state_);
    sections_ = new QListWidget;
    sections_->setAccessibleName(tr("Sections of the report"));
    sections_->setToolTip(tr("Tick what the report shows; drag to order it"));
    sections_->setDragDropMode(QAbstractItemView::InternalMove);
    connect(sections_, &QListWidget::itemChanged, this, [this] { refresh_pages(); });
    connect(sections_->model(), &QAbstractItemModel::rowsMoved, this, [this] { refresh_pages(); });
    column->addWidget(sections_, 1);
    column->addWidget(make_template_row());
    export_ = new QPushButton(tr("Export…"));
    export_->setProperty("primary", true);
    connect(export_, &QPushButton::clicked, this, [this] {
        const QString suggested =
            last_.isEmpty() && subject_
                ? QFileInfo(QString::fromStdString(subject_->document.file().string())).path() +
                      QStringLiteral("/report.pdf")
                : last_;
        const QString file = QFileDialog::getSaveFileName(
            this, tr("Export the report"), suggested,
            tr("PDF document (*.pdf);;Web page (*.html);;Markdown (*.md);;Workbook (*.xlsx)"));
        if (!file.isEmpty()) write_to(file);
    });
    column->addWidget(export_);
    repeat_ = new QPushButton(tr("Repeat last export"));
    connect(repeat_, &QPushButton::clicked, this, [this] { repeat_export(); });
    column->addWidget(repeat_);
    return side;
}

QWidget* ReportPage::make_template_row() {
    auto* made = new QWidget;
    auto* row = new QHBoxLayout(made);
    row->setContentsMargins(0, 0, 0, 0);
    template_ = new QPushButton;
    template_->setObjectName(QStringLiteral("report-template"));
    template_->setToolTip(tr("A folder with template.yaml: a team's own cover, footer, logo and sections"));
    connect(template_, &QPushButton::clicked, this, [this] {
        const QString folder =
            QFileDialog::getExistingDirectory(this, tr("The folder of a template"), template_folder_);
        if (!folder.isEmpty()) use_template(folder);
    });
    row->addWidget(template_, 1);
    no_template_ = new QPushButton(tr("None"));
    no_template_->setObjectName(QStringLiteral("report-no-template"));
    no_template_->setAccessibleName(tr("No template"));
    connect(no_template_, &QPushButton::clicked, this, [this] { use_template({}); });
    row->addWidget(no_template_);
    return made;
}

bool ReportPage::use_template(const QString& folder) {
    std::optional<report::Template> look;
    if (!folder.isEmpty()) {
        auto read = report::read_template(folder.toStdString());
        if (!read) {
            say(sentences_of(read.error()));
            emit failed(sentences_of(read.error()));
            if (sections_->count() == 0) use_template({});
            return false;
        }
        look = *std::move(read);
    }
    look_ = std::move(look);
    template_folder_ = folder;
    QSettings().setValue(QStringLiteral("report/template"), folder);
    template_->setText(look_ ? QFileInfo(folder).fileName() : tr("Template…"));
    template_->setAccessibleName(look_ ? tr("Template %1").arg(template_->text()) : tr("Template"));
    no_template_->setVisible(look_.has_value());
    list_sections();
    refresh_pages();
    return true;
}

void ReportPage::list_sections() {
    const QSignalBlocker quiet(sections_);
    sections_->clear();
    const auto add = [this](const QString& id, const QString& title, const QString& help, bool ticked) {
        auto* item = new QListWidgetItem(title, sections_);
        item->setData(Qt::UserRole, id);
        item->setToolTip(help);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(ticked ? Qt::Checked : Qt::Unchecked);
    };
    const auto add_any = [&](const std::string& id, bool ticked) {
        if (const report::SectionSpec* section = report::find_section(id))
            return add(QString::fromStdString(id), QString::fromUtf8(section->title),
                       QString::fromUtf8(section->help), ticked);
        add(QString::fromStdString(id), QString::fromStdString(look_->own.find(id)->second.title),
            tr("The template's own section"), ticked);
    };
    const std::vector<std::string> first = look_ ? look_->sections : std::vector<std::string>{};
    for (const std::string& id : first) add_any(id, true);
    std::vector<std::string> others;
    for (const report::SectionSpec& section : report::sections()) others.emplace_back(section.id);
    if (look_)
        for (const auto& [id, own] : look_->own) others.push_back(id);
    for (const std::string& id : others)
        if (std::find(first.begin(), first.end(), id) == first.end()) add_any(id, first.empty());
}

void ReportPage::say(const QString& text) { state_->setText(text); }

void ReportPage::clear() {
    ++asked_;
    thread_ = {};
    subject_.reset();
    materials_.reset();
    view_->show_pages({});
    export_->setEnabled(false);
    repeat_->setEnabled(false);
    say(tr("Run the scenario: its report is shown here before it is written."));
}

void ReportPage::show_subject(const ReportSubject& subject) {
    if (!subject.outcome.result) return clear();
    if (subject_ && subject_->outcome.result == subject.outcome.result &&
        subject_->document.text() == subject.document.text())
        return;
    clear();
    subject_ = subject;
    say(tr("Looking closer: causes, sensitivities, what more load does…"));
    const int asked = asked_;
    // The thread works on what the page keeps; clear() stops and joins it before that changes.
    thread_ = std::jthread([this, asked, &kept = *subject_](std::stop_token stop) {
        const report::Input run{kept.outcome.scenario, *catalog_, *kept.outcome.result,
                                kept.outcome.calibrations};
        auto found = std::make_shared<model::Expected<report::Materials>>(
            report::Materials::gather(kept.document, run, kept.options, {}, {}, stop));
        if (stop.stop_requested()) return;
        QMetaObject::invokeMethod(
            this, [this, asked, found] { show_materials(asked, std::move(*found)); }, Qt::QueuedConnection);
    });
}

void ReportPage::show_materials(int asked, model::Expected<report::Materials> found) {
    if (asked != asked_) return;
    if (!found) {
        say(sentences_of(found.error()));
        return;
    }
    materials_ = *std::move(found);
    export_->setEnabled(true);
    repeat_->setEnabled(!last_.isEmpty());
    repeat_->setToolTip(last_);
    refresh_pages();
}

std::vector<std::string> ReportPage::chosen() const {
    std::vector<std::string> ids;
    for (int i = 0; i < sections_->count(); ++i)
        if (sections_->item(i)->checkState() == Qt::Checked)
            ids.push_back(sections_->item(i)->data(Qt::UserRole).toString().toStdString());
    return ids;
}

int ReportPage::pages() const { return view_->count(); }

void ReportPage::refresh_pages() {
    if (!materials_) return;
    const std::vector<std::string> ids = chosen();
    export_->setEnabled(!ids.empty());
    if (ids.empty()) {
        view_->show_pages({});
        say(tr("No section is ticked."));
        return;
    }
    view_->show_pages(report::pages_of(
        report::QtIllustrator::shown(report::build_report(materials_->input(), ids, look()))));
    say(pages() == 1 ? tr("1 page") : tr("%1 pages").arg(pages()));
}

bool ReportPage::write_to(const QString& file) {
    if (!materials_) return false;
    const report::QtIllustrator illustrator;
    const std::filesystem::path path = file.toStdString();
    const auto written =
        report::write_report(path, report::format_of(path), &illustrator, {materials_->input()},
                             [&] { return report::build_report(materials_->input(), chosen(), look()); });
    if (!written) {
        say(sentences_of(written.error()));
        emit failed(sentences_of(written.error()));
        return false;
    }
    last_ = file;
    QSettings().setValue(QStringLiteral("report/last"), last_);
    repeat_->setEnabled(true);
    repeat_->setToolTip(last_);
    say(tr("Wrote %1").arg(file));
    emit wrote(file);
    return true;
}

bool ReportPage::repeat_export() { return !last_.isEmpty() && write_to(last_); }

}  // namespace headroom::desktop
