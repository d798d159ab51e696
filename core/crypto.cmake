add_library(core_crypto STATIC
  otp/base32.cpp otp/hmac.cpp otp/key_uri.cpp otp/otp.cpp
  recovery/recovery_code.cpp recovery/scrypt.cpp
  seal/signing_key.cpp seal/store_key.cpp)
target_link_libraries(core_crypto PUBLIC core_base OpenSSL::Crypto)
