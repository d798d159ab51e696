warifu_test_binary(unit_client
  SOURCES client/apps_test.cpp client/client_test.cpp client/delivery_test.cpp client/fake_warifud.cpp client/japanese_test.cpp client/jws_test.cpp
          client/messages_test.cpp client/moment_test.cpp client/sheet_test.cpp client/tool.cpp client/tool_commands_test.cpp
          client/tool_errors_test.cpp client/tool_help_test.cpp client/tool_input_test.cpp
          client/tool_leaks_test.cpp client/tool_qr_test.cpp client/tool_reach_test.cpp
          client/tool_terminal_test.cpp crypto/program_output.cpp
  LIBRARIES enroll_tool)
add_dependencies(unit_client warifu translations)
target_compile_definitions(unit_client PRIVATE WARIFU_TOOL="$<TARGET_FILE:warifu>" WARIFU_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                           WARIFU_VERSION="${PROJECT_VERSION}")
set_property(SOURCE client/japanese_test.cpp APPEND PROPERTY COMPILE_DEFINITIONS WARIFU_CATALOGUES="${CMAKE_BINARY_DIR}/po")
