warifu_test_binary(integration_cockpit
  SOURCES cockpit_browser_test.cpp cockpit_door_test.cpp
  LIBRARIES integration_harness)
