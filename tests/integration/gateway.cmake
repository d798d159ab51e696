# The HTTP gateway before the real warifud: its API, and its pages in a browser.
warifu_test_binary(integration_gateway
  SOURCES gateway_api_test.cpp gateway_pages_test.cpp
  LIBRARIES integration_harness)
