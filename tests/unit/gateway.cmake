warifu_test_binary(unit_gateway
  SOURCES gateway/approvals_test.cpp gateway/authentication_requests_test.cpp gateway/failure_test.cpp gateway/form_test.cpp
          gateway/http_test.cpp gateway/input_test.cpp gateway/limits_test.cpp gateway/pages_test.cpp gateway/router_test.cpp
          gateway/running_gateway.cpp gateway/scripted_warifud.cpp
  LIBRARIES gateway)
