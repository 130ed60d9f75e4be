#pragma once
// A window on copies of the examples, with settings and answers of its own.

#include "app/desktop/shell/window.h"
#include "model/catalog/catalog.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <memory>

namespace headroom::desktop::testing {

inline std::shared_ptr<const model::Catalog> catalog() {
    static const std::shared_ptr<const model::Catalog> loaded = [] {
        auto read = model::Catalog::load(*model::find_resources());
        return read ? std::make_shared<const model::Catalog>(std::move(*read)) : nullptr;
    }();
    return loaded;
}

inline QString text_of(const QString& file) {
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
}

inline bool write(const QString& file, const QByteArray& text) {
    QFile out(file);
    return out.open(QIODevice::WriteOnly | QIODevice::Truncate) && out.write(text) == text.size();
}

struct Fixture {
    QTemporaryDir folder;
    std::unique_ptr<Window> window;
    QStringList told;  ///< what the window said in dialogs
    QMessageBox::StandardButton answer = QMessageBox::Cancel;
    int asked = 0;

    Fixture() {
        QCoreApplication::setOrganizationName("HeadroomTest");
        QCoreApplication::setApplicationName("desktop");
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
        window = std::make_unique<Window>(catalog(), folder.path() + "/data");
        window->prompts.tell = [this](QWidget*, const QString&, const QString& text) { told << text; };
        window->prompts.ask = [this](QWidget*, const QString&, const QString&, QMessageBox::StandardButtons) {
            ++asked;
            return answer;
        };
        window->show();
    }

    /// A copy of an example that may be written to.
    QString example(const QString& name) {
        const QString copy = folder.filePath(name);
        QFile::copy(QStringLiteral(HEADROOM_SOURCE_DIR "/scenarios/") + name, copy);
        QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
        // What examples refer to lies beside them.
        QDir(folder.path()).mkpath(QStringLiteral("data"));
        for (const char* beside : {"data/clicks.jsonl", "sql", "calibrations"})
            QFile::link(QStringLiteral(HEADROOM_SOURCE_DIR "/scenarios/") + QLatin1String(beside),
                        folder.filePath(QLatin1String(beside)));
        return copy;
    }
};

}  // namespace headroom::desktop::testing
