add_library(core_engine STATIC
  engine/engine.cpp engine/attempt.cpp engine/enrolment.cpp engine/changes.cpp engine/log_line.cpp
  engine/client.cpp engine/clients.cpp engine/conversation.cpp engine/door_enrolment.cpp engine/offer.cpp
  engine/standing.cpp engine/step.cpp)
target_link_libraries(core_engine PUBLIC core_policy core_store core_config core_account core_phrase core_qr nlohmann_json::nlohmann_json
                      PRIVATE warifu_flags)
