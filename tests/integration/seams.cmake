warifu_test_binary(integration_seams
  SOURCES foreign_homes_test.cpp seams_socket_test.cpp seams_outage_test.cpp seams_loss_test.cpp
          seams_floods_test.cpp seams_home_test.cpp seams_silence_test.cpp
  LIBRARIES integration_harness pam
  TIMEOUT 1800)
