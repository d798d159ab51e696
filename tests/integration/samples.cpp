#include "tests/integration/samples.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace warifu::integration {
namespace {

const std::filesystem::path samples = std::filesystem::path(WARIFU_SOURCE_DIR) / "conf";

}  // namespace

std::string sample(const std::string& name) {
    std::ostringstream text;
    const std::ifstream file(samples / name);
    if (!file) throw std::runtime_error("there is no sample conf/" + name);
    text << file.rdbuf();
    return text.str();
}

void install_pam_samples(Sandbox& sandbox) {
    for (const auto& entry : std::filesystem::directory_iterator(samples / "pam")) {
        const std::string service = entry.path().filename();
        sandbox.write("/etc/pam.d/" + service, sample("pam/" + service));
    }
}

}  // namespace warifu::integration
