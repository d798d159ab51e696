warifu_test_binary(integration_enrol_door
  SOURCES enrol_door_test.cpp
  LIBRARIES integration_harness)
