# The target verso_build: what only our own build wants. Every target of the project links it
# privately, so that nothing of it reaches a host; under a host's build it carries the language
# standard and nothing else.
add_library(verso_build INTERFACE)
target_compile_features(verso_build INTERFACE cxx_std_20)

if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

target_compile_options(verso_build INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(verso_build INTERFACE -Wno-restrict)  # wrong about "literal" + std::string
endif()
if(VERSO_COVERAGE)
    target_link_options(verso_build INTERFACE --coverage)
endif()

# What is built several times over and has no long work of its own: the tests, the command, its server.
set(verso_unoptimised)
if(VERSO_SANITIZE OR VERSO_COVERAGE)
    set(verso_unoptimised -O0)  # a third to a half less to compile
endif()

if(VERSO_SANITIZE)
    set(sanitizers -fsanitize=${VERSO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_compile_options(verso_build INTERFACE ${sanitizers}
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)  # wrong about what sanitizers add
    if(VERSO_SANITIZE STREQUAL thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        target_compile_options(verso_build INTERFACE -Wno-tsan)  # of fences in Boost.Asio
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # A tenth to a quarter of its time it would tidy its memory, of which it then uses 1.5 GB.
        target_compile_options(verso_build INTERFACE "SHELL:--param ggc-min-expand=300"
                                                     "SHELL:--param ggc-min-heapsize=1000000")
    endif()
    target_compile_definitions(verso_build INTERFACE _GLIBCXX_ASSERTIONS VERSO_SANITIZED)
    target_link_options(verso_build INTERFACE ${sanitizers}
        # Each test is a process of its own: without relocating what sanitizers add it begins in
        # two thirds of the time.
        $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
endif()
