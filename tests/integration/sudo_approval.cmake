warifu_test_binary(integration_sudo_approval
  SOURCES sudo_approval_test.cpp sudo_approvers_test.cpp
  LIBRARIES integration_harness)
