# Debian's slapd and nslcd.
warifu_test_binary(integration_ldap
  SOURCES ldap_names_test.cpp ldap_directory.cpp
  LIBRARIES integration_harness)
