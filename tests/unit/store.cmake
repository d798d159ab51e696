warifu_test_binary(unit_store
  SOURCES store/child_process.cpp store/made_store.cpp
          store/fair_lock_test.cpp store/full_disk_test.cpp store/google_file_test.cpp store/home_file_test.cpp store/sqlite_store_test.cpp
          store/store_files_test.cpp store/store_processes_test.cpp store/text_file_test.cpp
  LIBRARIES core_store TIMEOUT 900)
