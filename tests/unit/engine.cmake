warifu_test_binary(unit_engine
  SOURCES engine/attempt_test.cpp engine/approvals_test.cpp engine/door_approval_test.cpp engine/changes_test.cpp engine/clients_test.cpp engine/conversation_test.cpp engine/door_enrolment_test.cpp
          engine/enrolment_test.cpp
          engine/failure_test.cpp engine/key_files_test.cpp engine/raced_test.cpp engine/standing_test.cpp engine/shared_keys_test.cpp engine/switches_test.cpp engine/approver_rules_test.cpp engine/world.cpp
  LIBRARIES core_engine)
