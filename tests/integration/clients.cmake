# Accounts that root let verify for others, and what they can do beyond it: nothing.
warifu_test_binary(integration_clients
  SOURCES clients_test.cpp
  LIBRARIES integration_harness pam)
