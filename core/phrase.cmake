add_library(core_phrase STATIC phrase/fill.cpp phrase/phrases.cpp)
target_link_libraries(core_phrase PUBLIC core_base PRIVATE warifu_flags)
