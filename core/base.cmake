add_library(core_base STATIC secret/secret.cpp)
target_link_libraries(core_base PUBLIC warifu_flags OpenSSL::Crypto)
