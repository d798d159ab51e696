# Pure.
add_library(core_approval STATIC approval/desk.cpp approval/request.cpp approval/request_json.cpp approval/rule.cpp
  approval/approver_rule.cpp approval/token.cpp)
target_link_libraries(core_approval PUBLIC core_policy PRIVATE warifu_flags nlohmann_json::nlohmann_json OpenSSL::Crypto)
