warifu_test_binary(unit_nss
  SOURCES nss/group_list_test.cpp nss/marker_name_test.cpp nss/membership_test.cpp nss/module_file_test.cpp
  LIBRARIES nss_membership dl)
add_dependencies(unit_nss nss_warifu)
target_compile_definitions(unit_nss PRIVATE NSS_WARIFU="$<TARGET_FILE:nss_warifu>")
