warifu_test_binary(integration_shared_key_door
  SOURCES shared_key_door_test.cpp
  LIBRARIES integration_harness)
