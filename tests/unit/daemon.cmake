warifu_test_binary(unit_daemon
  SOURCES daemon/markers_test.cpp daemon/notify_process_test.cpp daemon/params_test.cpp daemon/place_test.cpp
          daemon/roles_test.cpp daemon/scrypt_queue_test.cpp
  LIBRARIES daemon)
add_dependencies(unit_daemon warifud)
target_compile_definitions(unit_daemon PRIVATE WARIFUD="$<TARGET_FILE:warifud>")
