warifu_test_binary(unit_approval SOURCES approval/approver_rule_test.cpp approval/desk_test.cpp approval/request_test.cpp LIBRARIES core_approval)
target_compile_definitions(unit_approval PRIVATE WARIFU_DOCS_DIRECTORY="${CMAKE_SOURCE_DIR}/docs")
