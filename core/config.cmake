# toml++ is compiled into one source file: no library of its own to load at the start of a sign-in.
add_library(core_config STATIC
  config/config.cpp config/describe.cpp config/keys.cpp config/load_config.cpp config/setting.cpp config/shown_text.cpp
  config/toml_document.cpp)
target_include_directories(core_config SYSTEM PRIVATE ${TOMLPP_INCLUDE_DIRS})
target_link_libraries(core_config PUBLIC core_approval core_phrase PRIVATE warifu_flags)
