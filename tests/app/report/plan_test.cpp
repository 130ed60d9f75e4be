#include "app/report/content/beside.h"
#include "app/report/content/evidence.h"
#include "app/report/content/facts.h"
#include "app/report/content/materials.h"
#include "app/report/content/template.h"
#include "app/report/content/topology.h"
#include "app/report/content/wording.h"
#include "app/report/pdf.h"
#include "app/report/report.h"
#include "click_analytics.h"
#include "model/scenario/read.h"
#include "model/store/store.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest/QTest>
#include <memory>

using namespace headroom::report;
using headroom::report::testing::click_analytics;
using headroom::report::testing::Example;
namespace model = headroom::model;

namespace {

QString plain(QString text) { return text.replace(QChar(QChar::Nbsp), ' '); }

/// Markdown without its escapes and emphasis.
QString words_of_markdown(const std::string& markdown) {
    QString text = QString::fromStdString(markdown);
    text.remove("**");
    return plain(text.remove(QRegularExpression("\\\\(?=[^A-Za-z0-9])")));
}

QString words_of_html(const std::string& html) {
    QString text = QString::fromStdString(html);
    text.remove(
        QRegularExpression("<style>.*?</style>|<[^>]*>", QRegularExpression::DotMatchesEverythingOption));
    return plain(
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"));
}

/// A part of a workbook, by its name in the archive; nothing where unzip is missing.
QByteArray part_of(const std::string& workbook, const QString& folder, const QString& part) {
    QFile file(folder + "/book.xlsx");
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write(workbook.data(), static_cast<qint64>(workbook.size()));
    file.close();
    QProcess process;
    process.start("unzip", {"-p", file.fileName(), part});
    return process.waitForFinished() ? process.readAllStandardOutput() : QByteArray();
}

bool write_text(const QString& file, const QByteArray& text) {
    QFile out(file);
    return out.open(QIODevice::WriteOnly | QIODevice::Truncate) && out.write(text) == text.size();
}

/// What is said of the first problem.
QString message_of(const model::Problems& problems) {
    return QString::fromStdString(problems.front().sentence());
}

model::Expected<model::Narrative> narrative_in(const std::string& report) {
    return model::read_narrative(model::Document("headroom: 1\nreport: " + report + "\n", "plan.yaml"));
}

/// A scenario with its run, which what is gathered for its report refers to.
struct RunPlan {
    model::Document document;
    model::Catalog catalog;
    model::Scenario scenario;
    headroom::sim::RunOptions options;
    model::RunResult result;
    model::Calibrations calibrations;

    model::Expected<Materials> gather() const {
        return Materials::gather(document, Input{scenario, catalog, result, calibrations}, options);
    }
};

/// Three replications; nullptr where something is wrong.
std::unique_ptr<const RunPlan> plan_of(const std::string& text) {
    auto catalog = model::Catalog::load(*model::find_resources());
    if (!catalog) return nullptr;
    model::Document document(text, "queue.yaml");
    auto reading = model::read_scenario(document, *catalog);
    if (!reading.scenario) return nullptr;
    headroom::sim::RunOptions options;
    options.replications = 3;
    auto result = headroom::sim::run(*reading.scenario, *catalog, {}, options);
    if (!result) return nullptr;
    return std::make_unique<const RunPlan>(RunPlan{std::move(document),
                                                   *std::move(catalog),
                                                   *std::move(reading.scenario),
                                                   options,
                                                   *std::move(result),
                                                   {}});
}

}  // namespace

class PlanTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir folder_;
    const Example example_ = click_analytics();

private slots:
    void formats_agree_with_one_another_and_the_store() {
        // As the store gives it back.
        auto store = model::ResultsStore::open(folder_.filePath("runs.db").toStdString(),
                                               model::ResultsStore::Access::read_write);
        QVERIFY(store.has_value());
        const auto id = store->add(example_.result);
        QVERIFY(id.has_value());
        const auto stored = store->run(*id);
        QVERIFY(stored.has_value());
        Example again = click_analytics();
        again.result = *stored;

        const Document document = build_report(again.input());
        QCOMPARE(markdown_of(document), markdown_of(build_report(example_.input())));
        const QtIllustrator illustrator;
        const QString html = words_of_html(html_of(document, &illustrator));
        const QString markdown = words_of_markdown(markdown_of(document));
        for (const auto& objective : stored->objectives) {
            const QString figure =
                plain(QString::fromStdString(figure_text(objective.key, objective.figure.value)));
            QVERIFY2(html.contains(figure) && markdown.contains(figure), qPrintable(figure));
        }
        for (const auto& line : stored->bill.lines) {
            const QString amount = QString::fromStdString(money(line.amount));
            QVERIFY2(html.contains(amount) && markdown.contains(amount), qPrintable(amount));
        }
        // Every table of the Markdown is in the HTML, cell by cell.
        for (const Block& block : document.blocks)
            if (const auto* table = std::get_if<Table>(&block))
                for (const auto& row : table->rows)
                    for (const Cell& cell : row) {
                        const QString words = plain(QString::fromStdString(cell.text));
                        QVERIFY2(html.contains(words) && markdown.contains(words), qPrintable(words));
                    }

        const auto book = workbook_of({again.input()});
        QVERIFY(book.has_value());
        const QString bill = QString::fromUtf8(part_of(*book, folder_.path(), "xl/worksheets/sheet2.xml"));
        if (bill.isEmpty()) QSKIP("unzip is not installed");
        double sum = 0;
        static const QRegularExpression amounts("<f>D(\\d+)\\*F\\1</f><v>([^<]*)</v>");
        std::size_t lines = 0;
        for (auto match = amounts.globalMatch(bill); match.hasNext(); ++lines)
            sum += match.next().captured(2).toDouble();
        QCOMPARE(lines, stored->bill.lines.size());
        QVERIFY(std::abs(sum - stored->bill.per_month().value()) < 1e-6 * sum);
        QVERIFY(bill.contains("<f>SUM($G$"));
        QVERIFY(bill.contains("<f>SUMIF("));
        const QString figures = QString::fromUtf8(part_of(*book, folder_.path(), "xl/worksheets/sheet3.xml"));
        for (const auto& figure : stored->figures)
            if (figure.simulated.value == 1742 || figure.simulated.value == 95.3)
                QVERIFY(figures.contains("<v>" + QString::number(figure.simulated.value, 'g', 16) + "</v>"));
    }

