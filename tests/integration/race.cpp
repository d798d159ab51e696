#include "tests/integration/race.h"

#include <fcntl.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "tests/integration/descriptor.h"

namespace warifu::integration {
namespace {

// What the conversation of one racer knows: where to say that it is asked, and what to wait for then.
struct AtPrompt {
    const Racer* racer = nullptr;
    int asked = -1, go = -1;
};

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
    const auto& prompt = *static_cast<const AtPrompt*>(data);
    auto* answers =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; answers != nullptr && i < count; ++i) {
        const int style = messages[i]->msg_style;
        if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON) {
            continue;
        }
        char byte = 0;
        if (::write(prompt.asked, "?", 1) != 1 || ::read(prompt.go, &byte, 1) != 0) {
            std::free(answers);
            return PAM_CONV_ERR;
        }
        answers[i].resp = ::strdup(prompt.racer->answer.c_str());
    }
    *responses = answers;
    return answers == nullptr ? PAM_BUF_ERR : PAM_SUCCESS;
}

int authenticate(const std::string& service, const AtPrompt& prompt) {
    const pam_conv conversation{converse, const_cast<AtPrompt*>(&prompt)};
    pam_handle_t* handle = nullptr;
    int verdict = ::pam_start(service.c_str(), prompt.racer->user.c_str(), &conversation, &handle);
    if (verdict == PAM_SUCCESS && !prompt.racer->rhost.empty()) {
        verdict = ::pam_set_item(handle, PAM_RHOST, prompt.racer->rhost.c_str());
    }
    if (verdict == PAM_SUCCESS) {
        verdict = ::pam_authenticate(handle, 0);
    }
    ::pam_end(handle, verdict);
    return verdict;
}

void wait_until_asked(const Descriptor& asked, std::size_t racers) {
    std::size_t count = 0;
    while (count < racers) {
        pollfd event{asked.number(), POLLIN, 0};
        std::array<char, 256> bytes{};
        const auto limit = static_cast<int>(std::chrono::milliseconds(patience).count());
        const ssize_t got =
            ::poll(&event, 1, limit) == 1 ? ::read(asked.number(), bytes.data(), bytes.size()) : -1;
        if (got <= 0) {
            return;  // somebody ended before the prompt: the verdicts tell
        }
        count += static_cast<std::size_t>(got);
    }
}

}  // namespace

std::vector<int> race(const Sandbox& sandbox, const std::string& service, const std::vector<Racer>& racers) {
    Pipe asked = make_pipe(), go = make_pipe();
    std::vector<pid_t> children;
    for (const Racer& racer : racers) {
        const pid_t child = sandbox.fork();
        if (child == 0) {
            ::close(go.writer.number());
            ::_exit(authenticate(service, {&racer, asked.writer.number(), go.reader.number()}));
        }
        children.push_back(child);
    }
    asked.writer.close();
    wait_until_asked(asked.reader, racers.size());
    go.writer.close();
    std::vector<int> verdicts;
    for (const pid_t child : children) {
        int status = 0;
        checked(::waitpid(child, &status, 0), "waitpid");
        if (!WIFEXITED(status)) {
            throw std::runtime_error("a racer died of signal " + std::to_string(WTERMSIG(status)));
        }
        verdicts.push_back(WEXITSTATUS(status));
    }
    return verdicts;
}

int attempt(const Sandbox& sandbox, const std::string& service, const Racer& racer) {
    return race(sandbox, service, {racer}).front();
}

}  // namespace warifu::integration
