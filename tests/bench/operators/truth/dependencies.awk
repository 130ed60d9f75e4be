# apt-cache dumpavail | awk -f dependencies.awk: each dependency of each Debian package as a line of JSON, real data
# that every Debian machine has: 335,099 lines with the main archive of Debian 12.
function text(value) {
    gsub(/\\/, "\\\\", value)
    gsub(/"/, "\\\"", value)
    gsub(/[[:cntrl:]]/, " ", value)
    return value == "" ? "null" : "\"" value "\""
}
function package(    kinds, k, list, n, i, one, at) {
    if (!("Package" in field)) return
    split("Pre-Depends Depends Recommends Suggests", kinds, " ")
    for (k = 1; k <= 4; ++k) {
        n = split(field[kinds[k]], list, ",")
        for (i = 1; i <= n; ++i) {
            one = list[i]
            sub(/\|.*/, "", one)
            gsub(/^ +| +$/, "", one)
            if (one == "") continue
            at = index(one, " ")
            printf "{\"package\": %s, \"version\": %s, \"section\": %s, \"maintainer\": %s, ", text(field["Package"]),
                text(field["Version"]), text(field["Section"]), text(field["Maintainer"])
            printf "\"size\": %d, \"installed_kb\": %d, \"priority\": %s, \"kind\": %s, \"needs\": %s, \"constraint\": %s}\n",
                field["Size"], field["Installed-Size"], text(field["Priority"]), text(kinds[k]),
                text(at ? substr(one, 1, at - 1) : one), text(at ? substr(one, at + 1) : "")
        }
    }
}
/^$/ { package(); delete field; next }
/^ / { next }
{ colon = index($0, ": "); field[substr($0, 1, colon - 1)] = substr($0, colon + 2) }
END { package() }
