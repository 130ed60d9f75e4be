#include "app/report/report.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QString>

namespace headroom::report {

model::Expected<void> write(const Input& input, const std::filesystem::path& file) {
    const QString name = QString::fromStdString(file.string());
    const QString ending = QFileInfo(name).suffix().toLower();
    const bool html = ending == "html" || ending == "htm", pdf = ending == "pdf";
    if (!html && !pdf)
        return model::fail(
            {}, "",
            "the report '" + file.string() + "' has " +
                (ending.isEmpty() ? "no ending" : "the ending '." + ending.toStdString() + "'") +
                "; .html or .pdf expected");
    // Open first: an unwritable place is known before the work.
    QSaveFile target(name);
    const auto refused = [&] {
        return model::fail(
            {}, "", "cannot write the report '" + file.string() + "': " + target.errorString().toStdString());
    };
    if (QFileInfo(name).isDir())
        return model::fail({}, "", "cannot write the report '" + file.string() + "': it is a folder");
    if (!target.open(QIODevice::WriteOnly)) return refused();
    const std::string bytes = html ? to_html(input) : to_pdf(input);
    const auto size = static_cast<qint64>(bytes.size());
    if (target.write(bytes.data(), size) != size || !target.commit()) return refused();
    return {};
}

}  // namespace headroom::report
