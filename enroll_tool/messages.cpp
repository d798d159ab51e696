#include "enroll_tool/messages.h"

#include <algorithm>

#include "core/phrase/fill.h"

namespace warifu {

namespace {

// A sentence that others begin or end like stands behind them.
constexpr std::array all{
    // ---- warifud: who may do what
    N_("you may ask about your own account alone: ask an administrator"),
    N_("this is for administrators: run it as root"),
    N_("this wants a code of yours first: give it with --proof CODE"),
    N_("the account was reset or suspended since the proof: give a new one with --proof CODE"),
    N_("enrolling oneself is switched off here ([enrolment] self): ask an administrator"),
    N_("the proof was refused: wait for the next code and try again"),
    // ---- warifud: what it was asked
    N_("%1 is no login name: 1 to 256 bytes of UTF-8, without '/' and control characters, not beginning with "
       "'-'"),
    N_("your uid has no login name: name the account with --user"),
    N_("nobody has this login name: check it with `getent passwd NAME`"),
    N_("the login name could not be looked up: %1"),
    N_("%1 is not base32 (letters A to Z and digits 2 to 7)"),
    N_("%1 a key has 80 to 512 bits: 16 to 103 base32 characters"),
    N_("%1 this key is active on the account already: a copy would be the same authenticator"),
    N_("%1 a label is 1 to %2 bytes of UTF-8 without control characters"),
    N_("%1 there are several: name one by its id (see `warifu status`)"),
    N_("%1 takes two codes in a row, digits alone"),
    N_("%1 must be a whole number from %2 to %3"),
    N_("%1 is longer than %2 bytes"),
    // ---- warifud: codes
    N_("too many wrong codes: try later, or use a recovery code"),
    N_("too many wrong codes for the key on offer: begin again with `warifu enroll`"),
    N_("these are not two codes in a row of this authenticator within an hour of now: wait for the next two"),
    N_("this is not the code of the key on offer: wait for the next one, and check that the phone's clock is "
       "set by the network"),
    N_("this code was used a moment ago: wait for the next one"),
    // ---- warifud: accounts and authenticators
    N_("this account has no authenticator: enrol one with `warifu enroll`"),
    N_("no authenticator is enrolled: enrol one with `warifu enroll`"),
    N_("no authenticator has this id: see `warifu status`"),
    N_("no key is on offer for this account: make one with `warifu enroll`"),
    N_("this key is no longer on offer: begin again with `warifu enroll`"),
    N_("the last authenticator is removed by an administrator alone (`warifu reset`); to change phones, add "
       "the "
       "new one first"),
    N_("the last authenticator of an account in a home goes with its file: `warifu reset`"),
    N_("this account has %1 authenticators, which is the most: remove one first (`warifu remove`)"),
    N_("this account has the most authenticators it may have: remove one first"),
    N_("this account's keys are in %1, which Warifu only reads: add a line there"),
    N_("this account's keys are in %1, which Warifu only reads: change them there"),
    N_("the account's keys are in its home, which a reset leaves alone: remove them there"),
    N_("the account's keys are in its text file, which a reset leaves alone: remove them there"),
    N_("what Warifu held of this account is removed; its file of google-authenticator, which a reset leaves "
       "alone, counts now: remove it to end that too"),
    N_("the account was enrolled meanwhile: add to it with a proof, `warifu enroll --proof CODE`"),
    N_("the account was reset at the same moment: begin again with `warifu enroll`"),
    N_("the account was changed at the same moment: confirm again with the next code"),
    N_("the account was changed at the same moment: look at it again, then repeat"),
    N_("credentials of this account were seen and are gone: bring them back, name their file in [store] "
       "sources, or say that it is meant with `warifu reset`"),
    N_("the spent mark of %1 is %2 steps ahead of the clock: check the clock, then `warifu reset --replay`"),
    // ---- warifud: what it could not do
    N_("the store's key %1 is missing: put it back from the backup (recovery codes work without it)"),
    N_("the store could not be written: %1"),
    N_("the store has no decoy accounts: restore it from a backup, or make it anew with `warifu init`"),
    N_("there is no store in %1: run `warifu init`"),
    N_("the key %1 is there and its store is not: restore %2 from a backup"),
    N_("the key %1 is missing: restore it from a backup"),
    N_("the offer of a key is damaged: `warifu reset` clears it"),
    N_("the home of this account cannot be found: %1"),
    N_("recovery codes could not be made: not enough memory for scrypt"),
    N_("a recovery code could not be checked: not enough memory for scrypt"),
    // ---- the way to warifud
    N_("nobody answers at %1: is warifud running? (systemctl start warifud.socket)"),
    N_("%1: this socket is not yours to open"),
    N_("%1: not warifud's (the listener or its directory is not root's)"),
    N_("%1: too long for a socket's path"),
    N_("--config without --socket starts a warifud of its own, which only root may do"),
    N_("warifud ended the connection before it answered; `warifu status` tells whether it was done"),
    N_("warifud does not answer; `warifu status` tells later whether it was done"),
    N_("this warifud is older than the tool and cannot do this: update and restart it"),
    N_("warifud does not permit this"),
    N_("warifud refuses the value of %1"),
    N_("what was given is longer than warifud takes (16 KiB)"),
    // ---- the command line
    N_("no such command; `warifu --help` lists them"),
    N_("this command wants a second word: one of %1"),
    N_("%1: no such option here; --help lists them"),
    N_("an argument too many; --help tells what the command takes"),
    N_("an argument too many; --help tells what it takes"),
    N_("--plain: only without a command"),
    N_("%1: a number from %2 to %3"),
    N_("%1: one of %2"),
    N_("%1: a time such as 90d, 12h, 30m, 45s or 2w"),
    N_("%1: takes only -, and asks for the key or reads it from standard input: a key among the arguments is "
       "seen by everybody on this host"),
    N_("%1: is empty"),
    N_("%1: is not UTF-8"),
    N_("%1 is missing; see --help"),
    N_("%1 is missing, and there is no terminal to ask at: give it, or - for standard input"),
    N_("%1: nothing was given"),
    N_("standard input: a line is longer than 4 KiB"),
    N_("--sheet: wants --regenerate: recovery codes are shown once, when they are made"),
    N_("--sheet: there is a QR code on it already; leave out --qr svg or png"),
    N_("--output: wants something to be kept: --sheet, or --qr svg or png"),
    N_("--qr: no QR code inside JSON; \"uri\" is what it holds"),
    N_("--qr: beside JSON a PNG goes to a file: --output; svg goes into the object"),
    N_("--sheet: beside JSON a sheet goes to a file: --output"),
    N_("--qr: an image goes to a file (--output) or a program, not to a terminal"),
    N_("--sheet: HTML goes to a file (--output) or a program, not to a terminal"),
    // ---- warifud: approvals
    N_("there is no such request: it was never made, or has ended"),
    N_("too many approvals were asked for within an hour: wait, or raise [approval] actions_an_hour"),
    N_("%1 names nobody, and no [[approval.rule]] does for the service warifu"),
    N_("policy does not name %1 for this request"),
    N_("that is not the number there"),
    N_("that is not the number there: the request is denied"),
    N_("%1 too few are left who could approve this (%2)"),
    N_("there is a button of this name already: remove it first"),
    N_("there is no button of this name: see `warifu device list`"),
    N_("there is no such API key: see `warifu client list`"),
    N_("this assertion was not signed by that key"),
    N_("MINUTES: takes 0 to 1440"),
    // ---- files and the host
    N_("--output: %1 names no file"),
    N_("--output: %1 is there already, and no file is overwritten"),
    N_("%1 was made by somebody else in the meantime"),
    N_("%1 cannot be written: %2"),
    N_("%1 cannot be started: %2"),
    N_("%1 does not end"),
    N_("%1 holds too many files named %2: remove them"),
    N_("the output could not be written: %1"),
    N_("the terminal cannot be set up for screens: use warifu --plain"),
    N_("the screens want a terminal; without one, give a command"),
    N_("your uid has no login name: name the USER"),
    N_("there is no service %1: /etc/pam.d has no file of that name"),
    N_("NSS knows nobody called %1"),
    N_("NSS cannot say who %1 is: %2"),
    N_("out of memory"),
    N_("%1 takes the name of a relay, for a button: add the relay first"),
    N_("a push-button approves what root or a site asks for: name people"),
    N_("%1 nobody guards this account ([approval.guardians])"),
    N_("%1 nobody is left of %2 who could approve this"),
    N_("too many requests are kept already: wait until some of them end"),
    // ---- warifud: words given beforehand, and switches
    N_("a rule is a word given beforehand: only whose word it is gives it"),
    N_("there is no such rule: see `warifu rule list`"),
    N_("there are 16 rules, and no more may be: remove one"),
    N_("%1 has to name for whom a rule says yes"),
    N_("%1 takes a time within the next 366 days"),
    N_("%1 takes at most 16 values"),
    N_("%1 takes \"sha256:\" and 64 lower-case hexadecimal digits"),
    N_("%1 takes names of 1 to 256 bytes"),
    N_("%1 takes networks such as 192.0.2.0/24, local or private"),
    N_("%1 takes hours such as \"Mo-Fr 08:00-18:00\""),
    N_("%1 takes allow, deny or default"),
    N_("%1 takes on, off or default"),
    N_("%1 takes second_factor, unregistered or not_now"),
    N_("%1 not_now is for clients' realms: on this host a no is a no"),
    N_("%1 takes the name of a PAM service, or of a site's own, at most 64 bytes"),
    N_("switches are root's, or want an API key with the scope policy"),
    // ---- warifud: shared keys
    N_("%1 takes a name of a-z 0-9 - _ and ., at most %2 bytes"),
    N_("%1 takes %2 names at most: use a group"),
    N_("%1 takes names of accounts or groups"),
    N_("%1 says who shares the key: a group, a user, or everyone"),
    N_("%1 takes 0 to 3660 days"),
    N_("%1 takes 0 to 90 days"),
    N_("%1 has to be longer than the overlap: nobody could keep up"),
    N_("there are too many shared keys, or they name too many people: use groups"),
    N_("there is no group %1: see `getent group`"),
    N_("nobody has the login name %1: see `getent passwd`"),
    N_("the group could not be looked up: %1"),
    N_("a shared key was not replaced by its schedule: %1"),
    N_("there is a shared key of this name: see `warifu shared list`"),
    N_("no shared key has this name: see `warifu shared list`"),
    N_("you do not share this key: ask an administrator"),
    N_("the last replacement still runs, and some have only the key before it: wait until it ends (`warifu "
       "shared list`), or end both with --now"),
    N_("the record of the shared keys is damaged: restore the store from a backup, or give each person a key "
       "of their own (`warifu enroll`)"),
    N_("the record of the shared keys was written by a newer Warifu: upgrade this host"),
    N_("this account signed in with a shared key, and the record of the shared keys is gone: restore the "
       "store from a backup, or say that it is meant with `warifu reset`"),
    N_("whether this account shares a key cannot be told: the group %1 is not there or does not answer"),
    N_("whether this account shares a key cannot be told: %1"),
    N_("this account has scratch codes of eight digits, which can be guessed at: enrol it anew with `warifu "
       "enroll`, "
       "and it gets recovery codes"),
    N_("this account signs in with a shared key, which is weaker than one of its own: enrol one with `warifu "
       "enroll`"),
};

// The text up to the next hole, and beyond it.
std::string_view take_text(std::string_view& pattern) noexcept {
    const std::string_view text = pattern.substr(0, pattern.find('%'));
    pattern.remove_prefix(std::min(text.size() + 2, pattern.size()));
    return text;
}

std::optional<Recognised> match(const char* pattern, std::string_view message) noexcept {
    Recognised result{pattern, {}};
    std::string_view rest = pattern;
    const std::string_view beginning = take_text(rest);
    bool hole = beginning.size() < std::string_view(pattern).size();
    if (!message.starts_with(beginning)) return std::nullopt;
    message.remove_prefix(beginning.size());
    for (std::size_t i = 0; hole && i < most_holes; ++i) {
        const std::size_t left = rest.size();
        const std::string_view text = take_text(rest);
        hole = text.size() < left;
        const std::size_t end = hole                      ? message.find(text)
                                : message.ends_with(text) ? message.size() - text.size()
                                                          : message.npos;
        if (end == message.npos || end == 0) return std::nullopt;
        result.values[i] = message.substr(0, end);
        message.remove_prefix(end + text.size());
    }
    if (!message.empty()) return std::nullopt;
    return result;
}

}  // namespace

std::span<const char* const> messages() noexcept {
    return all;
}

std::optional<Recognised> recognise(std::string_view message) noexcept {
    for (const char* pattern : all)
        if (auto recognised = match(pattern, message)) return recognised;
    return std::nullopt;
}

}  // namespace warifu
