# A library that glibc finds as a name service once it lies at its place in a sandbox.
add_library(moody_name_service MODULE moody_name_service.cpp)
target_link_libraries(moody_name_service PRIVATE warifu_flags)
warifu_test_binary(integration_whois SOURCES whois_test.cpp LIBRARIES integration_harness)
add_dependencies(integration_whois identity_directory moody_name_service)
target_compile_definitions(integration_whois PRIVATE
  IDENTITY_DIRECTORY="$<TARGET_FILE:identity_directory>" MOODY_NAME_SERVICE="$<TARGET_FILE:moody_name_service>")
