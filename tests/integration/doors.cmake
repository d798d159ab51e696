warifu_test_binary(integration_doors
  SOURCES ssh_door_test.cpp local_doors_test.cpp pam_line_test.cpp
  LIBRARIES integration_harness)
