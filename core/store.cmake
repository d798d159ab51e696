add_library(core_store STATIC
  source/google_file.cpp source/home_file.cpp source/owned_file.cpp source/text_file.cpp
  store/committer.cpp store/connection.cpp store/fair_lock.cpp store/record_table.cpp store/sqlite_store.cpp
  store/store_directory.cpp store/store_files.cpp)
target_link_libraries(core_store PUBLIC core_credentials PkgConfig::SQLITE Threads::Threads PRIVATE warifu_flags)
