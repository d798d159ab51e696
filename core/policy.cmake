# Pure.
add_library(core_policy STATIC
  policy/calendar.cpp policy/key_file_place.cpp policy/line_options.cpp policy/network.cpp policy/policy.cpp policy/switches.cpp)
target_link_libraries(core_policy PUBLIC core_account PRIVATE warifu_flags nlohmann_json::nlohmann_json)
