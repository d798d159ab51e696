pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
add_library(core_qr STATIC qr/qr.cpp qr/render.cpp)
target_link_libraries(core_qr PUBLIC core_base PRIVATE PkgConfig::QRENCODE PkgConfig::PNG)
