# Builds and runs the host in tests/house/consumer against verso as it is installed from
# VERSO_BINARY_DIR (MODE package, or pkg_config), or from its source as a shared library (MODE
# source), and sees that verso brings nothing but itself.
set(work_dir ${VERSO_BINARY_DIR}/tests/house/${MODE})
file(REMOVE_RECURSE ${work_dir})

if(NOT MODE STREQUAL "source")
    execute_process(COMMAND ${CMAKE_COMMAND} --install ${VERSO_BINARY_DIR}
                                             --prefix ${work_dir}/prefix
                    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    if(CLI)
        execute_process(COMMAND ${work_dir}/prefix/bin/verso --version COMMAND_ERROR_IS_FATAL ANY)
        file(READ_ELF ${work_dir}/prefix/bin/verso RUNPATH library_dirs CAPTURE_ERROR error)
        if(NOT library_dirs MATCHES [[\$ORIGIN/\.\./lib]])
            message(FATAL_ERROR "The installed command would not find a shared verso: its RUNPATH is "
                                "\"${library_dirs}\" ${error}")
        endif()
    endif()
    set(verso_from -D CMAKE_PREFIX_PATH=${work_dir}/prefix)
    if(MODE STREQUAL "pkg_config")
        file(GLOB_RECURSE pc_file ${work_dir}/prefix/verso.pc)
        cmake_path(GET pc_file PARENT_PATH pc_dir)
        set(ENV{PKG_CONFIG_PATH} ${pc_dir})
        set(verso_from -D WITH_PKG_CONFIG=ON)
    endif()
    if(COVERAGE)
        list(APPEND verso_from -D CMAKE_EXE_LINKER_FLAGS=--coverage)  # what is installed counts
    endif()
else()
    set(verso_from -D VERSO_SOURCE_DIR=${VERSO_SOURCE_DIR} -D BUILD_SHARED_LIBS=ON
                   -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=0)  # a layer as one file
endif()

execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja
                        -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${work_dir}/build
                        -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
                        -D CMAKE_EXPORT_COMPILE_COMMANDS=ON ${verso_from}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${work_dir}/build COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${work_dir}/build/consumer COMMAND_ERROR_IS_FATAL ANY)

file(READ ${work_dir}/build/compile_commands.json commands)
foreach(foreign IN ITEMS " -W" " -fsanitize" "_test.cpp" "/lib/cli/" "/bench/" "/docs/")
    string(FIND "${commands}" "${foreign}" at)
    if(NOT at EQUAL -1)
        message(FATAL_ERROR "A host's build has \"${foreign}\" in its commands, "
                            "which only a build of verso itself may have.")
    endif()
endforeach()
