warifu_test_binary(unit_credentials
  SOURCES credentials/credentials_test.cpp credentials/credentials_json_test.cpp
          credentials/generated_credentials.cpp
  LIBRARIES core_credentials nlohmann_json::nlohmann_json)
