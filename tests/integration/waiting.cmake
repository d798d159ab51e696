warifu_test_binary(integration_waiting
  SOURCES waiting_test.cpp
  LIBRARIES integration_harness)
