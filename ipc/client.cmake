# The varlink client of the tool and the gateway.
add_library(ipc_client STATIC client/connection.cpp client/reach.cpp client/reply.cpp client/request.cpp)
target_link_libraries(ipc_client PUBLIC warifu_flags core_base ipc_wire nlohmann_json::nlohmann_json)
target_compile_definitions(ipc_client PRIVATE WARIFUD_PATH="${WARIFU_WARIFUD_PATH}")
