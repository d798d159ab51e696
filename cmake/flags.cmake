# Flags as interface targets: a room links warifu_flags, and what is loaded into other people's processes
# links warifu_module_flags instead.

add_library(warifu_warnings INTERFACE)
target_compile_options(warifu_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
  -Wformat=2 -Wimplicit-fallthrough -Werror)

# -fstack-reuse=none: g++ up to 13.2 miscompiles the stack slots of coroutines and temporaries without it.
# -ftrivial-auto-var-init=zero: nothing that the stack held before is ever sent or compared.
add_library(warifu_hardening INTERFACE)
target_compile_options(warifu_hardening INTERFACE
  -ftrivial-auto-var-init=zero -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
  -fno-strict-aliasing -fvisibility=hidden
  $<$<CXX_COMPILER_ID:GNU>:-fstack-reuse=none>)
if(NOT WARIFU_SANITIZE)
  target_compile_options(warifu_hardening INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE>
    $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=3>)
endif()
target_link_options(warifu_hardening INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack,-z,defs -Wl,--as-needed)
if(WARIFU_SANITIZE)
  target_compile_options(warifu_hardening INTERFACE -fsanitize=${WARIFU_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(warifu_hardening INTERFACE -fsanitize=${WARIFU_SANITIZE} -Wl,-z,undefs)
endif()

# Programs and the libraries inside them.
add_library(warifu_flags INTERFACE)
target_link_libraries(warifu_flags INTERFACE warifu_warnings warifu_hardening)

# Code that other people's processes load (PAM, NSS): no C++ runtime at all.
add_library(warifu_module_flags INTERFACE)
target_link_libraries(warifu_module_flags INTERFACE warifu_warnings warifu_hardening)
target_compile_options(warifu_module_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-asynchronous-unwind-tables>)
