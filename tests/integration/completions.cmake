# The shells' completions in the shells.
warifu_test_binary(integration_completions SOURCES completions_test.cpp LIBRARIES integration_harness)
add_dependencies(integration_completions completions)
