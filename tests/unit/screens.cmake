warifu_test_binary(unit_screens
  SOURCES screens/account_list_test.cpp screens/enrolment_test.cpp screens/fake_accounts.cpp screens/layout_test.cpp
          screens/person.cpp screens/phone_move_test.cpp screens/recovery_test.cpp
  LIBRARIES enroll_tool)
