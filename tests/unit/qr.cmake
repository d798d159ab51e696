warifu_test_binary(unit_qr
  SOURCES qr/qr_test.cpp crypto/program_output.cpp
  LIBRARIES core_qr_image core_crypto)
