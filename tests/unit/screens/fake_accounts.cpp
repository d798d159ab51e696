#include "tests/unit/screens/fake_accounts.h"

#include "ipc/client/errors.h"

namespace warifu::screens::test {

void FakeAccounts::set_up_phone() {
    account.state = "active";
    account.devices = {{"k1", "phone", "totp", "SHA1", 6, 30, true, 1'767'225'600}};
    account.recovery_codes_left = 10;
}

std::string FakeAccounts::uri() const {
    return "otpauth://totp/" + issuer + ":alice?secret=" + key + "&issuer=" + issuer +
           "&algorithm=" + algorithm + "&digits=6&period=30";
}

void FakeAccounts::note(std::string what) {
    if (gone) throw ipc::NoReply("warifud ended the connection");
    asked.push_back(std::move(what));
}

void FakeAccounts::want_proof() const {
    if (refuses) throw NotPermitted("ask an administrator");
    if (!administrator && !proved && account.state == "active")
        throw NotPermitted("this wants a code of yours first: give it with --proof CODE");
}

OtpKey FakeAccounts::offered(const std::string& label) const {
    OtpKey result;
    result.authenticator = "k1";
    result.label = label;
    result.secret = Secret::copy_of(std::string_view(key));
    result.uri = Secret::copy_of(std::string_view(uri()));
    result.others = others;
    return result;
}

std::vector<Secret> FakeAccounts::new_codes() const {
    std::vector<Secret> codes;
    for (char letter = 'A'; letter < 'K'; ++letter) {
        const std::string group(4, letter);
        codes.push_back(Secret::copy_of(std::string_view(group + "-" + group + "-" + group + "-" + group)));
    }
    return codes;
}

Account FakeAccounts::status(const std::string& user) {
    note("status " + user);
    return account;
}

Nothing FakeAccounts::prove(const std::string& user, const Secret& code) {
    note("prove " + user);
    if (code.text() != proof)
        throw ipc::Denied("bad_code", "the proof was refused: wait for the next code and try again", {});
    proved = true;
    return {};
}

OtpKey FakeAccounts::enroll(const std::string& user, const NewDevice& device) {
    note("enroll " + user + " " + device.label + " " + device.kind +
         (device.key ? " " + std::string(device.key->text()) : ""));
    want_proof();
    pending_ = device;
    return offered(device.label);
}

Confirmed FakeAccounts::confirm(const std::string& user, const std::string& id, const Secret& code) {
    note("confirm " + user + " " + id + " " + std::string(code.text()));
    want_proof();
    if (code.text() != right_code)
        throw ipc::Denied("bad_code", "this is not the code of the key on offer", {});
    Confirmed result;
    result.label = pending_.label;
    if (account.state != "active") result.recovery_codes = new_codes();
    set_up_phone();
    return result;
}

Checked FakeAccounts::verify(const std::string& user, const Secret& code) {
    note("verify " + user + " " + std::string(code.text()));
    return verdict;
}

OtpKey FakeAccounts::show(const std::string& user, const std::string& id) {
    note("show " + user + " " + id);
    want_proof();
    return offered("phone");
}

Nothing FakeAccounts::rename(const std::string& user, const std::string& id, const std::string& label) {
    note("rename " + user + " " + id + " " + label);
    want_proof();
    account.devices.at(0).label = label;
    return {};
}

Nothing FakeAccounts::remove(const std::string& user, const std::string& id) {
    note("remove " + user + " " + id);
    want_proof();
    account.devices.clear();
    account.state = "none";
    return {};
}

Nothing FakeAccounts::resync(const std::string& user, const std::string& id, const Secret& first,
                             const Secret& second) {
    note("resync " + user + " " + id + " " + std::string(first.text()) + " " + std::string(second.text()));
    want_proof();
    return {};
}

std::vector<Secret> FakeAccounts::regenerate_codes(const std::string& user) {
    note("codes " + user);
    want_proof();
    return new_codes();
}

AccountList FakeAccounts::list(const std::string& search, const std::string& state, const std::string&) {
    note("list " + search + " " + state);
    AccountList result;
    for (const AccountLine& each : accounts)
        if (each.user.find(search) != each.user.npos && (state.empty() || state == each.state))
            result.accounts.push_back(each);
    return result;
}

Nothing FakeAccounts::reset(const std::string& user) {
    note("reset " + user);
    return {};
}

Nothing FakeAccounts::unlock(const std::string& user) {
    note("unlock " + user);
    return {};
}

Nothing FakeAccounts::suspend(const std::string& user) {
    note("suspend " + user);
    account.state = "suspended";
    return {};
}

Nothing FakeAccounts::resume(const std::string& user) {
    note("resume " + user);
    account.state = "active";
    return {};
}

Nothing FakeAccounts::require(const std::string& user) {
    note("require " + user);
    return {};
}

}  // namespace warifu::screens::test