    void workbooks_of_the_same_input_have_the_same_bytes() {
        const auto first = workbook_of({example_.input()});
        QTest::qSleep(1100);  // archives state seconds
        const auto again = workbook_of({click_analytics().input()});
        QVERIFY(first && again);
        QVERIFY(*first == *again);
        QVERIFY(first->starts_with("PK"));
    }

    void markdown_is_safe_and_draws_the_topology() {
        Example hostile = click_analytics();
        hostile.scenario.name = "# <script>alert(1)</script> | `x` *y* [z](javascript:1) $a$";
        hostile.result.objectives[0].text = "a | b";
        const QString markdown = QString::fromStdString(markdown_of(build_report(hostile.input())));
        QVERIFY(markdown.startsWith(
            "# \\# \\<script>alert(1)\\</script> \\| \\`x\\` \\*y\\* \\[z\\](javascript:1) \\$a\\$\n"));
        QVERIFY(markdown.contains("a \\| b"));
        QVERIFY(markdown.contains("```mermaid\nflowchart LR\n"));
        for (const char* expected : {"n1([\"clicks<br/>2k events/s\"])",
                                     "n3[\"brokers<br/>3 x m5.large, 5.2 % used\"]", "n1 --> n3"})
            QVERIFY2(markdown.contains(expected), expected);
    }

    void sections_can_be_chosen_and_ordered() {
        const Document document = build_report(example_.input(), {"cost", "summary"});
        QStringList headings;
        for (const Block& block : document.blocks)
            if (const auto* heading = std::get_if<Heading>(&block); heading && heading->level == 1)
                headings << QString::fromStdString(heading->id);
        QCOMPARE(headings, QStringList({"cost", "summary"}));
        // Every section has a name of its own, and its heading says so.
        const Document whole = build_report(example_.input());
        for (const Block& block : whole.blocks)
            if (const auto* heading = std::get_if<Heading>(&block); heading && heading->level == 1)
                QVERIFY2(find_section(heading->id), heading->text.c_str());
    }

    void the_architects_words_stand_beside_the_runs() {
        Example example = click_analytics();
        model::Narrative told;
        told.customer = "Two hundred analysts";
        told.risks = {{"Keys are skewed", "measured in May"}};
        told.faq = {{"Why not one node?", "It would take two seconds."}};
        Input input = example.input();
        input.narrative = &told;
        const QString markdown =
            words_of_markdown(markdown_of(build_report(input, {"working-backwards", "risks"})));
        for (const char* expected :
             {"Two hundred analysts | the architect", "It would take two seconds.", "measured in May",
              "What is it like? | Of 100 dashboards, 50 are answered within 980 ms"})
            QVERIFY2(markdown.contains(expected), qPrintable(markdown));
    }

