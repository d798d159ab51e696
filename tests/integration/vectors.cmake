warifu_test_binary(integration_vectors
  SOURCES vectors_test.cpp
  LIBRARIES integration_harness)
