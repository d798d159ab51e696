#include <algorithm>
#include <array>

#include "enroll_tool/doctor/checks.h"

namespace warifu::doctor {

namespace {

using enum Kind;

constexpr mode_t others_write = 022;

struct Wanted {
    Purpose purpose;
    FileType type;
    mode_t forbidden;      // bits of the mode; warifud refuses, or should, where one is set
    mode_t advised;        // what the remedy gives
    bool exactly = false;  // whether warifud refuses any other mode
    bool single = false;   // whether it may have but one link
};

// As core/source, core/store and core/config judge them, and the module /run/warifu.
constexpr std::array<Wanted, 8> table{{
    {Purpose::config_directory, FileType::directory, others_write, 0755},
    {Purpose::config_file, FileType::regular, others_write, 0644},
    {Purpose::key_file, FileType::regular, 07177, 0600, false, true},
    {Purpose::state_directory, FileType::directory, others_write, 0711},
    {Purpose::store_directory, FileType::directory, 07077, 0700, true},
    {Purpose::store_file, FileType::regular, 07177, 0600, false, true},
    {Purpose::run_directory, FileType::directory, others_write, 0755},
    {Purpose::text_file, FileType::regular, 07177, 0600, false, true},
}};

std::string octal(mode_t mode) {
    std::string digits = "0";
    for (int shift = mode > 0777 ? 9 : 6; shift >= 0; shift -= 3)
        digits += static_cast<char>('0' + ((mode >> static_cast<unsigned>(shift)) & 7U));
    return digits;
}

const Wanted& wanted_of(Purpose purpose) {
    return *std::ranges::find(table, purpose, &Wanted::purpose);
}

std::optional<Finding> wrong_kind(const FileFact& file, const Wanted& wanted) {
    const bool right = file.status->type == wanted.type;
    if (!right && wanted.type == FileType::directory)
        return Finding{file_kind, file.path, N_("this is no directory"),
                       N_("Move it away and put a directory of root's there, and no symbolic link.")};
    if (!right)
        return Finding{file_kind, file.path, N_("this is no regular file"),
                       N_("Put the file itself there, and no symbolic link.")};
    if (wanted.single && file.status->links > 1)
        return Finding{file_kind, file.path, N_("this file has another name too (a hard link)"),
                       N_("Remove the other name: find / -xdev -samefile finds it.")};
    return std::nullopt;
}

std::optional<Finding> wrong_mode(const FileFact& file, const Wanted& wanted) {
    const mode_t mode = file.status->mode;
    const Sentence remedy("chmod %1 %2", octal(wanted.advised), file.path);
    if ((mode & wanted.forbidden) != 0 || (wanted.exactly && mode != wanted.advised))
        return Finding{file_mode, file.path,
                       Sentence(N_("its mode is %1, and has to be %2"), octal(mode), octal(wanted.advised)),
                       remedy};
    if (wanted.purpose == Purpose::state_directory && mode != wanted.advised)
        return Finding{directory_mode, file.path,
                       Sentence(N_("its mode is %1, and should be %2"), octal(mode), octal(wanted.advised)),
                       remedy};
    return std::nullopt;
}

}  // namespace

Findings check_files(const Facts& facts) {
    Findings findings;
    for (const FileFact& file : facts.files) {
        if (!file.status && file.purpose == Purpose::text_file)
            findings.push_back(
                {text_file_missing, file.path, N_("[store] sources has \"text\", and its file is not there"),
                 N_("Put the file there, or take \"text\" out: meanwhile sign-ins are refused.")});
        if (!file.status) continue;
        const Wanted& wanted = wanted_of(file.purpose);
        if (auto found = wrong_kind(file, wanted)) {
            findings.push_back(*std::move(found));
            continue;
        }
        if (file.status->owner != 0)
            findings.push_back({file_owner, file.path,
                                Sentence(N_("it belongs to uid %1, and has to be root's"),
                                         std::to_string(file.status->owner)),
                                Sentence("chown root: %1", file.path)});
        if (auto found = wrong_mode(file, wanted)) findings.push_back(*std::move(found));
    }
    return findings;
}

}  // namespace warifu::doctor
