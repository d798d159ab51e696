# The manual pages and what is installed, as they are built.
warifu_test_binary(unit_manual
  SOURCES manual/install_test.cpp manual/pages_test.cpp crypto/program_output.cpp
  LIBRARIES enroll_tool core_config core_policy pam_pump)
add_dependencies(unit_manual completions manual_pages pam_warifu nss_warifu translations warifu warifu-gateway warifu-notify warifud)
target_compile_definitions(unit_manual PRIVATE
  WARIFU_SOURCE_DIR="${CMAKE_SOURCE_DIR}" WARIFU_BUILD_DIR="${CMAKE_BINARY_DIR}" CMAKE_PROGRAM="${CMAKE_COMMAND}"
  MULTIARCH="${CMAKE_LIBRARY_ARCHITECTURE}")
