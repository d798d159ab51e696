warifu_test_binary(integration_nss
  SOURCES nss_groups_test.cpp nss_lookup_test.cpp nss_door_test.cpp nss_machine.cpp
  LIBRARIES integration_harness pam)
