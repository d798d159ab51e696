warifu_test_binary(integration_screens
  SOURCES screens_test.cpp screens_death_test.cpp tmux_screen.cpp
  LIBRARIES integration_harness
  TIMEOUT 1200)
