// headroom-desktop [SCENARIO]
// headroom-desktop --screenshots FOLDER [SCENARIO]

#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/screenshots.h"
#include "app/desktop/shell/window.h"
#include "app/desktop/welcome/welcome_page.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>
#include <cstdio>
#include <memory>

namespace {

int fail(const headroom::model::Problems& problems) {
    for (const auto& problem : problems) std::fprintf(stderr, "%s\n", problem.sentence().c_str());
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace headroom;
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Headroom"));
    QApplication::setApplicationName(QStringLiteral("headroom-desktop"));
    QApplication::setApplicationVersion(QStringLiteral(HEADROOM_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("headroom"));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "Simulation and capacity planning for data platforms"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("scenario"), QApplication::translate("main", "File to open"),
                                 QStringLiteral("[scenario]"));
    const QCommandLineOption screenshots(
        QStringLiteral("screenshots"),
        QApplication::translate("main", "Write pictures of every page into a folder, and end"),
        QStringLiteral("folder"));
    parser.addOption(screenshots);
    parser.process(application);

    const auto resources = model::find_resources();
    if (!resources) return fail(resources.error());
    auto catalog = model::Catalog::load(*resources);
    if (!catalog) return fail(catalog.error());
    const auto shared = std::make_shared<const model::Catalog>(std::move(*catalog));
    QApplication::setWindowIcon(
        QIcon(QString::fromStdString((*resources / "icons" / "headroom.svg").string())));

    const QStringList files = parser.positionalArguments();
    if (parser.isSet(screenshots)) {
        // The same pictures wherever they are taken: no settings of the person are read or written.
        QTemporaryDir settings;
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
        const auto example = desktop::examples_folder() / "03-click-analytics.yaml";
        const QString scenario = files.isEmpty() ? QString::fromStdString(example.string()) : files.first();
        return desktop::take_screenshots(shared, parser.value(screenshots), scenario) ? 0 : 2;
    }
    desktop::Window window(shared);
    window.show();
    window.recover();
    if (!files.isEmpty()) window.open(files.first());
    return QApplication::exec();
}