    void a_narrative_is_read_or_refused_in_one_sentence() {
        const auto told = narrative_in("{author: Ada, date: 2026-11, faq: {\"Why?\": Because}}");
        QVERIFY(told.has_value());
        QCOMPARE(QString::fromStdString(told->author), "Ada");
        QCOMPARE(told->faq.size(), std::size_t(1));
        QCOMPARE(
            message_of(narrative_in("{date: yesterday}").error()),
            "plan.yaml:2:16: report.date: 'yesterday' is no date; a year, month or day expected, for example "
            "'2026-11-21'");
        QVERIFY(message_of(narrative_in("{custmer: x}").error()).contains("did you mean 'customer'?"));
        QVERIFY(message_of(narrative_in("{alternatives: {Lean: none.yaml}}").error())
                    .contains("there is no file 'none.yaml'"));
        QVERIFY(message_of(narrative_in("[1, 2]").error()).startsWith("plan.yaml:2"));
    }

    void templates_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("good") << QByteArray(
                                     "cover: ACME\nfooter: Secret\nsections: [summary, approval]\n"
                                     "own: {approval: {title: Approval, text: approval.txt}}\n")
                              << "";
        QTest::newRow("unknown field") << QByteArray("cver: x\n") << "did you mean 'cover'?";
        QTest::newRow("unknown section") << QByteArray("sections: [summry]\n") << "did you mean 'summary'?";
        QTest::newRow("no list") << QByteArray("sections: summary\n") << "a list of ids is expected";
        QTest::newRow("logo missing") << QByteArray("logo: logo.svg\n") << "there is no file 'logo.svg'";
        QTest::newRow("logo of another kind") << QByteArray("logo: logo.gif\n") << "is no .svg or .png file";
        QTest::newRow("logo is something else") << QByteArray("logo: fake.png\n") << "holds no png picture";
        QTest::newRow("takes a name") << QByteArray("own: {cost: {title: Cost, text: approval.txt}}\n")
                                      << "'cost' is a section of every report";
        QTest::newRow("not a mapping") << QByteArray("- 1\n") << "are expected";
        QTest::newRow("not text") << QByteArray("\xff\xfe\x00", 3) << "template.yaml";
    }
    void templates() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        QDir(folder_.path()).mkpath("look");
        const QString look = folder_.filePath("look");
        QVERIFY(write_text(look + "/template.yaml", text));
        QVERIFY(write_text(look + "/approval.txt", "Signed by\nboth.\n\n- Ada\n- Grace\n"));
        QVERIFY(write_text(look + "/fake.png", "GIF89a"));
        const auto read = read_template(look.toStdString());
        if (!message.isEmpty()) {
            QVERIFY(!read.has_value());
            QCOMPARE(read.error().size(), std::size_t(1));
            QVERIFY2(message_of(read.error()).contains(message), qPrintable(message_of(read.error())));
            return;
        }
        QVERIFY2(read.has_value(), read ? "" : qPrintable(message_of(read.error())));
        const Document document = build_report(example_.input(), {}, &*read);
        const QString markdown = words_of_markdown(markdown_of(document));
        QVERIFY(markdown.contains("## Approval\n\nSigned by both.\n\n- Ada\n- Grace"));
        QVERIFY(!markdown.contains("## Cost"));
        QVERIFY(words_of_html(html_of(document, nullptr)).contains("Secret"));
    }

    void pdf_lists_its_sections() {
        const std::deque<QPicture> pages = pages_of(QtIllustrator::shown(build_report(example_.input())));
        QVERIFY(pages.size() > 4 && pages.size() < 20);
        const std::string pdf = to_pdf(example_.input());
        if (!QFile::exists("/usr/bin/pdftotext")) QSKIP("pdftotext is not installed");
        QVERIFY(write_text(folder_.filePath("a.pdf"), QByteArray::fromStdString(pdf)));
        QProcess process;
        process.start("pdftotext", {"-layout", folder_.filePath("a.pdf"), "-"});
        QVERIFY(process.waitForFinished());
        const QString words = QString::fromUtf8(process.readAllStandardOutput());
        QCOMPARE(words.count('\f'), static_cast<qsizetype>(pages.size()));
        // The page that the contents name is the page where the section is.
        const auto entry = QRegularExpression("Sources +(\\d+)").match(words);
        QVERIFY(entry.hasMatch());
        QVERIFY(words.split('\f')[entry.captured(1).toInt() - 1].contains(
            QRegularExpression("^ *Sources *$", QRegularExpression::MultilineOption)));
    }

    void several_plans() {
        Example other = click_analytics();
        other.scenario.name = "Lean";
        other.result.bill.lines.front().amount += 1000;
        other.result.bill.lines.front().unit_price += 1000 / other.result.bill.lines.front().units;
        const std::vector<Plan> plans{
            {"Wide", example_.input(), {}},
            {"Lean",
             other.input(),
             {{"components.brokers.nodes", "3 x m5.large", "1 x m5.large", true, true}}}};
        const QString compared = words_of_markdown(markdown_of(build_comparison(plans)));
        for (const char* expected : {"# Lean against Wide", "$1,000 more than Wide", "one-way", "$3,140.47"})
            QVERIFY2(compared.contains(expected), expected);
        const QString evolved = words_of_markdown(markdown_of(build_evolution(plans, {})));
        QVERIFY(evolved.contains("From step to step"));
        QVERIFY(evolved.contains("Cost a month | $2,140 | $3,140 | x 1.47"));
    }

    void gathers_what_deepens_a_run() {
        // One server is offered more than it takes: the objective breaks, and a second server mends it.
        const std::string text =
            "headroom: 1\nname: Queue\nhorizon: 1 h\n"
            "workloads: {jobs: {requests: {rate: 9/s}}}\n"
            "components: {server: {technology: queue, servers: 1, service: {exponential: 100 ms}}}\n"
            "links: [jobs -> server]\n"
            "objectives: [\"response time of jobs: mean <= 300 ms\"]\n";
        const auto plan = plan_of(text);
        QVERIFY(plan != nullptr);
        const auto materials = plan->gather();
        QVERIFY(materials.has_value());
        const Evidence& evidence = *materials->input().evidence;
        QCOMPARE(evidence.whys.size(), std::size_t(1));
        QVERIFY(!evidence.whys[0].causes.empty());
        QVERIFY(!evidence.whys[0].remedies.empty());
        const auto rate = std::find_if(evidence.sensitivities.begin(), evidence.sensitivities.end(),
                                       [](const Sensitivity& one) { return one.input == "rate of jobs"; });
        QVERIFY(rate != evidence.sensitivities.end());
        // M/M/1: 1 / (10 - 7.2) s at 20 % less, without bound at 20 % more.
        QVERIFY(std::abs(rate->objectives[0].low - 1 / 2.8) < 1e-9);
        QVERIFY(!std::isfinite(rate->objectives[0].high));
        const QString markdown = words_of_markdown(markdown_of(build_report(materials->input())));
        for (const char* expected : {"## Five whys", "components.server.servers: 1 to 2", "## Sensitivity",
                                     "## Experiments to run next"})
            QVERIFY2(markdown.contains(expected), qPrintable(markdown));
        // Threads do not change what is found.
        const auto again = plan->gather();
        QCOMPARE(markdown_of(build_report(again->input())), markdown_of(build_report(materials->input())));
        QVERIFY(!evidence.growth && !markdown.contains("When growth breaks it"));  // none is stated
    }

    void follows_growth_by_months() {
        // M/M/1: 1 / (10 - 6 x 1.3^t) s is more than 0.3 s after log(10/9) / log(1.3) of a year: in month 5.
        const std::string text =
            "headroom: 1\nname: Queue\nhorizon: 10 h\n"
            "workloads: {jobs: {requests: {rate: 6/s, growth: 30 %/year}}}\n"
            "components: {server: {technology: queue, servers: 1, service: {exponential: 100 ms}}}\n"
            "links: [jobs -> server]\n"
            "objectives: [\"response time of jobs: mean <= 300 ms\"]\n";
        const auto plan = plan_of(text);
        QVERIFY(plan != nullptr);
        const auto materials = plan->gather();
        QVERIFY(materials.has_value());
        const auto& growth = materials->input().evidence->growth;
        QVERIFY(growth.has_value());
        const auto month = growth->limits.front().breaks;
        QVERIFY(month && *month >= 3 && *month <= 5);
        const QString markdown = words_of_markdown(markdown_of(build_report(materials->input())));
        const std::string breaks = "breaks in month " + std::to_string(*month + 1);
        for (const char* expected :
             {"When growth breaks it", breaks.c_str(), "What to enlarge, when", "components.server.servers"})
            QVERIFY2(markdown.contains(expected), qPrintable(markdown));
    }
};

QTEST_MAIN(PlanTest)
#include "plan_test.moc"
