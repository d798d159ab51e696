# warifu-notify against servers of the test's own.
warifu_test_binary(integration_notify SOURCES notify_channels_test.cpp LIBRARIES integration_harness)
