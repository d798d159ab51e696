warifu_test_binary(integration_full_disk
  SOURCES full_disk_test.cpp
  LIBRARIES integration_harness)
