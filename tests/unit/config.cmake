warifu_test_binary(unit_config
  SOURCES config/load_config_test.cpp config/pam_samples_test.cpp config/parse_config_test.cpp
          config/shipped_file_test.cpp config/toml_document_test.cpp
  LIBRARIES core_config pam)
target_compile_definitions(unit_config PRIVATE WARIFU_CONF_DIRECTORY="${CMAKE_SOURCE_DIR}/conf")
