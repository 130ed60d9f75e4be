# How every target of Headroom is compiled, and the rule about which room sees which.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/headroom")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(headroom_options INTERFACE)
target_compile_options(headroom_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers
  -Wnon-virtual-dtor -Woverloaded-virtual)
# GCC 12 takes the sum of two std::strings for overlapping copies (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(headroom_options INTERFACE -Wno-restrict)
endif()
if(HEADROOM_SANITIZE)
  target_compile_options(headroom_options INTERFACE
    -fsanitize=${HEADROOM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(headroom_options INTERFACE -fsanitize=${HEADROOM_SANITIZE})
endif()

# headroom_door(NAME): an include folder that holds this room alone, so that its headers are reached as "NAME/...".
# A room sees another one only by linking it: an include that runs up the house does not compile.
function(headroom_door name)
  set(door "${PROJECT_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${door}")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${name}" "${door}/${name}" SYMBOLIC)
endfunction()

# headroom_library(TARGET ROOM FOLDER): a static library of all sources below the folder, which lies in that room,
# except those of the operator core's worker, which is a program.
function(headroom_library target room folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp" "${folder}/*.h")
  list(FILTER sources EXCLUDE REGEX "/operators/worker/")
  add_library(${target} STATIC ${sources})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(${target} PUBLIC "${PROJECT_BINARY_DIR}/rooms/${room}")
  target_link_libraries(${target} PUBLIC headroom_options)
endfunction()

# The programs look for their resources in ../share/headroom beside them, in the build tree as when installed.
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/share")
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/resources" "${PROJECT_BINARY_DIR}/share/headroom" SYMBOLIC)
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/tests/validation/measured" "${PROJECT_BINARY_DIR}/share/headroom-measured" SYMBOLIC)
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/tests/validation/cases" "${PROJECT_BINARY_DIR}/share/headroom-validation" SYMBOLIC)
