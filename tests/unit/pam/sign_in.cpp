#include "tests/unit/pam/sign_in.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace warifu::testing_support {
namespace {

// A stack whose only voice is PAM_IGNORE fails so; the module itself never returns it.
constexpr int nobody_spoke = PAM_PERM_DENIED;

// In a PAM line an argument with blanks stands in brackets, and "]" is escaped.
std::string quoted(const std::string& argument) {
    std::string out = "[";
    for (char const c : argument) {
        if (c == ']') out += '\\';
        out += c;
    }
    return out + "]";
}

void write_stack(const std::string& directory, const SignIn& what, bool look) {
    std::filesystem::create_directory(directory);
    std::ofstream(directory + "/other") << "auth required pam_deny.so\n";
    std::ofstream stack(directory + "/" + what.service);
    if (what.password)
        stack << "auth [default=ignore] " PAM_PROBE " " << quoted("set=" + *what.password) << '\n';
    stack << "auth [default=ok ignore=ignore] " PAM_WARIFU;
    for (const auto& option : what.options) stack << ' ' << quoted(option);
    stack << '\n';
    if (look) stack << "auth [default=ignore] " PAM_PROBE " get\n";
}

void set_items(pam_handle_t* handle, const SignIn& what) {
    if (!what.rhost.empty()) pam_set_item(handle, PAM_RHOST, what.rhost.c_str());
    if (!what.tty.empty()) pam_set_item(handle, PAM_TTY, what.tty.c_str());
    if (!what.ruser.empty()) pam_set_item(handle, PAM_RUSER, what.ruser.c_str());
    for (const auto& variable : what.environment) pam_putenv(handle, variable.c_str());
}

// One PAM transaction, from pam_start to pam_end.
class Stack {
  public:
    Stack(const SignIn& what, const pam_conv& conversation, bool look) : what_(what) {
        write_stack(directory_.file("pam.d"), what, look);
        EXPECT_EQ(pam_start_confdir(what.service.c_str(), what.user.empty() ? nullptr : what.user.c_str(),
                                    &conversation, directory_.file("pam.d").c_str(), &handle_),
                  PAM_SUCCESS);
        set_items(handle_, what);
    }
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;
    ~Stack() { pam_end(handle_, code_); }

    pam_handle_t* handle() const { return handle_; }
    int authenticate() {
        code_ = pam_authenticate(handle_, what_.flags);
        if (code_ == PAM_SUCCESS && what_.set_credentials) code_ = pam_setcred(handle_, PAM_ESTABLISH_CRED);
        return code_ == nobody_spoke ? PAM_IGNORE : code_;
    }

  private:
    Directory directory_;
    const SignIn& what_;
    pam_handle_t* handle_ = nullptr;
    int code_ = PAM_SUCCESS;
};

}  // namespace

Directory::Directory() {
    EXPECT_NE(mkdtemp(path.data()), nullptr);
}
Directory::~Directory() {
    std::filesystem::remove_all(path);
}

std::string Directory::config(const std::string& part) const {
    std::ofstream(file(part + ".conf")) << part << '\n';
    return file(part + ".conf");
}

Result sign_in(const SignIn& what, const Person& person) {
    Stack stack(what, *person.conversation(), true);
    Result result;
    result.code = stack.authenticate();
    if (const char* const password = pam_getenv(stack.handle(), "PROBE")) result.password = password;
    const void* user = nullptr;
    pam_get_item(stack.handle(), PAM_USER, &user);
    if (user != nullptr) result.user = static_cast<const char*>(user);
    return result;
}

int authenticate_once(const SignIn& what, const pam_conv& conversation) {
    return Stack(what, conversation, false).authenticate();
}

int call_entry_point(const std::vector<std::string>& options, const Person& person) {
    SignIn const what;
    Stack const stack(what, *person.conversation(), false);
    std::vector<const char*> argv;
    for (const auto& option : options) argv.push_back(option.c_str());
    void* const module = dlopen(PAM_WARIFU, RTLD_NOW | RTLD_LOCAL);
    using EntryPoint = int(pam_handle_t*, int, int, const char**);
    auto* const authenticate = reinterpret_cast<EntryPoint*>(dlsym(module, "pam_sm_authenticate"));
    int const code = authenticate(stack.handle(), 0, static_cast<int>(argv.size()), argv.data());
    dlclose(module);
    return code;
}

}  // namespace warifu::testing_support
