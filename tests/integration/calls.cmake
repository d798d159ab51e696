# What a sign-in asks of the kernel, and what of it can be seen, made to fail and held up.
warifu_test_binary(integration_calls
  SOURCES failures_test.cpp frozen_test.cpp pam_host.cpp sameness_test.cpp untouched_test.cpp varlink_peer.cpp
  LIBRARIES integration_harness pam
  TIMEOUT 1800)
add_dependencies(integration_calls pam_probe)
