# The doctor's checks, fed with facts; libpam, the module's and warifud's own readers of options are what the
# doctor's picture of PAM is held against.
warifu_test_binary(unit_doctor
  SOURCES doctor/account_checks_test.cpp doctor/findings.cpp doctor/host_checks_test.cpp
          doctor/nss_checks_test.cpp doctor/pam_checks_test.cpp doctor/pam_file_test.cpp
          doctor/pam_options_test.cpp doctor/pam_stack_test.cpp doctor/sshd_checks_test.cpp
          doctor/translation_test.cpp doctor/documentation_test.cpp
  LIBRARIES enroll_doctor core_policy pam_pump pam)
add_dependencies(unit_doctor translations)
target_compile_definitions(unit_doctor PRIVATE WARIFU_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
set_property(SOURCE doctor/translation_test.cpp APPEND PROPERTY COMPILE_DEFINITIONS WARIFU_CATALOGUES="${CMAKE_BINARY_DIR}/po")
