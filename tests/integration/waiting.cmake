warifu_test_binary(integration_waiting
  SOURCES waiting_test.cpp varlink_peer.cpp
  LIBRARIES integration_harness)
