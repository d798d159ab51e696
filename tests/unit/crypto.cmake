warifu_test_binary(unit_crypto
  SOURCES crypto/base32_test.cpp crypto/freed_memory.cpp crypto/key_uri_test.cpp crypto/otp_test.cpp
          crypto/program_output.cpp crypto/recovery_code_test.cpp crypto/secret_test.cpp crypto/store_key_test.cpp
  LIBRARIES core_crypto)
