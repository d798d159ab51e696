warifu_test_binary(integration_doors
  SOURCES local_doors_test.cpp pam_line_test.cpp ssh_door_test.cpp ssh_key_door_test.cpp
  LIBRARIES integration_harness pam)
