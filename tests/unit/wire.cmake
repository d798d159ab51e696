# A stand-in for warifud, started as a child: it says how it was started and plays one of a few parts.
add_executable(fake_warifud wire/fake_warifud.cpp)
target_link_libraries(fake_warifud PRIVATE warifu_flags nlohmann_json::nlohmann_json)

warifu_test_binary(unit_wire
  SOURCES wire/connect_test.cpp wire/flat_reply_test.cpp wire/json_writer_test.cpp wire/message_test.cpp
          wire/nesting_test.cpp wire/start_daemon_test.cpp wire/utf8_test.cpp wire/other_process.cpp
  LIBRARIES ipc_wire nlohmann_json::nlohmann_json)
add_dependencies(unit_wire fake_warifud)
target_compile_definitions(unit_wire PRIVATE FAKE_WARIFUD="$<TARGET_FILE:fake_warifud>")
