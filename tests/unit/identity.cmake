warifu_test_binary(unit_identity
  SOURCES identity/identity_errors_test.cpp identity/identity_names_test.cpp
  LIBRARIES identity)

# The names test runs identity_probe under nss_wrapper (Debian: libnss-wrapper), which answers from files of the
# test's own and from identity_directory, a name service that knows aliases.
find_library(NSS_WRAPPER_LIBRARY nss_wrapper REQUIRED)
add_executable(identity_probe identity/identity_probe.cpp)
target_link_libraries(identity_probe PRIVATE warifu_flags identity)
add_library(identity_directory MODULE identity/identity_directory.cpp)
target_link_libraries(identity_directory PRIVATE warifu_flags)
add_dependencies(unit_identity identity_probe identity_directory)
target_compile_definitions(unit_identity PRIVATE
  IDENTITY_PROBE="$<TARGET_FILE:identity_probe>" IDENTITY_DIRECTORY="$<TARGET_FILE:identity_directory>"
  NSS_WRAPPER_LIBRARY="${NSS_WRAPPER_LIBRARY}")
