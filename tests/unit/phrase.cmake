warifu_test_binary(unit_phrase SOURCES phrase/fill_test.cpp LIBRARIES core_phrase)
