warifu_test_binary(integration_enrol_door
  SOURCES enrol_door_test.cpp tmux_screen.cpp
  LIBRARIES integration_harness)
