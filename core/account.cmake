# Pure: no store, no clock, no file, no socket.
add_library(core_account STATIC
  account/remembered.cpp account/source_id.cpp account/state.cpp limits/common_budget.cpp limits/limits.cpp verifier/answer.cpp verifier/verdict.cpp
  verifier/verifier.cpp)
target_link_libraries(core_account PUBLIC core_crypto core_credentials PRIVATE warifu_flags)
