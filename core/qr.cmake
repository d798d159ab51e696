add_library(core_qr STATIC qr/qr.cpp qr/render.cpp)
target_link_libraries(core_qr PUBLIC core_base PRIVATE PkgConfig::QRENCODE)

pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
add_library(core_qr_image STATIC qr/image.cpp)
target_link_libraries(core_qr_image PUBLIC core_qr PRIVATE PkgConfig::PNG)
