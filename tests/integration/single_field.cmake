# Doors with one field for password and code: web servers, FTP, IMAP, a screen locker, a panel's form.
warifu_test_binary(integration_single_field
  SOURCES apache_test.cpp locker_test.cpp mail_and_ftp_test.cpp nginx_test.cpp panel_test.cpp
  LIBRARIES integration_harness)
