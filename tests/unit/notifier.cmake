warifu_test_binary(unit_notifier
  SOURCES notifier/document_test.cpp notifier/http_request_test.cpp notifier/mail_test.cpp notifier/shown_test.cpp
  LIBRARIES notifier)
