#include "app/desktop/welcome/welcome_page.h"

#include "app/desktop/canvas/thumbnail.h"
#include "app/desktop/shell/actions.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/labels.h"
#include "model/scenario/read.h"

#include <QAction>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace headroom::desktop {

namespace {

constexpr QSize thumbnail_size(300, 96);

}  // namespace

std::filesystem::path examples_folder() {
    const auto resources = model::find_resources();
    if (!resources) return {};
    std::error_code ignored;
    // In the build tree the resources are a link, and the examples lie beside the link.
    for (const auto& parent :
         {resources->parent_path(), std::filesystem::canonical(*resources, ignored).parent_path()})
        for (const char* name : {"headroom-scenarios", "scenarios"})
            if (std::filesystem::is_directory(parent / name, ignored)) return parent / name;
    return {};
}

WelcomePage::WelcomePage(std::shared_ptr<const model::Catalog> catalog, const Actions& actions,
                         QWidget* parent)
    : QWidget(parent), catalog_(std::move(catalog)) {
    setObjectName(QStringLiteral("welcome"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    outer->addWidget(scroll);
    auto* body = new QWidget;
    scroll->setWidget(body);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(48, 36, 48, 32);
    column->setSpacing(12);
    column->addLayout(make_head(actions));
    column->addSpacing(14);
    column->addWidget(make_label(tr("Examples"), "heading", false));
    cards_ = new QGridLayout;
    cards_->setSpacing(16);
    column->addLayout(cards_);
    column->addSpacing(12);

    recent_section_ = new QWidget;
    auto* section = new QVBoxLayout(recent_section_);
    section->setContentsMargins(0, 0, 0, 0);
    section->addWidget(make_label(tr("Recent files"), "heading", false));
    recent_ = new QVBoxLayout;
    recent_->setSpacing(6);
    section->addLayout(recent_);
    column->addWidget(recent_section_);
    column->addStretch(1);
    read_examples();
    when_theme_changes(this, [this] { draw_thumbnails(); });
}

QHBoxLayout* WelcomePage::make_head(const Actions& actions) {
    auto* head = new QHBoxLayout;
    head->setSpacing(18);
    auto* logo = new QLabel;
    logo->setPixmap(tinted_pixmap(QStringLiteral("headroom"), theme().accent, 56, 2));
    head->addWidget(logo, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(make_label(tr("Headroom"), "title", false));
    words->addWidget(make_label(tr("Does the platform keep up, how late is the data, and what does it cost?"),
                                "muted", false));
    head->addLayout(words, 1);
    auto* right = new QVBoxLayout;
    right->setSpacing(6);
    QAction* open = actions[Do::open];
    auto* button = new QPushButton(tr("Open a scenario…"));
    button->setProperty("primary", true);
    button->setToolTip(open->toolTip());
    connect(button, &QPushButton::clicked, open, &QAction::trigger);
    right->addWidget(button, 0, Qt::AlignRight);
    QAction* backwards = actions[Do::work_backwards];
    auto* begin = new QPushButton(tr("Work backwards from the customer…"));
    begin->setObjectName(QStringLiteral("work-backwards"));
    begin->setToolTip(backwards->toolTip());
    connect(begin, &QPushButton::clicked, backwards, &QAction::trigger);
    right->addWidget(begin, 0, Qt::AlignRight);
    right->addWidget(make_label(tr("or drop a file on this window"), "muted", false), 0, Qt::AlignRight);
    head->addLayout(right);
    return head;
}

void WelcomePage::read_examples() {
    const auto folder = examples_folder();
    std::error_code ignored;
    std::vector<std::filesystem::path> files;
    if (!folder.empty())
        for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
            if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        if (auto reading = model::read_scenario(file, *catalog_); reading.scenario)
            add_card(QString::fromStdString(file.string()), std::move(*reading.scenario));
    for (int column = 0; column < 3; ++column) cards_->setColumnStretch(column, 1);
    draw_thumbnails();
}

void WelcomePage::add_card(const QString& file, model::Scenario scenario) {
    const int index = example_count();
    const QString name = QString::fromStdString(scenario.name);
    const QString question = QString::fromStdString(scenario.question);
    auto* card = new QPushButton;
    card->setProperty("role", "card");
    card->setObjectName(QStringLiteral("example:") + QFileInfo(file).completeBaseName());
    card->setAccessibleName(tr("Example %1").arg(name));
    card->setAccessibleDescription(question);
    card->setCursor(Qt::PointingHandCursor);
    card->setMinimumSize(320, 214);
    card->setMaximumHeight(214);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(18, 16, 18, 14);
    inside->setSpacing(6);
    auto* picture = new QLabel;
    picture->setAlignment(Qt::AlignCenter);
    auto* text = make_label(question, "muted");
    for (QLabel* part : {picture, make_label(name, "heading", false), text}) {
        part->setAttribute(Qt::WA_TransparentForMouseEvents);
        inside->addWidget(part);
    }
    inside->addStretch(1);
    connect(card, &QPushButton::clicked, this, [this, file] { emit open_requested(file); });
    cards_->addWidget(card, index / 3, index % 3);
    examples_.push_back({std::move(scenario), picture});
}

void WelcomePage::draw_thumbnails() {
    for (const Example& example : examples_)
        example.picture->setPixmap(
            topology_thumbnail(example.scenario, *catalog_, thumbnail_size, devicePixelRatioF()));
}

void WelcomePage::show_recent(const QStringList& files) {
    while (QLayoutItem* item = recent_->takeAt(0)) {
        // The click that opened a file may still be under way in one of these.
        if (item->widget() != nullptr) item->widget()->deleteLater();
        delete item;
    }
    for (const QString& file : files) {
        auto* button =
            new QPushButton(QFileInfo(file).fileName() + QStringLiteral("   ") + QFileInfo(file).path());
        button->setProperty("role", "row");
        button->setIcon(tinted_icon(QStringLiteral("recent")));
        button->setToolTip(file);
        connect(button, &QPushButton::clicked, this, [this, file] { emit open_requested(file); });
        recent_->addWidget(button);
    }
    recent_section_->setVisible(!files.isEmpty());
}

}  // namespace headroom::desktop
