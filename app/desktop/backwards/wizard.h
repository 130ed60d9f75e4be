#pragma once
// Asks what customers need, and makes a first scenario of the answers.

#include "app/desktop/backwards/first_scenario.h"

#include <QWizard>
#include <functional>
#include <memory>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace headroom::desktop {

class BackwardsWizard final : public QWizard {
    Q_OBJECT

public:
    explicit BackwardsWizard(std::shared_ptr<const model::Catalog> catalog, QWidget* parent = nullptr);

signals:
    void made(const QString& scenario_text);

protected:
    void initializePage(int id) override;
    bool validateCurrentPage() override;
    void accept() override;

private:
    enum PageNumber { customer_page, load_page, promise_page, result_page };

    QWizardPage* add_page(PageNumber number, const QString& title, const QString& subtitle,
                          QFormLayout*& form);
    QLineEdit* add_line(QFormLayout& form, const QString& label, const char* name, const QString& initial);
    void add_customer_page();
    void add_load_page();
    void add_promise_page();
    void add_result_page();
    void show_fields_of_shape();
    /// Reads a quantity into the answers; says what is wrong with it, and returns false.
    bool take(QLineEdit* line, model::Dimension dimension, double least, double& value);
    bool take_load();
    bool take_promises();
    void show_result();

    std::shared_ptr<const model::Catalog> catalog_;
    Answers answers_;
    std::optional<FirstScenario> first_;
    QLineEdit *name_, *customer_, *problem_, *benefit_, *evidence_, *experience_;
    QComboBox* shape_;
    QFormLayout* load_form_ = nullptr;
    QLineEdit *events_, *event_size_, *peak_, *users_, *think_time_, *scan_;
    QFormLayout* promise_form_ = nullptr;
    QLineEdit *freshness_, *response_, *cost_;
    QLabel *load_error_, *promise_error_, *result_;
};

}  // namespace headroom::desktop
