# What a sign-in asks of the kernel, and what of it can be seen, made to fail and held up.
warifu_test_binary(integration_calls
  SOURCES failures_test.cpp frozen_test.cpp sameness_test.cpp untouched_test.cpp
  LIBRARIES integration_harness pam
  TIMEOUT 1800)
add_dependencies(integration_calls pam_probe)
