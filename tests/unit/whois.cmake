warifu_test_binary(unit_whois SOURCES whois/nsswitch_test.cpp LIBRARIES enroll_tool)
