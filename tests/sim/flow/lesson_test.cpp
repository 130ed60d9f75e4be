#include "../systems.h"
#include "sim/stations/flow/lesson_cache.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <string>

using namespace headroom;
using namespace headroom::test;
using namespace headroom::sim::flow;
using model::Distribution;

namespace {

const model::Primitive server = fcfs(1, Distribution::exponential(0.01));

Question question_of(const model::Primitive& primitive) {
    return {.primitive = primitive,
            .sizes = {100},
            .rates = {50},
            .gaps = {Distribution::exponential(1)},
            .closed = {},
            .visits = 20'000};
}

Lesson lesson_of(double rejected) {
    sim::QuantileSketch sketch;
    for (int i = 1; i <= 1000; ++i) sketch.add(0.001 * i);
    Lesson lesson;
    lesson.waiting = {Quantiles(sketch)};
    lesson.response = {Quantiles()};
    lesson.rejected = {rejected};
    lesson.expired = {0.25};
    lesson.rate = {50};
    lesson.utilisation = 0.5;
    lesson.present = 3;
    lesson.most = 17;
    return lesson;
}

void overwrite(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

class LessonTest : public QObject {
    Q_OBJECT

private slots:
    void knows_the_wait();
    void keys_tell_questions_apart();
    void is_kept_on_disk();
    void broken_files_are_ignored_and_replaced_data();
    void broken_files_are_ignored_and_replaced();
    void does_without_a_folder();
    void makes_room();
};

// M/M/1 at a half: the wait is 0 for one half and exponential for the other.
void LessonTest::knows_the_wait() {
    const auto lesson = lesson_for(question_of(server));
    QVERIFY(std::abs(lesson->waiting[0].mean() - 0.01) < 0.0015);
    QVERIFY(std::abs(lesson->utilisation - 0.5) < 0.03);
    QCOMPARE(lesson->waiting[0](Quantiles::place(0.3)), 0.0);
    const double p90 = lesson->waiting[0](Quantiles::place(0.9));
    QVERIFY2(std::abs(p90 - 0.0322) < 0.005, qPrintable(QString::number(p90)));
    QCOMPARE(lesson_for(question_of(server)).get(), lesson.get());  // not taught twice
}

void LessonTest::keys_tell_questions_apart() {
    const std::string key = key_of(question_of(server));
    QCOMPARE(key_of(question_of(server)), key);
    const model::Primitive two = fcfs(2, Distribution::exponential(0.01)),
                           limited = fcfs(1, Distribution::exponential(0.01), 9);
    QVERIFY(key_of(question_of(two)) != key);
    QVERIFY(key_of(question_of(limited)) != key);
    Question other = question_of(server);
    other.gaps = {Distribution::constant(1)};
    QVERIFY(key_of(other) != key);
    other = question_of(server);
    other.variant = 1;
    QVERIFY(key_of(other) != key);
}

void LessonTest::is_kept_on_disk() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    LessonCache(path).keep("key", lesson_of(0.25));
    const auto found = LessonCache(path).find("key", 1);
    QVERIFY(found != nullptr);
    QCOMPARE(found->rejected[0], 0.25);
    QCOMPARE(found->waiting[0].mean(), lesson_of(0).waiting[0].mean());
    QVERIFY(found->waiting[0].points() == lesson_of(0).waiting[0].points());
    QVERIFY(!found->response[0].known());
    QVERIFY(LessonCache(path).find("another key", 1) == nullptr);
}

void LessonTest::broken_files_are_ignored_and_replaced_data() {
    QTest::addColumn<int>("damage");
    QTest::newRow("empty") << 0;
    QTest::newRow("torn") << 1;
    QTest::newRow("a flipped bit") << 2;
    QTest::newRow("foreign") << 3;
    QTest::newRow("another key's") << 4;
    QTest::newRow("too long") << 5;
}

void LessonTest::broken_files_are_ignored_and_replaced() {
    QFETCH(int, damage);
    const QTemporaryDir folder;
    LessonCache cache(std::filesystem::path(folder.path().toStdString()));
    cache.keep("key", lesson_of(0.25));
    cache.keep("yek", lesson_of(0.5));
    std::ifstream file(cache.file_of("key"), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    std::string bytes = whole;
    if (damage == 0) bytes.clear();
    if (damage == 1) bytes.resize(bytes.size() / 2);
    if (damage == 2) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
    if (damage == 3) bytes = "%PDF-1.7 not a lesson";
    if (damage == 5) bytes += "more";
    overwrite(cache.file_of("key"), bytes);
    if (damage == 4)
        std::filesystem::copy_file(cache.file_of("yek"), cache.file_of("key"),
                                   std::filesystem::copy_options::overwrite_existing);
    LessonCache next(std::filesystem::path(folder.path().toStdString()));
    QVERIFY(next.find("key", 1) == nullptr);
    next.keep("key", lesson_of(0.25));
    std::ifstream again(cache.file_of("key"), std::ios::binary);
    QVERIFY(whole == std::string(std::istreambuf_iterator<char>(again), {}));
}

void LessonTest::does_without_a_folder() {
    LessonCache nowhere("");
    nowhere.keep("key", lesson_of(0.25));
    QVERIFY(nowhere.find("key", 1) != nullptr);
    LessonCache impossible("/dev/null/lessons");
    impossible.keep("key", lesson_of(0.25));
    QVERIFY(impossible.find("key", 1) != nullptr);
}

void LessonTest::makes_room() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    constexpr std::uintmax_t most = 20'000;
    LessonCache cache(path, most);
    for (int i = 0; i < 100; ++i) cache.keep("key " + std::to_string(i), lesson_of(0.25));
    std::uintmax_t sum = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path)) sum += entry.file_size();
    QVERIFY(sum > most / 4);
    QVERIFY2(sum <= most * 9 / 8 + 2000, qPrintable(QString::number(sum)));
}

QTEST_APPLESS_MAIN(LessonTest)
#include "lesson_test.moc"
