// A study shared between the ranks of an MPI job on this machine: the same figures as from one process, also
// when a rank is killed.

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sqlite3.h>

namespace {

struct Outcome {
    int code = -1;
    QString output, errors;
};

void start(QProcess& process, const QString& folder, const QString& program, const QStringList& arguments) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HEADROOM_RESOURCES", QStringLiteral(HEADROOM_SOURCE_DIR "/resources"));
    // As root and with more ranks than processors, which Open MPI takes for a mistake unless told otherwise.
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT", "1");
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    environment.insert("OMPI_MCA_rmaps_base_oversubscribe", "1");
    // What MPI itself leaves behind when it ends is not for us to mend.
    environment.insert("LSAN_OPTIONS", "detect_leaks=0");
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
}

Outcome outcome_of(QProcess& process) {
    const bool ended = process.waitForFinished(120'000);
    return {ended && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// The first column of the first row, or -1.
int number(const QString& store, const char* query) {
    sqlite3* reader = nullptr;
    sqlite3_open_v2(store.toUtf8().constData(), &reader, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_stmt* statement = nullptr;
    int found = -1;
    if (sqlite3_prepare_v2(reader, query, -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        found = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(reader);
    return found;
}

/// The ranks that a launcher has started, in order of their beginning.
QList<qint64> ranks_of(qint64 launcher) {
    QFile children(QString("/proc/%1/task/%1/children").arg(launcher));
    QList<qint64> ranks;
    if (children.open(QIODevice::ReadOnly))
        for (const QByteArray& child : children.readAll().split(' '))
            if (!child.trimmed().isEmpty()) ranks.append(child.toLongLong());
    return ranks;
}

}  // namespace

class RanksTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QString mpirun_;
    QString alone_;  ///< what the study prints from one process

    QString file(const char* name) const { return folder_.filePath(name); }

    static QStringList study(const char* store) {
        return {"study", "run", "many.yaml", "--csv", "--store", store};
    }
    Outcome by_one_process(const char* store) const {
        QProcess process;
        start(process, folder_.path(), HEADROOM_PROGRAM, study(store));
        return outcome_of(process);
    }
    void start_ranks(QProcess& process, int ranks, const char* store, const QStringList& options = {}) const {
        start(process, folder_.path(), mpirun_,
              options + QStringList{"-n", QString::number(ranks), HEADROOM_PROGRAM} + study(store));
    }
    /// Waits until the store holds so many finished points; false if the job ends before.
    bool reaches(const char* store, int points, QProcess& process) const {
        for (int i = 0; i < 6000 && process.state() != QProcess::NotRunning; ++i) {
            if (number(file(store), "SELECT count(run) FROM study_points") >= points) return true;
            process.waitForFinished(10);
        }
        return false;
    }

private slots:
    void initTestCase() {
#ifdef HEADROOM_MPIEXEC
        mpirun_ = QStringLiteral(HEADROOM_MPIEXEC);
#endif
        if (!QFile::exists(mpirun_)) QSKIP("built without MPI, or its launcher is not installed");
        const QDir inputs(HEADROOM_SOURCE_DIR "/tests/app/cli/inputs");
        QVERIFY(QFile::copy(inputs.filePath("good.yaml"), file("good.yaml")));
        // Long enough that a rank can be killed in the midst of it.
        QFile many(file("many.yaml"));
        QVERIFY(many.open(QIODevice::WriteOnly));
        many.write(
            "headroom-study: 1\nname: Many points\nscenario: good.yaml\nfactors:\n"
            "  workloads.jobs.requests.rate: {from: 4/s, to: 9/s, count: 40, scale: log}\n"
            "replications: 200\nlevel: record\n");
        many.close();
        const Outcome outcome = by_one_process("alone.db");
        QVERIFY2(outcome.code == 0 || outcome.code == 1, qPrintable(outcome.errors));
        alone_ = outcome.output;
        QVERIFY(alone_.count('\n') > 40);
    }

    void gives_the_same_from_any_number_of_ranks() {
        for (const int ranks : {1, 2, 5}) {
            const QByteArray store = QByteArray::number(ranks) + ".db";
            QProcess job;
            start_ranks(job, ranks, store.constData());
            const Outcome outcome = outcome_of(job);
            QVERIFY2(outcome.code == 0 || outcome.code == 1, qPrintable(outcome.errors));
            QCOMPARE(outcome.output, alone_);
        }
    }

    /// Open MPI then ends the whole job. What was finished is kept, and the study goes on from there.
    void goes_on_after_a_rank_was_killed() {
        QProcess job;
        start_ranks(job, 3, "killed.db");
        QVERIFY(reaches("killed.db", 3, job));
        const QList<qint64> ranks = ranks_of(job.processId());
        QCOMPARE(ranks.size(), 3);
        QCOMPARE(::kill(static_cast<pid_t>(ranks.last()), SIGKILL), 0);
        QVERIFY(outcome_of(job).code != 0);
        QCOMPARE(number(file("killed.db"),
                        "SELECT count(*) FROM pragma_integrity_check WHERE "
                        "integrity_check = 'ok'"),
                 1);
        const int kept = number(file("killed.db"), "SELECT count(*) FROM runs");
        QVERIFY(kept >= 3 && kept < 40);
        QCOMPARE(number(file("killed.db"), "SELECT count(run) FROM study_points"), kept);
        QCOMPARE(by_one_process("killed.db").output, alone_);
        // None of the kept ones was run again.
        QCOMPARE(number(file("killed.db"), "SELECT count(*) FROM runs"), 40);
    }

    /// Where the launcher lets the others live, they run what the lost rank held.
    void does_without_a_lost_rank() {
        QProcess job;
        start_ranks(job, 3, "lost.db", {"--enable-recovery"});
        QVERIFY(reaches("lost.db", 3, job));
        const QList<qint64> ranks = ranks_of(job.processId());
        QCOMPARE(ranks.size(), 3);
        QCOMPARE(::kill(static_cast<pid_t>(ranks.last()), SIGKILL), 0);
        const Outcome outcome = outcome_of(job);
        QVERIFY2(outcome.errors.contains("a rank was lost"), qPrintable(outcome.errors));
        QCOMPARE(outcome.output, alone_);
    }

    void tells_every_rank_of_bad_input() {
        QFile::remove(file("many.yaml"));
        QProcess job;
        start_ranks(job, 3, "bad.db");
        const Outcome outcome = outcome_of(job);
        QCOMPARE(outcome.code, 2);
        QCOMPARE(outcome.errors.count("many.yaml"), 1);
        QVERIFY(!QFile::exists(file("bad.db")));
    }
};

QTEST_GUILESS_MAIN(RanksTest)
#include "ranks_test.moc"
