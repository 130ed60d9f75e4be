#include "app/desktop/document/journal.h"

#include "model/scenario/write_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

namespace headroom::desktop {

namespace {

constexpr const char* ending = ".unsaved";

QString lock_of(const QString& entry) { return entry + QStringLiteral(".lock"); }

}  // namespace

Journal::Journal(Project& project, QString folder, QObject* parent)
    : QObject(parent), project_(project), folder_(std::move(folder)) {
    QDir().mkpath(folder_);
    entry_ =
        QDir(folder_).filePath(QUuid::createUuid().toString(QUuid::WithoutBraces) + QLatin1String(ending));
    own_ = std::make_unique<QLockFile>(lock_of(entry_));
    own_->setStaleLockTime(0);  // as long as the window lives
    own_->tryLock(0);
    pause_.setSingleShot(true);
    pause_.setInterval(400);
    connect(&pause_, &QTimer::timeout, this, &Journal::write);
    connect(&project_, &Project::changed, this, [this] { pause_.start(); });
    connect(&project_, &Project::opened, this, &Journal::lock_file);
    connect(&project_, &Project::saved, this, [this] {
        lock_file();
        write();
    });
}

Journal::~Journal() = default;

void Journal::write() {
    pause_.stop();
    if (!project_.is_open() || !project_.is_modified()) {
        QFile::remove(entry_);
        return;
    }
    // The first line names the file; the rest is the text as it was.
    const std::string content = project_.document().file().string() + "\n" + project_.document().text();
    if (auto done = model::write_file(entry_.toStdString(), content); !done)
        emit failed(QString::fromStdString(done.error().front().message));
}

void Journal::forget() {
    pause_.stop();
    QFile::remove(entry_);
}

std::vector<Unsaved> Journal::left_behind() const {
    std::vector<Unsaved> all;
    const QDir folder(folder_);
    for (const QString& name : folder.entryList({QLatin1Char('*') + QLatin1String(ending)}, QDir::Files,
                                                QDir::Time | QDir::Reversed)) {
        const QString entry = folder.filePath(name);
        if (entry == entry_) continue;
        QLockFile owner(lock_of(entry));
        owner.setStaleLockTime(0);
        if (!owner.tryLock(0)) continue;  // its window lives
        QFile in(entry);
        if (!in.open(QIODevice::ReadOnly)) continue;
        const QByteArray content = in.readAll();
        const auto line = content.indexOf('\n');
        if (line < 0) continue;
        all.push_back({entry, QString::fromUtf8(content.left(line)), content.mid(line + 1).toStdString()});
    }
    return all;
}

void Journal::discard(const Unsaved& unsaved) {
    QFile::remove(unsaved.entry);
    QFile::remove(lock_of(unsaved.entry));
}

void Journal::lock_file() {
    const std::string file = project_.document().file().string();
    if (lock_ && locked_ == file) return;
    lock_.reset();
    locked_ = file;
    locked_out_ = false;
    if (file.empty()) return;
    const QFileInfo about(QString::fromStdString(file));
    lock_ = std::make_unique<QLockFile>(
        QDir(about.path()).filePath(QStringLiteral(".%1.lock").arg(about.fileName())));
    lock_->setStaleLockTime(0);
    // A folder that cannot be written to needs no lock: nobody can save there.
    locked_out_ = !lock_->tryLock(0) && lock_->error() == QLockFile::LockFailedError;
}

}  // namespace headroom::desktop
