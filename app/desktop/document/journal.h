#pragma once
// Work that is not saved is kept in a journal, so that it outlives a crash; and an open file is locked
// against a second window that would save over it.

#include "app/desktop/document/project.h"

#include <QLockFile>
#include <QTimer>
#include <memory>

namespace headroom::desktop {

/// What a window that is gone had not saved.
struct Unsaved {
    QString entry;  ///< of the journal
    QString file;   ///< that it was opened from; empty where it had none
    std::string text;
};

class Journal final : public QObject {
    Q_OBJECT

public:
    /// `folder` holds the entries of all windows.
    Journal(Project& project, QString folder, QObject* parent = nullptr);
    ~Journal() override;

    /// Entries whose windows are gone, oldest first.
    std::vector<Unsaved> left_behind() const;
    static void discard(const Unsaved& unsaved);
    /// Another program holds the lock of the open file: it is not to be saved over.
    bool is_locked_out() const { return locked_out_; }
    /// Writes now what is not saved, or removes the entry where all is.
    void write();
    /// The person lets what is not saved go.
    void forget();

signals:
    void failed(const QString& why);  ///< the entry cannot be written

private:
    void lock_file();

    Project& project_;
    QString folder_, entry_;
    std::unique_ptr<QLockFile> own_, lock_;
    QTimer pause_;
    std::string locked_;
    bool locked_out_ = false;
};

}  // namespace headroom::desktop
