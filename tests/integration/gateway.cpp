#include "tests/integration/gateway.h"

namespace warifu::integration {

Gateway::Gateway(const Sandbox& sandbox) : process_(sandbox, as_root({"/usr/sbin/warifu-gateway"})) {
    sandbox.wait_for_log("warifu-gateway");
}

}  // namespace warifu::integration
