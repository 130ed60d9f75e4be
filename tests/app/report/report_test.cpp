#include "app/report/report.h"

#include "app/report/content/build.h"
#include "app/report/content/wording.h"
#include "click_analytics.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest/QTest>
#include <csignal>
#include <sys/resource.h>

using namespace headroom::report;
using headroom::report::testing::click_analytics;
using headroom::report::testing::Example;

namespace {

QByteArray bytes_of(const QString& file) {
    QFile handle(file);
    return handle.open(QIODevice::ReadOnly) ? handle.readAll() : QByteArray();
}

/// Words only: without tags, entities, kinds of space.
QString words_of_html(const std::string& html) {
    QString text = QString::fromStdString(html);
    text.remove(QRegularExpression("<style>.*?</style>", QRegularExpression::DotMatchesEverythingOption));
    text.remove(QRegularExpression("<[^>]*>"));
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    return text.replace(QChar(QChar::Nbsp), ' ');
}

QString words_of_pdf(const std::string& pdf, const QString& folder) {
    const QString file = folder + "/report.pdf";
    QFile handle(file);
    if (!handle.open(QIODevice::WriteOnly)) return {};
    handle.write(pdf.data(), static_cast<qint64>(pdf.size()));
    handle.close();
    QProcess process;
    process.start("pdftotext", {"-layout", file, "-"});
    if (!process.waitForFinished()) return {};
    return QString::fromUtf8(process.readAllStandardOutput()).replace(QChar(QChar::Nbsp), ' ');
}

bool has_pdftotext() {
    QProcess process;
    process.start("pdftotext", {"-v"});
    return process.waitForFinished();
}

std::string message_of(const headroom::model::Expected<void>& outcome) {
    return outcome ? "" : outcome.error().front().message;
}

}  // namespace

class ReportTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir folder_;
    const Example example_ = click_analytics();

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void html_has_everything() {
        const QString words = words_of_html(to_html(example_.input()));
        for (const auto& objective : example_.result.objectives) {
            QVERIFY2(words.contains(QString::fromStdString(objective.text)), objective.text.c_str());
            QVERIFY(
                words.contains(QString::fromStdString(figure_text(objective.key, objective.figure.value))));
        }
        for (const auto& line : example_.result.bill.lines) {
            QVERIFY2(words.contains(QString::fromStdString(money(line.amount))), line.price_id.c_str());
            QVERIFY(words.contains(QString::fromStdString(line.dimension)));
        }
        for (const char* expected :
             {"Click analytics", "Are dashboards fresh", "$2,140.47", "unsourced", "2.16 to 2.21 min",
              "DuckDB 1.5.5", "AMD EPYC 7B13", "READ_JSON", "3 of 4", "95 % confidence", "20 min are warm-up",
              "docs.example.org", "brokers, enrich, lake and warehouse", "hottest of 12 partitions",
              "864,000,000", "9f86d081884c"})
            QVERIFY2(words.contains(expected), expected);
    }

    void html_needs_nothing_else() {
        const QString html = QString::fromStdString(to_html(example_.input()));
        QVERIFY(!html.contains("<script"));
        QVERIFY(!html.contains(" src="));
        QVERIFY(!html.contains("@import"));
        QVERIFY(!html.contains("url("));
        QCOMPARE(html.count("<svg"), 5);  // topology, freshness, response, utilisation, cost
        QCOMPARE(html.count("<svg"), html.count("</svg>"));
        QVERIFY(html.contains("var(--series-1)"));
        QVERIFY(html.contains("prefers-color-scheme: dark"));
        // Colours of the drawings all follow the scheme.
        QVERIFY(!QRegularExpression("(fill|stroke)=\"#(?!000000|ffffff)").match(html).hasMatch());
    }

    void pdf_has_everything() {
        if (!has_pdftotext()) QSKIP("pdftotext is not installed");
        const QString words = words_of_pdf(to_pdf(example_.input()), folder_.path());
        for (const auto& line : example_.result.bill.lines)
            QVERIFY2(words.contains(QString::fromStdString(money(line.amount))), line.price_id.c_str());
        for (const auto& objective : example_.result.objectives)
            QVERIFY(
                words.contains(QString::fromStdString(figure_text(objective.key, objective.figure.value))));
        for (const char* expected : {"Click analytics", "$2,140.47", "Page 1 of", "Nothing vanishes",
                                     "unsourced", "bottleneck", "DuckDB 1.5.5", "p99.9"})
            QVERIFY2(words.contains(expected), expected);
    }

    void pdf_names_itself_and_no_time() {
        const QByteArray pdf = QByteArray::fromStdString(to_pdf(example_.input()));
        QVERIFY(pdf.startsWith("%PDF-1."));
        QVERIFY(!pdf.contains("CreationDate"));
        QVERIFY(!pdf.contains("uuid:"));
        if (!has_pdftotext()) QSKIP("pdfinfo is not installed");
        const QString file = path("named.pdf");
        QVERIFY(write(example_.input(), file.toStdString()).has_value());
        QProcess process;
        process.start("pdfinfo", {file});
        QVERIFY(process.waitForFinished());
        const QString description = process.readAllStandardOutput();
        QVERIFY(description.contains(QRegularExpression("Title: +Click analytics")));
        QVERIFY(description.contains(QRegularExpression("Author: +Headroom")));
        QVERIFY(!description.contains("Date"));
        QVERIFY(description.contains("A4"));
    }

    void same_bytes() {
        const Example again = click_analytics();
        QCOMPARE(to_html(again.input()), to_html(example_.input()));
        const std::string first = to_pdf(example_.input());
        QTest::qSleep(1100);  // Qt's own writer states seconds
        QVERIFY(to_pdf(again.input()) == first);
    }

    void what_a_run_took_does_not_show() {
        Example other = click_analytics();
        other.result.wall_seconds = 999;
        other.result.finished_at = "1999-01-01T00:00:00Z";
        other.result.scenario_file = "/elsewhere/03-click-analytics.yaml";
        QCOMPARE(to_html(other.input()), to_html(example_.input()));
        QVERIFY(to_pdf(other.input()) == to_pdf(example_.input()));
    }

    void hostile_names_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("markup") << "<script>alert(1)</script>";
        QTest::newRow("quotes") << "\"'><img src=x onerror=alert(1)>&amp;";
        QTest::newRow("right to left") << QString::fromUtf8("مستودع البيانات");
        QTest::newRow("override") << QString::fromUtf8("a\u202ecod.exe\u2066");
        QTest::newRow("emoji") << QString::fromUtf8("🦆 lake 🦆");
        QTest::newRow("long") << QString(5000, 'w');
        QTest::newRow("long words") << QString("many words ").repeated(800);
        QTest::newRow("control") << QString("a\n\t\x01\x7f b");
        QTest::newRow("format") << "%1 %2 %n 100%";
        QTest::newRow("css") << "</style><b>x";
    }
    void hostile_names() {
        QFETCH(QString, name);
        Example hostile = click_analytics();
        const std::string text = name.toStdString();
        hostile.scenario.name = hostile.scenario.question = text;
        hostile.scenario.components[3].id = text;
        for (auto& link : hostile.scenario.links)
            if (link.to == "warehouse") link.to = text;
        for (auto& figure : hostile.result.figures)
            if (figure.key.subject == "warehouse") figure.key.subject = text;
        for (auto& series : hostile.result.series)
            if (series.key.subject == "warehouse") series.key.subject = text;
        for (auto& curve : hostile.result.curves) curve.key.of = text;
        for (auto& line : hostile.result.bill.lines)
            line.component = line.detail = line.provenance.source = text;
        for (auto& objective : hostile.result.objectives) objective.text = text;
        hostile.result.notes = {text};
        hostile.scenario.components[0].settings["nodes"].text = text;
        hostile.calibrations["enrich"].machine = text;
        const QString html = QString::fromStdString(to_html(hostile.input()));
        QVERIFY(!html.contains("<script"));
        QVERIFY(!html.contains("<img"));
        QVERIFY(!html.contains("<b>"));
        QCOMPARE(html.count("</style>"), 1);
        for (const char16_t c : {u'\u202e', u'\u2066', u'\x01', u'\x7f'}) QVERIFY(!html.contains(QChar(c)));
        QVERIFY(to_pdf(hostile.input()).size() > 10000);
    }

    void little_to_say() {
        Example empty;
        QVERIFY(to_html(empty.input()).find("Untitled scenario") != std::string::npos);
        QVERIFY(to_pdf(empty.input()).size() > 1000);
        // An estimate without a simulation; an overloaded station; values that are not numbers.
        Example estimate = click_analytics();
        estimate.result.replications = 0;
        for (auto& figure : estimate.result.figures) figure.simulated.half_width = INFINITY;
        estimate.result.figures[1].simulated = {INFINITY, std::nan("")};
        estimate.result.figures[1].analytic = INFINITY;
        headroom::report::testing::add_figure(estimate.result, {"growth", "warehouse", ""}, 12, std::nan(""));
        estimate.result.curves[0].values[0] = 0;
        for (double& value : estimate.result.series[0].values) value = std::nan("");
        const QString words = words_of_html(to_html(estimate.input()));
        QVERIFY(words.contains("nothing was simulated"));
        QVERIFY(words.contains("not estimable"));
        QVERIFY(words.contains("The backlog of warehouse grows by 12 items/s without bound."));
        QVERIFY(!words.contains(QRegularExpression("\\bnan\\b")));  // "governance" is none
        QVERIFY(!words.contains("inf "));
    }

    void summary_follows_the_verdicts() {
        Example met = click_analytics();
        for (auto& objective : met.result.objectives) objective.verdict = headroom::model::Verdict::met;
        met.result.objectives[1].figure.value = 1.9;
        QVERIFY(words_of_html(to_html(met.input()))
                    .contains("All 4 objectives are met; the tightest is response time of "
                              "dashboards"));
        const QString broken = words_of_html(to_html(example_.input()));
        QVERIFY(broken.contains(
            "Of 4 objectives, 1 is broken. Response time of dashboards, p95, is 3.42 s where at "
            "most 2 s is asked, 71 % above the bound."));
        QVERIFY(broken.contains("Warehouse is the bottleneck: it is used to 71 % on average"));
    }

    void writing_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("message");
        QTest::newRow("html") << "a.html"
                              << "";
        QTest::newRow("capitals") << "a.PDF"
                                  << "";
        QTest::newRow("unknown ending") << "a.docx"
                                        << "the ending '.docx'; .pdf, .html, .md or .xlsx expected";
        QTest::newRow("no ending") << "report"
                                   << "has no ending; .pdf, .html, .md or .xlsx expected";
        QTest::newRow("folder missing") << "none/a.html"
                                        << "cannot write the report";
        QTest::newRow("is a folder") << "folder.pdf"
                                     << "it is a folder";
    }
    void writing() {
        QFETCH(QString, name);
        QFETCH(QString, message);
        QDir(folder_.path()).mkdir("folder.pdf");
        const auto outcome = write(example_.input(), path(name.toUtf8().constData()).toStdString());
        if (message.isEmpty()) {
            QVERIFY2(outcome.has_value(), message_of(outcome).c_str());
            QVERIFY(bytes_of(path(name.toUtf8().constData())).size() > 10000);
        } else {
            QVERIFY(!outcome.has_value());
            QCOMPARE(outcome.error().size(), std::size_t(1));
            QVERIFY2(QString::fromStdString(message_of(outcome)).contains(message),
                     message_of(outcome).c_str());
        }
    }

    void a_full_disk_leaves_the_old_file() {
        const QString file = path("kept.html");
        QFile old(file);
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("the old report");
        old.close();
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{}, before{};
        getrlimit(RLIMIT_FSIZE, &before);
        limit = {5000, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto outcome = write(example_.input(), file.toStdString());
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!outcome.has_value());
        QVERIFY(message_of(outcome).starts_with("cannot write the report"));
        QCOMPARE(bytes_of(file), QByteArray("the old report"));
        QCOMPARE(QDir(folder_.path()).entryList({"kept*"}).size(), 1);
    }
};

QTEST_MAIN(ReportTest)
#include "report_test.moc"
