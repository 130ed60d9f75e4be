#pragma once
// Printed pages one below the other.

#include <QPicture>
#include <QWidget>
#include <deque>

namespace headroom::desktop {

class PagesView final : public QWidget {
    Q_OBJECT

public:
    explicit PagesView(QWidget* parent = nullptr);

    void show_pages(std::deque<QPicture> pages);
    int count() const { return static_cast<int>(pages_.size()); }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QRect page_rect(int page) const;

    std::deque<QPicture> pages_;
};

}  // namespace headroom::desktop
