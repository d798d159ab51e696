add_library(core_policy STATIC policy/line_options.cpp)
target_link_libraries(core_policy PUBLIC core_base PRIVATE warifu_flags)

add_library(core_engine STATIC
  engine/engine.cpp engine/attempt.cpp engine/enrolment.cpp engine/changes.cpp engine/log_line.cpp
  engine/conversation.cpp engine/offer.cpp)
target_link_libraries(core_engine PUBLIC core_policy core_store core_config core_account nlohmann_json::nlohmann_json
                      PRIVATE warifu_flags)
