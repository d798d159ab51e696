warifu_test_binary(integration_screens
  SOURCES screens_test.cpp screens_death_test.cpp
  LIBRARIES integration_harness
  TIMEOUT 1200)
