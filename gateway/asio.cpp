// Asio's own code, compiled once.
#include "gateway/asio.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#include <boost/asio/impl/src.hpp>
#pragma GCC diagnostic pop
