#include "enroll_tool/name_service.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <nss.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>

#include "core/error/error.h"
#include "ipc/client/connection.h"

namespace warifu {

namespace {

using Clock = std::chrono::steady_clock;
using Fields = std::vector<std::string>;  // no field has a NUL in it

constexpr std::size_t first_buffer_bytes = 1024;
constexpr std::size_t max_buffer_bytes = 1024 * 1024;
constexpr std::size_t max_answer_bytes = 16 * 1024 * 1024;  // 65,536 groups of 256 bytes
constexpr int first_groups = 64;
constexpr int max_groups = 65'536;  // NGROUPS_MAX

const char* text_of_errno(int error) {
    const char* const text = strerrordesc_np(error);
    return text == nullptr ? "unknown error" : text;
}

// Calls a get…_r function with a growing buffer. Its error; 0 without a record: there is none.
template <typename Record, typename Ask>
int ask_with_room(std::vector<char>& buffer, Record& record, Record*& result, const Ask& ask) {
    for (buffer.resize(first_buffer_bytes);; buffer.resize(buffer.size() * 2)) {
        const int error = ask(&record, buffer.data(), buffer.size(), &result);
        if (error != ERANGE || buffer.size() >= max_buffer_bytes) return error;
    }
}

// As nss_helper/identity reads it: glibc says "nobody" with 0, name services with these two.
bool means_nobody(int error) {
    return error == 0 || error == ENOENT || error == ESRCH;
}

std::uint64_t microseconds_since(Clock::time_point start) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    return static_cast<std::uint64_t>(took.count());
}

std::string group_name(gid_t gid) {
    std::vector<char> buffer;
    group record{};
    group* result = nullptr;
    ask_with_room(buffer, record, result, [gid](auto... out) { return getgrgid_r(gid, out...); });
    return result == nullptr ? std::to_string(gid) : result->gr_name;
}

std::string user_name(uid_t uid) {
    std::vector<char> buffer;
    passwd record{};
    passwd* result = nullptr;
    ask_with_room(buffer, record, result, [uid](auto... out) { return getpwuid_r(uid, out...); });
    return result == nullptr ? "" : result->pw_name;
}

std::vector<gid_t> group_ids(const passwd& person) {
    std::vector<gid_t> groups(first_groups);
    for (;;) {
        int count = static_cast<int>(groups.size());
        const bool all = getgrouplist(person.pw_name, person.pw_gid, groups.data(), &count) >= 0;
        const bool larger = count > static_cast<int>(groups.size()) && count <= max_groups;
        if (!all && !larger) return {person.pw_gid};
        groups.resize(static_cast<std::size_t>(count));
        if (all) return groups;
    }
}

std::string text_or_empty(const char* text) {
    return text == nullptr ? "" : text;
}

// ---- In the child: the standing as a letter, how long it took, and the fields of what was found.

constexpr char found = 'f', nobody = 'n', unavailable = 'u', missing = 'm';

Fields ask_for_person(const std::string& name, bool altogether) {
    std::vector<char> buffer;
    passwd record{};
    passwd* result = nullptr;
    const Clock::time_point start = Clock::now();
    const int error = ask_with_room(buffer, record, result,
                                    [&name](auto... out) { return getpwnam_r(name.c_str(), out...); });
    const std::string took = std::to_string(microseconds_since(start));
    if (result == nullptr && means_nobody(error)) return {std::string(1, nobody), took};
    if (result == nullptr) return {std::string(1, unavailable), took, text_of_errno(error)};
    Fields fields{std::string(1, found),          took,
                  text_or_empty(result->pw_name), std::to_string(result->pw_uid),
                  std::to_string(result->pw_gid), text_or_empty(result->pw_dir),
                  text_or_empty(result->pw_shell)};
    if (!altogether) return fields;
    const Clock::time_point groups_start = Clock::now();
    const std::vector<gid_t> groups = group_ids(*result);
    fields.push_back(std::to_string(microseconds_since(groups_start)));
    fields.push_back(user_name(result->pw_uid));
    for (const gid_t gid : groups) fields.push_back(group_name(gid));
    return fields;
}

bool is_service_name(const std::string& service) {
    return !service.empty() && service.find_first_not_of(
                                   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-") == service.npos;
}

// glibc has "files" in itself.
bool is_there(const std::string& service) {
    return service == "files" ||
           (is_service_name(service) && dlopen(("libnss_" + service + ".so.2").c_str(), RTLD_NOW) != nullptr);
}

Fields ask_service_for_person(const std::string& service, const std::string& name) {
    if (!is_there(service) || __nss_configure_lookup("passwd", service.c_str()) != 0)
        return {std::string(1, missing), "0"};
    return ask_for_person(name, false);
}

[[noreturn]] void answer(int descriptor, const std::function<Fields()>& ask) noexcept {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left to hear
    try {
        std::string bytes;
        for (const std::string& field : ask()) bytes.append(field).push_back('\0');
        for (std::string_view rest = bytes; !rest.empty();) {
            const ssize_t written = write(descriptor, rest.data(), rest.size());
            if (written < 0 && errno != EINTR) break;
            rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
    } catch (...) {
        _exit(1);  // the parent sees that there is no answer
    }
    _exit(0);
}

// ---- In the parent.

// A child that is killed and reaped unless it was waited for.
class Child {
  public:
    explicit Child(pid_t process) noexcept : process_(process) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        kill(process_, SIGKILL);
        while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }

  private:
    pid_t process_;
};

int milliseconds_until(Clock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// Everything up to the end; nullopt where it does not end in time.
std::optional<std::string> read_all(int descriptor) {
    const Clock::time_point end = Clock::now() + name_service_patience;
    std::string all;
    for (;;) {
        pollfd waiting{descriptor, POLLIN, 0};
        const int ready = poll(&waiting, 1, milliseconds_until(end));
        if (ready == 0) return std::nullopt;
        std::array<char, 4096> part{};
        const ssize_t got = ready < 0 ? -1 : read(descriptor, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || all.size() > max_answer_bytes) return all;
        all.append(part.data(), static_cast<std::size_t>(got));
    }
}

Fields split(std::string_view bytes) {
    Fields fields;
    for (std::size_t end = bytes.find('\0'); end != bytes.npos; end = bytes.find('\0')) {
        fields.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
    }
    return fields;
}

std::uint64_t number(const std::string& field) {
    return std::strtoull(field.c_str(), nullptr, 10);
}

NameAnswer unanswered(std::string why) {
    NameAnswer answer;
    answer.error = std::move(why);
    return answer;
}

NameAnswer understood(const Fields& fields, bool altogether) {
    if (fields.size() < 2 || fields[0].size() != 1) return unanswered("it ended without an answer");
    NameAnswer answer;
    answer.took = std::chrono::microseconds(number(fields[1]));
    const char letter = fields[0][0];
    if (letter == nobody) answer.standing = Standing::nobody;
    if (letter == missing) answer.standing = Standing::missing;
    if (letter == unavailable && fields.size() > 2) answer.error = fields[2];
    if (letter != found) return answer;
    const std::size_t wanted = altogether ? 9 : 7;
    if (fields.size() < wanted) return unanswered("it ended without an answer");
    answer.standing = Standing::found;
    answer.person = {fields[2], static_cast<std::uint32_t>(number(fields[3])),
                     static_cast<std::uint32_t>(number(fields[4])), fields[5], fields[6]};
    if (!altogether) return answer;
    answer.groups_took = std::chrono::microseconds(number(fields[7]));
    if (!fields[8].empty()) answer.uids_owner = fields[8];
    answer.groups.assign(fields.begin() + 9, fields.end());
    return answer;
}

NameAnswer ask_in_child(const std::function<Fields()>& ask, bool altogether) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw Unavailable(std::string("pipe: ") + text_of_errno(errno));
    const ipc::Descriptor reader(ends[0]);
    ipc::Descriptor writer(ends[1]);
    const pid_t process = fork();
    if (process < 0) throw Unavailable(std::string("fork: ") + text_of_errno(errno));
    if (process == 0) answer(writer.number(), ask);
    const Child child(process);
    writer = ipc::Descriptor(-1);
    const auto bytes = read_all(reader.number());
    return bytes ? understood(split(*bytes), altogether) : unanswered("no answer in time");
}

}  // namespace

NameAnswer ask_nss(const std::string& name) {
    return ask_in_child([&name] { return ask_for_person(name, true); }, true);
}

NameAnswer ask_name_service(const std::string& service, const std::string& name) {
    return ask_in_child([&service, &name] { return ask_service_for_person(service, name); }, false);
}

}  // namespace warifu
