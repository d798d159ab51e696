// warifu-gateway inside a sandbox, as its own user, on 127.0.0.1:8442.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

class Gateway {
  public:
    static constexpr const char* url = "http://127.0.0.1:8442";

    // Answers when it stands. warifud has to run.
    explicit Gateway(const Sandbox& sandbox, const std::vector<std::string>& options = {});

  private:
    Process process_;
};

}  // namespace warifu::integration
