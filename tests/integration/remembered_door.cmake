warifu_test_binary(integration_remembered_door
  SOURCES remembered_door_test.cpp
  LIBRARIES integration_harness)
