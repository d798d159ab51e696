warifu_test_binary(integration_approval_door
  SOURCES approval_door_test.cpp
  LIBRARIES integration_harness)
