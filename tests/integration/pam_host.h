// A program that asks PAM, of any uid, led step by step: what happens while somebody is at its prompt is the
// test's to choose.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

class PamHost {
  public:
    // Begins to authenticate `user` through the service `service`, as root or as another uid; `environment`
    // is PAM's (NAME=VALUE).
    PamHost(const Sandbox& sandbox, const std::string& service, const std::string& user, uid_t uid = 0,
            const std::vector<std::string>& environment = {});
    ~PamHost();
    PamHost(const PamHost&) = delete;
    PamHost& operator=(const PamHost&) = delete;

    // Waits until it asks something; false: it ended without a question.
    bool asked();
    void answer(const std::string& line);
    // What pam_authenticate says in the end.
    int verdict();

    pid_t pid() const noexcept { return pid_; }  // outside the sandbox

  private:
    pid_t pid_ = -1;
    Descriptor questions_, answers_;
};

// The whole of it: every question is answered with `answer`.
int sign_in(const Sandbox& sandbox, const std::string& service, const std::string& user,
            const std::string& answer, uid_t uid = 0);

}  // namespace warifu::integration
