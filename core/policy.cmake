# Pure.
add_library(core_policy STATIC
  policy/calendar.cpp policy/line_options.cpp policy/network.cpp policy/policy.cpp)
target_link_libraries(core_policy PUBLIC core_account PRIVATE warifu_flags)
