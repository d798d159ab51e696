warifu_test_binary(unit_policy
  SOURCES policy/calendar_test.cpp policy/key_file_place_test.cpp policy/network_test.cpp policy/policy_test.cpp policy/switches_test.cpp
  LIBRARIES core_policy)
