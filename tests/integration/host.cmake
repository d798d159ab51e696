# Nothing else runs beside these: they look at the whole host. The quickstart uses the release preset's build directory,
# and would make it anew if these were the tests of another one.
set(sources host_test.cpp)
if(CMAKE_BINARY_DIR STREQUAL "${CMAKE_SOURCE_DIR}/build/release")
  list(APPEND sources quickstart_test.cpp)
endif()
warifu_test_binary(integration_host SERIAL SOURCES ${sources} LIBRARIES integration_harness)
