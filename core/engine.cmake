add_library(core_engine STATIC
  engine/action_approval.cpp engine/api_key.cpp engine/device.cpp engine/approvals.cpp engine/assertion.cpp engine/attempt.cpp engine/door_approval.cpp engine/engine.cpp
  engine/approver_rules.cpp engine/mailed_code.cpp engine/notice.cpp engine/enrolment.cpp engine/changes.cpp engine/log_line.cpp
  engine/client.cpp engine/clients.cpp engine/conversation.cpp engine/door_enrolment.cpp engine/offer.cpp
  engine/shared_key.cpp engine/shared_keyring.cpp engine/standing.cpp engine/step.cpp engine/switchboard.cpp)
target_link_libraries(core_engine PUBLIC core_approval core_store core_config core_account core_phrase core_qr nlohmann_json::nlohmann_json
                      PRIVATE warifu_flags)
