add_library(integration_race STATIC race.cpp)
target_link_libraries(integration_race PUBLIC integration_harness PRIVATE pam)

warifu_test_binary(integration_races
  SOURCES races_test.cpp
  LIBRARIES integration_race pam
  TIMEOUT 2400 SERIAL)
