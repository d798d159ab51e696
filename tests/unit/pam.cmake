# The module as it is built, under the real libpam, against a scripted stand-in for warifud.

# Sets and reads PAM_AUTHTOK in a stack, which only a module may do, and looks at the process there.
add_library(pam_probe MODULE pam/probe_module.cpp pam/process_state.cpp)
set_target_properties(pam_probe PROPERTIES PREFIX "")
target_link_libraries(pam_probe PRIVATE warifu_flags pam nlohmann_json::nlohmann_json)

warifu_test_binary(unit_pam
  SOURCES pam/answer_test.cpp pam/child_test.cpp pam/connection_test.cpp pam/conversation_test.cpp
          pam/fake_listener.cpp pam/host_test.cpp pam/module_file_test.cpp pam/options_test.cpp
          pam/outcome_test.cpp pam/own_system.cpp pam/person.cpp pam/printable_test.cpp pam/process_state.cpp
          pam/sign_in.cpp
          pam/single_field_test.cpp pam/start_test.cpp pam/timeout_test.cpp wire/other_process.cpp
  LIBRARIES pam_pump pam dl nlohmann_json::nlohmann_json)
add_dependencies(unit_pam pam_warifu pam_probe fake_warifud)
# WARIFU_SANITIZE may be a list with commas, which no generator expression takes.
if(WARIFU_SANITIZE)
  set(sanitized 1)
else()
  set(sanitized 0)
endif()
target_compile_definitions(unit_pam PRIVATE
  FAKE_WARIFUD="$<TARGET_FILE:fake_warifud>" PAM_WARIFU="$<TARGET_FILE:pam_warifu>"
  PAM_PROBE="$<TARGET_FILE:pam_probe>" SANITIZED=${sanitized})
