warifu_test_binary(unit_phrase SOURCES phrase/fill_test.cpp phrase/phrases_test.cpp LIBRARIES core_phrase)
add_dependencies(unit_phrase translations)
target_compile_definitions(unit_phrase PRIVATE WARIFU_CATALOGUES="${CMAKE_BINARY_DIR}/po")
