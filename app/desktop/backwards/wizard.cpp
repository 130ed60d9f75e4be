#include "app/desktop/backwards/wizard.h"

#include "model/units/unit.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace headroom::desktop {

namespace {

QLabel* error_label() {
    auto* label = new QLabel;
    label->setProperty("role", "error");
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

}  // namespace

BackwardsWizard::BackwardsWizard(std::shared_ptr<const model::Catalog> catalog, QWidget* parent)
    : QWizard(parent), catalog_(std::move(catalog)) {
    setObjectName(QStringLiteral("backwards"));
    setWindowTitle(tr("Work backwards from the customer"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWizardStyle(QWizard::ModernStyle);
    setOption(QWizard::NoBackButtonOnStartPage);
    setButtonText(QWizard::FinishButton, tr("Draw it"));
    resize(660, 540);
    add_customer_page();
    add_load_page();
    add_promise_page();
    add_result_page();
}

QWizardPage* BackwardsWizard::add_page(PageNumber number, const QString& title, const QString& subtitle,
                                       QFormLayout*& form) {
    auto* page = new QWizardPage;
    page->setTitle(title);
    page->setSubTitle(subtitle);
    page->setAccessibleName(title);
    form = new QFormLayout(page);
    form->setRowWrapPolicy(QFormLayout::WrapAllRows);
    form->setVerticalSpacing(8);
    setPage(number, page);
    return page;
}

QLineEdit* BackwardsWizard::add_line(QFormLayout& form, const QString& label, const char* name,
                                     const QString& initial) {
    auto* line = new QLineEdit(initial);
    line->setObjectName(QLatin1String(name));
    line->setAccessibleName(label);
    form.addRow(label, line);
    return line;
}

void BackwardsWizard::add_customer_page() {
    QFormLayout* form = nullptr;
    add_page(customer_page, tr("The customer"),
             tr("Five questions to ask before drawing anything. What you leave open can be answered later."),
             form);
    name_ = add_line(*form, tr("What is the plan called?"), "name", tr("New platform"));
    customer_ = add_line(*form, tr("Who is the customer?"), "customer", {});
    problem_ = add_line(*form, tr("What is the customer's problem or opportunity?"), "problem", {});
    benefit_ = add_line(*form, tr("What is the most important benefit to the customer?"), "benefit", {});
    evidence_ = add_line(*form, tr("How do you know what customers need or want?"), "evidence", {});
    experience_ = add_line(*form, tr("What does the customer experience look like?"), "experience", {});
}

void BackwardsWizard::add_load_page() {
    QWizardPage* page =
        add_page(load_page, tr("What they do"),
                 tr("Means over a day; estimates will do, and every one can be changed later."), load_form_);
    shape_ = new QComboBox;
    shape_->setObjectName(QStringLiteral("shape"));
    shape_->addItem(tr("look at dashboards and reports over events"), static_cast<int>(Shape::dashboards));
    shape_->addItem(tr("ask for single items that events keep up to date"), static_cast<int>(Shape::lookups));
    shape_->addItem(tr("ask a service that answers from a table"), static_cast<int>(Shape::service));
    shape_->setAccessibleName(tr("People …"));
    load_form_->addRow(tr("People …"), shape_);
    users_ = add_line(*load_form_, tr("How many people at a time?"), "users", QStringLiteral("200"));
    think_time_ = add_line(*load_form_, tr("How long does one think between two questions?"), "think-time",
                           QStringLiteral("30 s"));
    scan_ = add_line(*load_form_, tr("How much data does a question read?"), "scan", QStringLiteral("80 MB"));
    events_ = add_line(*load_form_, tr("How many events arrive?"), "events", QStringLiteral("2000 events/s"));
    event_size_ = add_line(*load_form_, tr("How large is one?"), "event-size", QStringLiteral("500 B"));
    peak_ =
        add_line(*load_form_, tr("How high is the daily peak over the mean?"), "peak", QStringLiteral("2x"));
    load_error_ = error_label();
    load_form_->addRow(load_error_);
    connect(shape_, &QComboBox::currentIndexChanged, page, [this] { show_fields_of_shape(); });
}

void BackwardsWizard::add_promise_page() {
    add_page(promise_page, tr("What you promise"),
             tr("These become the objectives that every run is held against."), promise_form_);
    freshness_ = add_line(*promise_form_, tr("How old may data be, for 99 of 100 events?"), "freshness",
                          QStringLiteral("3 min"));
    response_ = add_line(*promise_form_, tr("How long may an answer take, for 95 of 100 questions?"),
                         "response", QStringLiteral("2 s"));
    cost_ = add_line(*promise_form_, tr("What may it cost?"), "cost", QStringLiteral("$3000/month"));
    promise_error_ = error_label();
    promise_form_->addRow(promise_error_);
}

void BackwardsWizard::add_result_page() {
    QFormLayout* form = nullptr;
    add_page(
        result_page, tr("A first scenario"),
        tr("Each part is made so large that it is used to no more than 60 % at the peak, by closed forms. "
           "Draw it, and see at once which promises it keeps."),
        form);
    result_ = new QLabel;
    result_->setObjectName(QStringLiteral("first-sizes"));
    result_->setTextFormat(Qt::PlainText);
    result_->setWordWrap(true);
    result_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    form->addRow(result_);
}

void BackwardsWizard::show_fields_of_shape() {
    const auto shape = static_cast<Shape>(shape_->currentData().toInt());
    const auto show = [](QFormLayout& form, QLineEdit* line, bool shown) {
        line->setVisible(shown);
        form.labelForField(line)->setVisible(shown);
    };
    show(*load_form_, scan_, shape == Shape::dashboards);
    for (QLineEdit* line : {events_, event_size_, peak_}) show(*load_form_, line, shape != Shape::service);
    show(*promise_form_, freshness_, shape != Shape::service);
}

bool BackwardsWizard::take(QLineEdit* line, model::Dimension dimension, double least, double& value) {
    if (line->isHidden()) return true;  // not a question of this shape
    QLabel* error = currentId() == load_page ? load_error_ : promise_error_;
    const auto parsed = model::parse_quantity(line->text().toStdString(), dimension);
    if (parsed && *parsed >= least && *parsed > 0) {
        value = *parsed;
        return true;
    }
    error->setText(parsed
                       ? tr("%1 '%2' is too little").arg(line->accessibleName(), line->text())
                       : line->accessibleName() + QLatin1Char(' ') + QString::fromStdString(parsed.error()));
    line->setFocus();
    return false;
}

bool BackwardsWizard::take_load() {
    load_error_->clear();
    answers_.shape = static_cast<Shape>(shape_->currentData().toInt());
    double users = 0, think = 0, scan = 0, events = 0, size = 0;
    answers_.peak = 1;
    if (!take(users_, model::dimensions::item, 1, users) ||
        !take(think_time_, model::dimensions::time, 0, think) ||
        !take(scan_, model::dimensions::data, 0, scan) ||
        !take(events_, model::dimensions::item_rate, 0, events) ||
        !take(event_size_, model::dimensions::data, 1, size) ||
        !take(peak_, model::dimensions::none, 1, answers_.peak))
        return false;
    answers_.users = static_cast<int>(std::min(users, 1e9));
    answers_.think_time = model::seconds(think);
    answers_.scan = model::DataSize(scan);
    answers_.events = model::ItemRate(events);
    answers_.event_size = model::DataSize(size);
    return true;
}

bool BackwardsWizard::take_promises() {
    promise_error_->clear();
    double freshness = 0, response = 0, cost = 0;
    if (!take(freshness_, model::dimensions::time, 0, freshness) ||
        !take(response_, model::dimensions::time, 0, response) ||
        !take(cost_, model::dimensions::money_rate, 0, cost))
        return false;
    answers_.freshness = model::seconds(freshness);
    answers_.response = model::seconds(response);
    answers_.cost = cost * model::months(1).value();
    first_.reset();
    auto first = first_scenario(answers_, *catalog_);
    if (!first) {
        promise_error_->setText(QString::fromStdString(first.error().front().message));
        return false;
    }
    first_ = *std::move(first);
    return true;
}

bool BackwardsWizard::validateCurrentPage() {
    switch (currentId()) {
        case customer_page: {
            const auto text = [](const QLineEdit* line) { return line->text().simplified().toStdString(); };
            answers_.name =
                name_->text().trimmed().isEmpty() ? tr("New platform").toStdString() : text(name_);
            answers_.customer = text(customer_);
            answers_.problem = text(problem_);
            answers_.benefit = text(benefit_);
            answers_.evidence = text(evidence_);
            answers_.experience = text(experience_);
            return true;
        }
        case load_page:
            return take_load();
        case promise_page:
            return take_promises();
        default:
            return true;
    }
}

void BackwardsWizard::initializePage(int id) {
    QWizard::initializePage(id);
    if (id == load_page || id == promise_page) show_fields_of_shape();
    if (id == result_page) show_result();
}

void BackwardsWizard::show_result() {
    if (!first_) return;
    QStringList lines;
    for (const std::string& size : first_->sizes)
        lines << QStringLiteral("•  ") + QString::fromStdString(size);
    result_->setText(
        lines.join(QLatin1Char('\n')) +
        tr("\n\nShares are those of the mean load. The times of processing are assumptions until "
           "they are measured on a sample."));
}

void BackwardsWizard::accept() {
    if (first_) emit made(QString::fromStdString(first_->text));
    QWizard::accept();
}

}  // namespace headroom::desktop
