#include "app/desktop/shell/about.h"

#include <QApplication>
#include <array>

namespace headroom::desktop {

namespace {

struct Library {
    const char *name, *version, *licence;
};

// The versions that the build found; Qt's is the one that runs.
constexpr std::array libraries{Library{"SQLite", HEADROOM_WITH_SQLITE, "public domain"},
                               Library{"DuckDB", HEADROOM_WITH_DUCKDB, "MIT"},
                               Library{"Eigen", HEADROOM_WITH_EIGEN, "MPL 2.0"},
                               Library{"Boost", HEADROOM_WITH_BOOST, "Boost Software License 1.0"},
                               Library{"OpenSSL", HEADROOM_WITH_OPENSSL, "Apache 2.0"},
                               Library{"yaml-cpp", HEADROOM_WITH_YAML_CPP, "MIT"},
                               Library{"JSON for Modern C++", HEADROOM_WITH_JSON, "MIT"},
                               Library{"tl::expected", HEADROOM_WITH_EXPECTED, "CC0"}};

QString row(const QString& name, const QString& version, const QString& licence) {
    return QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2&nbsp;&nbsp;</td><td>%3</td></tr>")
        .arg(name.toHtmlEscaped(), version.toHtmlEscaped(), licence.toHtmlEscaped());
}

QString tr(const char* text) { return QCoreApplication::translate("About", text); }

}  // namespace

QString about_text() {
    QString rows =
        row(QStringLiteral("Qt, with Qt SVG"), QLatin1String(qVersion()), QStringLiteral("LGPL 3")) +
        row(QStringLiteral("Qt Charts"), QLatin1String(qVersion()), QStringLiteral("GPL 3"));
    for (const Library& one : libraries)
        if (*one.version != '\0')
            rows += row(QLatin1String(one.name), QLatin1String(one.version), QLatin1String(one.licence));
    return tr("<h3>Headroom %1</h3><p>Simulation and capacity planning for data platforms.</p>"
              "<p>Apache License 2.0</p><p>Made with</p>")
               .arg(QApplication::applicationVersion().toHtmlEscaped()) +
           QStringLiteral("<table>%1</table>").arg(rows);
}

}  // namespace headroom::desktop
