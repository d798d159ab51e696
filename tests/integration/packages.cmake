# What the packages bring to a host besides the programs, in the hands of the host's own tools.
warifu_test_binary(integration_packages
  SOURCES authselect_profile_test.cpp distribution_files_test.cpp pam_profiles_test.cpp units_test.cpp pam_host.cpp
  LIBRARIES integration_harness pam)
add_dependencies(integration_packages packaged)
