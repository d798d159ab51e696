warifu_test_binary(integration_doctor
  SOURCES doctor_test.cpp try_test.cpp
  LIBRARIES integration_harness)
