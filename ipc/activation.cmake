# What a service manager hands to warifud and to the gateway.
add_library(ipc_activation STATIC activation.cpp)
target_link_libraries(ipc_activation PRIVATE warifu_flags)
