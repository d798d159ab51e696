// What is remembered of one subject's approvals beside the requests themselves: which sign-ins are open, what
// may ring the phone again and when, who said "not me", and the window for signing in without a password. One
// document for each subject, so that two sign-ins that begin together cannot both ring. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace warifu {

inline constexpr std::size_t most_open_sign_ins = 16, most_refused = 16, most_blocks = 32, most_sent = 64,
                             most_outstanding = 64;
inline constexpr std::int64_t refused_seconds = 60;     // in which the same origin is denied without asking
inline constexpr std::int64_t redeemed_seconds = 30;    // in which the same origin is let in again
inline constexpr std::int64_t not_me_seconds = 86'400;  // in which nothing rings for that source
// An open sign-in waits 120 s at most, may be redeemed 10 s more, and counts 30 s after that.
inline constexpr std::int64_t longest_open_seconds = 120 + 10 + redeemed_seconds;
inline constexpr std::int64_t budget_seconds = 3'600;
inline constexpr std::int64_t most_window_seconds = 86'400;
inline constexpr std::int64_t mailed_code_seconds = 600;
inline constexpr std::size_t mails_an_hour = 3;
inline constexpr int most_mailed_tries = 5;
inline constexpr std::size_t mailed_code_digits = 8;
// Requests in a row that nobody approved: from the third on the next one waits, twice as long each time.
inline constexpr std::uint32_t free_unanswered = 2;
inline constexpr std::int64_t first_pause_seconds = 30, longest_pause_seconds = 3'600;

struct OpenSignIn {
    std::string id, source, origin;
    std::int64_t until = 0;  // Unix seconds, exclusive; raised when it is redeemed
    bool redeemed = false;
    bool operator==(const OpenSignIn&) const = default;
};

struct RefusedOrigin {
    std::string origin;
    std::int64_t until = 0;
    bool operator==(const RefusedOrigin&) const = default;
};

struct BlockedSource {
    std::string source;
    std::int64_t since = 0;
    bool operator==(const BlockedSource&) const = default;
};

struct Desk {
    std::vector<OpenSignIn> open;
    std::vector<RefusedOrigin> refused;
    std::vector<BlockedSource> blocks;
    bool blocked = false;  // "not me" from the subject or an administrator: until a sign-in with a code
    std::vector<std::int64_t> sign_ins, actions;  // when one was sent, oldest first
    std::vector<std::int64_t> outstanding;        // when the actions that were asked for end
    std::uint32_t unanswered = 0;
    std::int64_t window_opened = 0, window_until = 0;
    std::vector<std::int64_t> mails;  // when a code was mailed, oldest first
    std::uint64_t mailed_hash = 0;    // of the code that is out; 0: none
    std::int64_t mailed_at = 0;
    int mailed_tries = 0;
    bool operator==(const Desk&) const = default;
};

struct DeskLimits {
    std::size_t sign_ins_an_hour = 10, actions_an_hour = 60;
};

enum class Admission : std::uint8_t {
    ask,      // a new request may be made
    found,    // this origin's own is there: `id`
    silent,   // nothing is sent; the code alone
    refused,  // this origin was refused a moment ago
};
struct Admitted {
    Admission admission = Admission::silent;
    std::string id;      // with found
    std::string reason;  // with silent, for the log
};

// What becomes of a sign-in from this origin and source now. With `ask` the caller makes the request and
// calls note_asked() before it commits.
Admitted admit(Desk& desk, const std::string& origin, const std::string& source, std::int64_t now,
               const DeskLimits& limits);
void note_asked(Desk& desk, OpenSignIn sign_in, std::int64_t now);
// Whether somebody's "this wasn't me" stands for this source.
bool is_silenced(const Desk& desk, const std::string& source, std::int64_t now) noexcept;
// Whether one more action, which ends at `until`, may be asked for; notes it where it may.
bool admit_action(Desk& desk, const std::string& source, std::int64_t now, std::int64_t until,
                  const DeskLimits& limits);

void note_redeemed(Desk& desk, const std::string& id, std::int64_t now);
void note_refused(Desk& desk, const std::string& id, std::int64_t now);
void note_ended(Desk& desk, const std::string& id);  // expired or cancelled
// `everywhere`: the subject or an administrator said so.
void note_not_me(Desk& desk, const std::string& id, const std::string& source, bool everywhere,
                 std::int64_t now);
void note_code(Desk& desk);  // a sign-in with a code
void lift(Desk& desk);       // an administrator: nothing that was said or missed counts any more

// The window in which an approval alone signs in. A window from the future is none.
bool window_is_open(const Desk& desk, std::int64_t now) noexcept;
void open_window(Desk& desk, std::int64_t now, std::int64_t seconds) noexcept;  // 0 closes it

// A code that was mailed: for ten minutes and once, and gone after the fifth wrong one. `hash` is keyed. A
// later one replaces it.
bool admit_mail(Desk& desk, std::uint64_t hash, std::int64_t now);  // false: too many within the hour
bool redeem_mailed(Desk& desk, std::uint64_t hash, std::int64_t now);

std::string encode_desk(const Desk& desk);
// "" is an empty one. Throws Unavailable for a document that is damaged or a newer Warifu's.
Desk decode_desk(std::string_view document);

}  // namespace warifu
