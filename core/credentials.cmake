add_library(core_credentials STATIC account/credentials.cpp account/credentials_json.cpp)
target_link_libraries(core_credentials PUBLIC core_crypto PRIVATE warifu_flags nlohmann_json::nlohmann_json
                      OpenSSL::Crypto)
