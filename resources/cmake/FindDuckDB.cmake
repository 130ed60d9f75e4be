# Finds DuckDB's C library and header: DuckDB::DuckDB, DuckDB_VERSION.
#
# An installed DuckDB is taken first. Debian 12 has none, so otherwise the prebuilt library and the header come out of
# two packages of the npm registry, pinned by SHA-512. The archives are kept in $HEADROOM_CACHE/duckdb (by default
# ${XDG_CACHE_HOME:-~/.cache}/headroom/duckdb); with them there, no network is needed. The library is put where
# the installed one will be too, lib/headroom, and DuckDB_BUNDLED is true.

find_library(DuckDB_LIBRARY duckdb)
find_path(DuckDB_INCLUDE_DIR duckdb.h)
mark_as_advanced(DuckDB_LIBRARY DuckDB_INCLUDE_DIR)
set(DuckDB_BUNDLED FALSE)

function(_duckdb_cache_folder result)
  if(DEFINED ENV{HEADROOM_CACHE})
    set(cache "$ENV{HEADROOM_CACHE}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(cache "$ENV{XDG_CACHE_HOME}/headroom")
  elseif(DEFINED ENV{HOME})
    set(cache "$ENV{HOME}/.cache/headroom")
  else()
    set(cache "${PROJECT_BINARY_DIR}/cache")
  endif()
  set(${result} "${cache}/duckdb" PARENT_SCOPE)
endfunction()

# _duckdb_fetch(PACKAGE VERSION SHA512 RESULT): the path of the package's archive, fetched unless the cache has it.
function(_duckdb_fetch package version sha512 result)
  set(without "configure with -DHEADROOM_OPERATORS=OFF to build without the operator core")
  _duckdb_cache_folder(cache)
  file(MAKE_DIRECTORY "${cache}")
  file(LOCK "${cache}" DIRECTORY GUARD FUNCTION TIMEOUT 600)

  string(REGEX REPLACE "[@/]+" "-" file "${package}-${version}.tgz")
  string(REGEX REPLACE "^-" "" file "${file}")
  if(NOT EXISTS "${cache}/${file}")
    find_program(DuckDB_NPM npm)
    mark_as_advanced(DuckDB_NPM)
    if(NOT DuckDB_NPM)
      message(FATAL_ERROR "DuckDB is not installed, ${cache} does not hold it, and there is no npm to fetch it with: "
        "install npm, or ${without}.")
    endif()
    message(STATUS "Fetching ${package}@${version}")
    string(RANDOM LENGTH 12 unique)
    set(part "${cache}/part-${unique}")
    file(MAKE_DIRECTORY "${part}")
    execute_process(
      COMMAND "${DuckDB_NPM}" pack "${package}@${version}" --ignore-scripts --loglevel=error --pack-destination "${part}"
      WORKING_DIRECTORY "${part}" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE words TIMEOUT 300)
    if(failed)
      file(REMOVE_RECURSE "${part}")
      string(REGEX MATCH "^[^\n]*" words "${words}")
      message(FATAL_ERROR "DuckDB is not installed, ${cache} does not hold it, and npm could not fetch "
        "${package}@${version} (${failed}: ${words}): connect to the network once, or ${without}.")
    endif()
    file(GLOB archive "${part}/*.tgz")
    file(SHA512 "${archive}" found)
    if(NOT found STREQUAL sha512)
      file(REMOVE_RECURSE "${part}")
      message(FATAL_ERROR "npm gave a ${package}@${version} whose SHA-512 begins with ${found}, not the pinned "
        "${sha512}: it was thrown away and nothing of it is used.")
    endif()
    file(RENAME "${archive}" "${cache}/${file}")
    file(REMOVE_RECURSE "${part}")
  endif()

  file(SHA512 "${cache}/${file}" found)
  if(NOT found STREQUAL sha512)
    message(FATAL_ERROR "${cache}/${file} is damaged or not the pinned one (its SHA-512 is ${found}, not ${sha512}): "
      "nothing of it is used; delete it and configure again, or ${without}.")
  endif()
  set(${result} "${cache}/${file}" PARENT_SCOPE)
endfunction()

# _duckdb_take(ARCHIVE MEMBER DESTINATION): takes one file out of the archive.
function(_duckdb_take archive member destination)
  string(RANDOM LENGTH 12 unique)
  set(part "${PROJECT_BINARY_DIR}/duckdb-${unique}")
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${part}" PATTERNS "${member}")
  get_filename_component(folder "${destination}" DIRECTORY)
  file(MAKE_DIRECTORY "${folder}")
  file(RENAME "${part}/${member}" "${destination}")
  file(REMOVE_RECURSE "${part}")
endfunction()

function(_duckdb_bundle)
  set(version 1.5.5-r.5)
  set(header_version 1.4.4)
  set(header_sha512
    844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    set(package @duckdb/node-bindings-linux-x64)
    set(sha512
      902caae815e19fa4177f017cc957552ab8924873feadf556709e7a706f2a67394e669c72bd3e561a6ea332c871838762b4b94eb07b0837f0f8ed162b7235ee1d)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    set(package @duckdb/node-bindings-linux-arm64)
    set(sha512
      09a7c7d8022f5eda700f29c6dca07fe2e10e1d11a516807b6ae091308c07dc128d2286ec00d5792d2a43277b5fc9108522c2ba7bc013d5eb1e5959eed83bf773)
  else()
    message(FATAL_ERROR "There is no prebuilt DuckDB for ${CMAKE_SYSTEM_PROCESSOR}: install DuckDB's library and "
      "header, or configure with -DHEADROOM_OPERATORS=OFF to build without the operator core.")
  endif()

  set(library "${PROJECT_BINARY_DIR}/lib/headroom/libduckdb.so")
  set(include "${PROJECT_BINARY_DIR}/include/duckdb")
  set(licence "${PROJECT_BINARY_DIR}/share/doc/headroom/LICENSE.duckdb")
  set(stamp "${PROJECT_BINARY_DIR}/lib/headroom/duckdb.sha512")
  set(wanted "${sha512} ${header_sha512}")
  set(present "")
  if(EXISTS "${stamp}")
    file(READ "${stamp}" present)
  endif()
  if(NOT present STREQUAL wanted OR NOT EXISTS "${library}" OR NOT EXISTS "${include}/duckdb.h")
    _duckdb_fetch("${package}" ${version} ${sha512} archive)
    _duckdb_fetch(duckdb ${header_version} ${header_sha512} header_archive)
    _duckdb_take("${archive}" package/libduckdb.so "${library}")
    _duckdb_take("${archive}" package/LICENSE "${licence}")
    _duckdb_take("${header_archive}" package/src/duckdb/src/include/duckdb.h "${include}/duckdb.h")
    file(WRITE "${stamp}" "${wanted}")
  endif()

  set(DuckDB_BUNDLED TRUE PARENT_SCOPE)
  set(DuckDB_LICENCE "${licence}" PARENT_SCOPE)
  set(DuckDB_LIBRARY "${library}" PARENT_SCOPE)
  set(DuckDB_INCLUDE_DIR "${include}" PARENT_SCOPE)
  set(DuckDB_VERSION "${version}" PARENT_SCOPE)
endfunction()

if(NOT DuckDB_LIBRARY OR NOT DuckDB_INCLUDE_DIR)
  _duckdb_bundle()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR)

if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES
    IMPORTED_LOCATION "${DuckDB_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${DuckDB_INCLUDE_DIR}")
endif()
