#include "app/cli/pictures.h"

#include "app/cli/session.h"
#include "model/scenario/write_file.h"

#ifdef HEADROOM_REPORTS
#include "app/report/report.h"

#include <QApplication>
#include <cstdlib>
#endif

namespace headroom::cli {

#ifdef HEADROOM_REPORTS

/// Charts and fonts need an application object; without a display it draws offscreen.
struct Pictures::Qt {
    int count = 1;
    char name[9] = "headroom";
    char* names[2] = {name, nullptr};
    QApplication application;
    report::QtIllustrator illustrator;

    static int& prepared(int& count_) {
        if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY"))
            setenv("QT_QPA_PLATFORM", "offscreen", 0);
        // What Qt remarks about the machine ("XDG_RUNTIME_DIR not set") is nothing to a person who wants a
        // report.
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
        return count_;
    }
    Qt() : application(prepared(count), names) {}
};

Pictures::Pictures(bool wanted) {
    if (wanted) qt_ = std::make_unique<Qt>();
}
const report::Illustrator* Pictures::illustrator() const { return qt_ ? &qt_->illustrator : nullptr; }

#else

struct Pictures::Qt {};
Pictures::Pictures(bool) {}
const report::Illustrator* Pictures::illustrator() const { return nullptr; }

#endif

Pictures::~Pictures() = default;

model::Expected<void> try_charts(const std::filesystem::path& folder) {
    std::error_code error;
#ifndef HEADROOM_REPORTS
    return tl::unexpected(problem("--charts",
                                  "this build has no charts, as it was made without Qt; --csv and "
                                  "--json have what they would show"));
#endif
    if (std::filesystem::exists(folder, error) && !std::filesystem::is_directory(folder, error))
        return tl::unexpected(problem("--charts", folder.string() + " is not a folder"));
    std::filesystem::create_directories(folder, error);
    if (error)
        return tl::unexpected(
            problem("--charts", folder.string() + " cannot be created: " + error.message()));
    return {};
}

model::Expected<int> write_charts(const std::vector<report::NamedPicture>& pictures,
                                  const std::filesystem::path& folder) {
    const Pictures drawing(true);
    int written = 0;
    for (const report::NamedPicture& named : pictures) {
        if (!drawing.illustrator()) break;
        const std::string svg = drawing.illustrator()->svg_file(named.picture);
        if (svg.empty()) continue;
        if (const auto done = model::write_file(folder / (named.name + ".svg"), svg); !done)
            return tl::unexpected(done.error());
        ++written;
    }
    return written;
}

}  // namespace headroom::cli
