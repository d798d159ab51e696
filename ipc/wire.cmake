# Framing, names and bounds, reaching warifud. Loaded into other people's processes: no C++ runtime.
add_library(ipc_wire STATIC
  wire/connect.cpp wire/descriptor.cpp wire/flat_reply.cpp wire/json_writer.cpp wire/message.cpp
  wire/nesting.cpp wire/start_daemon.cpp wire/utf8.cpp)
target_link_libraries(ipc_wire PRIVATE warifu_module_flags)
# Part of it runs between clone and exec on a borrowed stack, of which sanitizers know nothing.
if(WARIFU_SANITIZE)
  set_source_files_properties(wire/start_daemon.cpp PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
endif()
