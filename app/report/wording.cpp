#include "app/report/wording.h"

#include "model/units/unit.h"

#include <QString>
#include <cmath>

namespace headroom::report {

std::string clean(const std::string& text) {
    QString result;
    for (const QChar c : QString::fromStdString(text)) {
        const ushort u = c.unicode();
        const bool direction = (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x200e ||
                               u == 0x200f || u == 0x061c;
        if (direction || u == 0xfeff) continue;
        if (u == '\n' || u == '\t' || u == '\r')
            result += ' ';
        else if (c.category() == QChar::Other_Control || (u >= 0xfffe))
            result += QChar(0xfffd);
        else
            result += c;
    }
    // A lone half of a surrogate pair has no UTF-8.
    return QString::fromUtf8(result.toUtf8()).toStdString();
}

std::string figure_text(const model::FigureKey& key, double value, const std::string& noun) {
    if (std::isnan(value)) return "";
    if (std::isinf(value)) return "without bound";
    if (key.metric.starts_with("cost")) return money(value * model::months(1).value()) + "/month";
    const model::Metric* metric = model::find_metric(key.metric);
    if (!metric) return number(value);
    if (noun.empty() || !*metric->noun) return model::print_figure(*metric, value);
    return model::format_quantity(value, metric->dimension, {.noun = noun});
}

std::string noun_of(const model::Scenario& scenario, const std::string& workload) {
    for (const model::Workload& candidate : scenario.workloads)
        if (candidate.id == workload) return candidate.is_stream() ? "events" : "requests";
    return "items";
}

std::string interval_text(const model::FigureKey& key, const model::Estimate& estimate,
                          const std::string& noun) {
    if (estimate.exact() || std::isinf(estimate.value)) return "exact";
    if (std::isinf(estimate.half_width)) return "not estimable";
    // No metric can be negative.
    return figure_text(key, std::max(0.0, estimate.low()), noun) + " to " +
           figure_text(key, estimate.high(), noun);
}

std::string half_width_text(const model::FigureKey& key, const model::Estimate& estimate,
                            const std::string& noun) {
    if (estimate.exact() || std::isinf(estimate.half_width) || std::isinf(estimate.value)) return "";
    return "± " + figure_text(key, estimate.half_width, noun);
}

namespace {

std::string grouped(const QString& digits) {
    const auto point = digits.indexOf('.');
    QString whole = point < 0 ? digits : digits.left(point);
    for (auto i = whole.size() - 3; i > (whole.startsWith('-') ? 1 : 0); i -= 3) whole.insert(i, ',');
    return (point < 0 ? whole : whole + digits.mid(point)).toStdString();
}

}  // namespace

std::string money(double dollars) {
    if (!std::isfinite(dollars)) return "without bound";
    const std::string text = grouped(QString::number(std::abs(dollars), 'f', 2));
    return (dollars <= -0.005 ? "-$" : "$") + text;
}

std::string unit_price(double dollars) {
    QString digits = QString::number(dollars, 'f', dollars >= 1 ? 4 : 10);
    while (digits.endsWith('0') && digits.section('.', 1).size() > 2) digits.chop(1);
    return "$" + grouped(digits);
}

std::string number(double value, int digits) {
    if (!std::isfinite(value)) return "without bound";
    if (value == 0) return "0";
    const double size = std::abs(value);
    if (size >= 1e15 || size < 1e-4) return QString::number(value, 'g', digits).toStdString();
    const int decimals = std::max(0, digits - 1 - static_cast<int>(std::floor(std::log10(size))));
    QString text = QString::number(value, 'f', decimals);
    if (text.contains('.')) {
        while (text.endsWith('0')) text.chop(1);
        if (text.endsWith('.')) text.chop(1);
    }
    return grouped(text);
}

std::string percent(double share, int digits) { return number(share * 100, digits) + " %"; }

std::string duration(double seconds) { return model::format_quantity(seconds, model::dimensions::time); }

std::string count_of(double count, const std::string& one, const std::string& many) {
    return number(count, 15) + " " + (count == 1 ? one : many);
}

std::string list_of(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string capitalised(std::string sentence) {
    if (!sentence.empty() && sentence.front() >= 'a' && sentence.front() <= 'z')
        sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
    return sentence;
}

std::string unbroken(const std::string& sentence) {
    QString text = QString::fromStdString(sentence);
    for (qsizetype i = 1; i + 1 < text.size(); ++i)
        if (text[i] == ' ' && text[i - 1].isDigit() && text[i + 1] != ' ') text[i] = QChar(QChar::Nbsp);
    return text.toStdString();
}

std::string subject_of(const model::FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    std::string text = !metric ? key.metric : metric->objective ? metric->objective : metric->title;
    if (!metric || !metric->objective) text = QString::fromStdString(text).toLower().toStdString();
    if (!key.of.empty()) text += " of " + clean(key.of);
    if (!key.subject.empty())
        text += (key.of.empty()                  ? " of "
                 : text.starts_with("freshness") ? " in "
                                                 : " at ") +
                clean(key.subject);
    return text;
}

}  // namespace headroom::report
