warifu_test_binary(unit_account
  SOURCES account/answer_test.cpp account/attack_test.cpp account/common_budget_test.cpp account/limits_test.cpp account/line_options_test.cpp
          account/remembered_test.cpp account/sample_account.cpp account/source_id_test.cpp account/state_test.cpp account/verifier_test.cpp
          account/window_count_test.cpp
  LIBRARIES core_account core_policy)
