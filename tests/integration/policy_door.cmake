warifu_test_binary(integration_policy_door
  SOURCES policy_door_test.cpp
  LIBRARIES integration_harness)
