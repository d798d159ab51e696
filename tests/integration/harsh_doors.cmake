warifu_test_binary(integration_harsh_doors
  SOURCES harsh_doors_test.cpp
  LIBRARIES integration_harness)
