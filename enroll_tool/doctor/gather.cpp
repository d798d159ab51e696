#include "enroll_tool/doctor/gather.h"

#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>

#include "core/error/error.h"
#include "enroll_tool/doctor/program_output.h"
#include "enroll_tool/doctor/text_file.h"

namespace warifu::doctor {

namespace {

namespace fs = std::filesystem;

constexpr const char* sshd_program = "/usr/sbin/sshd";
// Since systemd makes it when sshd starts, its absence tells that sshd does not run, and not what is wrong.
constexpr std::string_view not_started = "Missing privilege separation directory";

// The kernel cuts a command's name to fifteen bytes.
constexpr std::array<std::string_view, 8> time_services{
    "systemd-timesyn", "chronyd", "ntpd", "openntpd", "ntpd-rs", "ntp-daemon", "VBoxService", "vmtoolsd"};

bool a_time_service_runs() {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        auto command = text_of_file(entry.path() / "comm");
        if (!command) continue;
        while (command->ends_with('\n')) command->pop_back();
        if (std::ranges::find(time_services, *command) != time_services.end()) return true;
    }
    return false;
}

std::string last_line(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    const std::size_t end = text.rfind('\n');
    return end == text.npos ? text : text.substr(end + 1);
}

}  // namespace

void gather_clock(Facts& facts) {
    ClockFacts clock;
    timex kernel{};
    // A container may not be let ask.
    if (adjtimex(&kernel) < 0) {
        facts.unchecked.emplace_back(N_("Whether the clock is synchronised: the kernel does not tell."));
        return;
    }
    clock.synchronised = (kernel.status & STA_UNSYNC) == 0;
    clock.time_service = a_time_service_runs();
    clock.now = std::time(nullptr);
    if (facts.config.in_force)
        for (const char* name : {"/records.sqlite", "/records.sqlite-wal"})
            if (const auto changed = change_of_file(facts.config.in_force->store_directory + name))
                clock.last_store_write = std::max(*changed, clock.last_store_write.value_or(*changed));
    facts.clock = clock;
}

void gather_sshd(Facts& facts) {
    if (access(sshd_program, X_OK) != 0) return;
    if (geteuid() != 0) {
        facts.unchecked.emplace_back(N_("sshd's configuration: only root may ask sshd for it."));
        return;
    }
    SshdFacts sshd;
    try {
        const ProgramOutput output = output_of({sshd_program, "-T"});
        if (output.status != 0 && output.err.find(not_started) != output.err.npos) {
            facts.unchecked.emplace_back(N_("sshd's configuration: sshd is not running."));
            return;
        }
        if (output.status == 0)
            sshd.settings = output.out;
        else
            sshd.problem = Sentence(N_("sshd refuses its configuration: %1"), last_line(output.err));
    } catch (const Unavailable& error) {
        sshd.problem = Sentence("%1", error.what());
    }
    facts.sshd = std::move(sshd);
}

Facts gather(const ipc::Endpoint& endpoint) {
    Facts facts;
    gather_config(endpoint, facts);
    gather_files(facts);
    gather_pam(facts);
    gather_sshd(facts);
    gather_nss(facts);
    gather_clock(facts);
    gather_warifud(endpoint, facts);
    return facts;
}

}  // namespace warifu::doctor
