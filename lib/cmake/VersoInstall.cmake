# What `cmake --install` places: the library, its public headers, the command, and what find_package
# and pkg-config read.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/verso)

install(TARGETS verso EXPORT verso-targets FILE_SET HEADERS)
install(EXPORT verso-targets NAMESPACE verso:: DESTINATION ${package_dir})
if(TARGET verso_cli)
    # A shared verso is found beside the command, wherever the prefix lies.
    file(RELATIVE_PATH bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(verso_cli PROPERTIES INSTALL_RPATH $ORIGIN/${bin_to_lib})
    install(TARGETS verso_cli)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/verso-config.cmake.in
                              ${PROJECT_BINARY_DIR}/verso-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/verso-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/verso-config.cmake
              ${PROJECT_BINARY_DIR}/verso-config-version.cmake
              ${CMAKE_CURRENT_LIST_DIR}/FindLMDB.cmake
        DESTINATION ${package_dir})

# What a shared verso links of its own accord, a host links with a static one.
get_target_property(verso_type verso TYPE)
if(verso_type STREQUAL "SHARED_LIBRARY")
    set(verso_pc_private .private)
else()
    set(verso_pc_threads " -pthread")
endif()
file(RELATIVE_PATH verso_pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/verso.pc.in ${PROJECT_BINARY_DIR}/verso.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/verso.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
