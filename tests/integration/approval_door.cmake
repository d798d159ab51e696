warifu_test_binary(integration_approval_door
  SOURCES approval_door_test.cpp assertion_test.cpp approvals_race_test.cpp
  LIBRARIES integration_harness)
