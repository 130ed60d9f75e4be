// Every command that the README shows prints what the README shows. `[...]` on a line of its own stands for
// lines that are left out.

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString source = QStringLiteral(HEADROOM_SOURCE_DIR);

struct Example {
    QString command;
    QStringList shown;
    int line = 0;  ///< of the README
};

std::vector<Example> examples() {
    QFile file(source + "/README.md");
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QStringList lines = QString::fromUtf8(file.readAll()).split('\n');
    std::vector<Example> found;
    bool inside = false;
    for (int i = 0; i < lines.size(); ++i) {
        const QString& line = lines[i];
        if (line.startsWith("```")) {
            inside = line == "```console";
        } else if (inside && line.startsWith("$ ")) {
            found.push_back({line.mid(2), {}, i + 1});
        } else if (inside && !found.empty()) {
            found.back().shown << line;
        }
    }
    return found;
}

/// Empty where the lines shown are among those printed, in order, and next to each other unless a gap is
/// shown; else the first that is not.
QString first_missing(const QStringList& shown, const QStringList& printed) {
    qsizetype at = 0;
    bool gap = false;
    for (const QString& line : shown) {
        if (line == "[...]") {
            gap = true;
            continue;
        }
        const qsizetype found = gap ? printed.indexOf(line, at) : at;
        if (found < 0 || found >= printed.size() || printed[found] != line)
            return QString("README: %1\nprinted: %2").arg(line, printed.value(at, "(nothing)"));
        at = found + 1;
        gap = false;
    }
    const bool all = gap || std::all_of(printed.begin() + at, printed.end(),
                                        [](const QString& line) { return line.isEmpty(); });
    return all ? QString() : QString("printed, but not in the README: %1").arg(printed[at]);
}

}  // namespace

class ReadmeTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private slots:
    void initTestCase() {
        QVERIFY(QFile::link(source + "/scenarios", folder_.filePath("scenarios")));
        const QDir inputs(source + "/tests/app/cli/inputs");
        for (const QString& name : inputs.entryList(QDir::Files))
            QVERIFY(QFile::copy(inputs.filePath(name), folder_.filePath(name)));
        QVERIFY(examples().size() >= 4);
    }

    void shows_what_is_printed_data() {
        QTest::addColumn<int>("index");
        const auto all = examples();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::addRow("line %d: %s", all[i].line, qPrintable(all[i].command)) << static_cast<int>(i);
    }

    void shows_what_is_printed() {
        QFETCH(int, index);
        const Example example = examples()[static_cast<std::size_t>(index)];
        QStringList arguments = QProcess::splitCommand(example.command);
        QCOMPARE(arguments.takeFirst(), QString("headroom"));
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HEADROOM_RESOURCES", source + "/resources");
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder_.path());
        process.start(HEADROOM_PROGRAM, arguments);
        QVERIFY(process.waitForFinished(300'000));
        const QString printed =
            QString::fromUtf8(process.readAllStandardOutput() + process.readAllStandardError());
        const QString fault = first_missing(example.shown, printed.split('\n'));
        QVERIFY2(fault.isEmpty(), qPrintable(fault + "\nall of it:\n" + printed));
    }
};

QTEST_GUILESS_MAIN(ReadmeTest)
#include "readme_test.moc"
