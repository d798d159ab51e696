#include "tests/integration/pam_host.h"

#include <poll.h>
#include <security/pam_appl.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace warifu::integration {
namespace {

constexpr std::size_t longest_answer = 512;

struct Ends {
    int questions = -1, answers = -1;
};

// One answer, a record of its own in the pipe.
char* ask(const Ends& ends) {
    std::array<char, longest_answer> line{};
    if (::write(ends.questions, "?", 1) != 1) return nullptr;
    return ::read(ends.answers, line.data(), line.size() - 1) > 0 ? ::strdup(line.data()) : nullptr;
}

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
    auto* answers =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; answers != nullptr && i < count; ++i) {
        const int style = messages[i]->msg_style;
        if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON) continue;
        answers[i].resp = ask(*static_cast<const Ends*>(data));
        if (answers[i].resp == nullptr) return PAM_CONV_ERR;  // this process ends soon
    }
    *responses = answers;
    return answers == nullptr ? PAM_BUF_ERR : PAM_SUCCESS;
}

int authenticate(const std::string& service, const std::string& user,
                 const std::vector<std::string>& environment, Ends ends) {
    const pam_conv conversation{converse, &ends};
    pam_handle_t* handle = nullptr;
    int verdict = ::pam_start(service.c_str(), user.c_str(), &conversation, &handle);
    for (const std::string& variable : environment) {
        if (verdict == PAM_SUCCESS) verdict = ::pam_putenv(handle, variable.c_str());
    }
    if (verdict == PAM_SUCCESS) verdict = ::pam_authenticate(handle, 0);
    ::pam_end(handle, verdict);
    return verdict;
}

}  // namespace

PamHost::PamHost(const Sandbox& sandbox, const std::string& service, const std::string& user, uid_t uid,
                 const std::vector<std::string>& environment) {
    Pipe questions = make_pipe(), answers = make_pipe();
    pid_ = sandbox.fork();
    if (pid_ == 0) {
        questions.reader.close();
        answers.writer.close();
        if (::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0) ::_exit(127);
        ::_exit(
            authenticate(service, user, environment, {questions.writer.number(), answers.reader.number()}));
    }
    questions_ = std::move(questions.reader);
    answers_ = std::move(answers.writer);
}

PamHost::~PamHost() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool PamHost::asked() {
    pollfd event{questions_.number(), POLLIN, 0};
    char byte = 0;
    if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1) {
        throw std::runtime_error("the PAM host neither asks nor ends");
    }
    return checked(::read(questions_.number(), &byte, 1), "read") == 1;
}

void PamHost::answer(const std::string& line) {
    checked(::write(answers_.number(), line.data(), line.size()), "the PAM host");
}

int PamHost::verdict() {
    if (asked()) throw std::runtime_error("the PAM host asks once more");
    int status = 0;
    checked(::waitpid(pid_, &status, 0), "waitpid");
    pid_ = -1;
    if (!WIFEXITED(status)) throw std::runtime_error("the PAM host died of a signal");
    return WEXITSTATUS(status);
}

int sign_in(const Sandbox& sandbox, const std::string& service, const std::string& user,
            const std::string& answer, uid_t uid) {
    PamHost host(sandbox, service, user, uid);
    while (host.asked()) host.answer(answer);
    return host.verdict();
}

}  // namespace warifu::integration
