# What the packages bring to a host besides the programs, in the hands of the host's own tools.
warifu_test_binary(integration_packages
  SOURCES authselect_profile_test.cpp distribution_files_test.cpp pam_profiles_test.cpp units_test.cpp
  LIBRARIES integration_harness pam)
add_dependencies(integration_packages packaged)

# The Debian packages on a Debian made by debootstrap, which is kept in the build tree.
warifu_test_binary(integration_debian
  SOURCES debian_packages_test.cpp
  LIBRARIES integration_harness
  TIMEOUT 1800)
add_dependencies(integration_debian packaged)
