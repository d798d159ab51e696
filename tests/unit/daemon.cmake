warifu_test_binary(unit_daemon
  SOURCES daemon/markers_test.cpp daemon/params_test.cpp daemon/place_test.cpp daemon/roles_test.cpp daemon/scrypt_queue_test.cpp
  LIBRARIES daemon)
