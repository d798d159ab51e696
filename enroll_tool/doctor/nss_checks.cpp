// Who goes by the groups that libnss_warifu fills. A membership may only ever let somebody in by less: with
// one that asks for more, or grants something, a host without the module falls open, and people enrol
// themselves.
#include <algorithm>
#include <array>
#include <sstream>

#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/pam_file.h"

namespace warifu::doctor {

namespace {

using enum Kind;

constexpr std::string_view exempt_group = "warifu-exempt";
constexpr std::array<std::string_view, 2> granting_nothing{"warifu-enrolled", "warifu-pending"};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    return text;
}

struct Line {
    int number;
    std::string text;  // without what follows '#'
};

std::vector<Line> lines_of(const std::string& text) {
    std::vector<Line> lines;
    std::istringstream stream(text);
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        line.resize(std::min(line.find('#'), line.size()));
        if (line.find_first_not_of(" \t\r") != line.npos) lines.push_back({number, std::move(line)});
    }
    return lines;
}

bool names_group(std::string_view line, std::string_view group) {
    return line.find(group) != line.npos;
}

bool is_match(const Line& line) {
    const std::string text = lower(line.text);
    const std::size_t first = text.find_first_not_of(" \t");
    return text.compare(first, 5, "match") == 0;
}

std::string place(const std::string& path, int number) {
    return path + ":" + std::to_string(number);
}

class NssCheck {
  public:
    explicit NssCheck(const Facts& facts) : facts_(facts) {}

    Findings run() {
        for (const TextFile& file : facts_.nss.sshd) sshd_file(file);
        for (const TextFile& file : facts_.nss.sudo)
            for (const Line& line : lines_of(file.text)) by_membership(file.path, line.number, line.text);
        for (const auto& [name, file] : facts_.pam.files) pam_file(file);
        return std::move(findings_);
    }

  private:
    void sshd_file(const TextFile& file) {
        for (const Line& line : lines_of(file.text)) {
            if (!is_match(line)) continue;
            by_membership(file.path, line.number, line.text);
            if (names_group(line.text, exempt_group)) asked_for(place(file.path, line.number));
        }
    }

    void pam_file(const PamFile& file) {
        for (const PamLine& line : parse_pam_file(file.text))
            for (const std::string& argument : line.arguments)
                by_membership(file.path, line.number, argument);
    }

    void by_membership(const std::string& path, int number, std::string_view text) {
        for (const std::string_view group : granting_nothing)
            if (names_group(text, group))
                findings_.push_back(
                    {nss_group_strengthens, place(path, number),
                     Sentence(
                         N_("this goes by membership of %1, which people give themselves by enrolling, and "
                            "which nobody has where the NSS module is missing"),
                         std::string(group)),
                     N_("Ask for the code of everybody, and let exceptions pass by warifu-exempt.")});
    }

    // What a Match line on the exempt wants of the host.
    void asked_for(const std::string& where) {
        if (!group_line_has_warifu())
            findings_.push_back(
                {nss_not_asked, where,
                 N_("this goes by warifu-exempt, and /etc/nsswitch.conf does not ask Warifu for groups"),
                 N_("Add warifu to the end of the line \"group:\" of /etc/nsswitch.conf.")});
        else if (!facts_.nss.module_found)
            findings_.push_back(
                {nss_module_missing, "libnss_warifu.so.2",
                 N_("/etc/nsswitch.conf names Warifu, and its module is in no directory of libraries"),
                 N_("Install the module again: until then nobody is in warifu-exempt.")});
    }

    bool group_line_has_warifu() const {
        bool has = false;
        for (const Line& line : lines_of(facts_.nss.nsswitch)) {
            std::istringstream words(line.text);
            std::string first;
            words >> first;
            // A line for initgroups is asked in the place of the one for groups.
            if (first != "group:" && first != "initgroups:") continue;
            bool named = false;
            for (std::string word; words >> word;) named = named || word == "warifu";
            if (first == "initgroups:") return named;
            has = named;
        }
        return has;
    }

    const Facts& facts_;
    Findings findings_;
};

}  // namespace

Findings check_nss(const Facts& facts) {
    return NssCheck(facts).run();
}

}  // namespace warifu::doctor
