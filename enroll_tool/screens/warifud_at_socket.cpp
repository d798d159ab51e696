#include "enroll_tool/screens/warifud_at_socket.h"

#include "ipc/client/errors.h"

namespace warifu::screens {

namespace {

constexpr std::int64_t accounts_a_page = 200;

ipc::Request about(const char* method, const std::string& user) {
    ipc::Request request(method);
    request.text("user", user);
    return request;
}

std::string text(const ipc::Reply& reply, std::string_view name) {
    return std::string(reply.text(name));
}

std::string maybe(const ipc::Reply& reply, std::string_view name) {
    return std::string(reply.maybe_text(name).value_or(""));
}

Device device_of(const ipc::Reply& entry) {
    return {text(entry, "id"),
            text(entry, "label"),
            text(entry, "kind"),
            text(entry, "algorithm"),
            entry.number("digits"),
            entry.number("period"),
            entry.text("state") == "active",
            entry.maybe_number("last_used")};
}

std::vector<Seen> seen(const std::vector<ipc::Reply>& entries, std::string_view moment) {
    std::vector<Seen> result;
    for (const ipc::Reply& entry : entries) result.push_back({text(entry, "source"), entry.number(moment)});
    return result;
}

std::vector<Secret> secrets(const std::optional<std::vector<std::string_view>>& texts) {
    std::vector<Secret> result;
    if (texts)
        for (const std::string_view each : *texts) result.push_back(Secret::copy_of(each));
    return result;
}

OtpKey otp_key_of(const ipc::Reply& reply) {
    OtpKey key;
    key.authenticator = text(reply, "authenticator");
    key.label = text(reply, "label");
    key.secret = Secret::copy_of(reply.text("secret"));
    key.uri = Secret::copy_of(reply.text("uri"));
    if (const auto others = reply.maybe_objects("others")) key.others = seen(*others, "made");
    return key;
}

}  // namespace

// A connection that ended while nobody used it is made again. Whether a call was carried out is never guessed
// at: what tells that the connection still stands is a call that changes nothing.
ipc::Reply WarifudAtSocket::call(ipc::Request request) {
    if (connection_) {
        try {
            connection_->call(ipc::Request("Health"));
        } catch (const ipc::NoReply&) {
            connection_.reset();
        }
    }
    if (!connection_) connection_.emplace(ipc::reach(endpoint_));
    try {
        return connection_->call(std::move(request));
    } catch (const ipc::NoReply&) {
        connection_.reset();
        throw;
    }
}

Nothing WarifudAtSocket::call_about(const char* method, const std::string& user) {
    call(about(method, user));
    return {};
}

Account WarifudAtSocket::status(const std::string& user) {
    const ipc::Reply reply = call(about("Status", user));
    Account account;
    account.user = text(reply, "user");
    account.state = text(reply, "state");
    for (const ipc::Reply& entry : reply.objects("authenticators"))
        account.devices.push_back(device_of(entry));
    account.recovery_codes_left = reply.number("recovery_codes_left");
    account.failures = reply.number("failures");
    account.limited_until = reply.maybe_number("limited_until");
    for (const std::string_view note : reply.texts("notes")) account.notes.emplace_back(note);
    account.shared = reply.maybe_text("shared_key").has_value();
    if (const auto sign_ins = reply.maybe_objects("sign_ins")) account.sign_ins = seen(*sign_ins, "at");
    account.support = maybe(reply, "support");
    return account;
}

Nothing WarifudAtSocket::prove(const std::string& user, const Secret& code) {
    ipc::Request request = about("Prove", user);
    request.secret("code", code);
    call(std::move(request));
    return {};
}

OtpKey WarifudAtSocket::enroll(const std::string& user, const NewDevice& device) {
    ipc::Request request = about("Enroll", user);
    request.text("label", device.label).text("kind", device.kind);
    if (device.key) request.secret("secret", *device.key);
    return otp_key_of(call(std::move(request)));
}

Confirmed WarifudAtSocket::confirm(const std::string& user, const std::string& id, const Secret& code) {
    ipc::Request request = about("Confirm", user);
    request.text("authenticator", id).secret("code", code);
    const ipc::Reply reply = call(std::move(request));
    return {text(reply, "label"), secrets(reply.maybe_texts("recovery_codes")),
            reply.maybe_number("clock_off").value_or(0)};
}

Checked WarifudAtSocket::verify(const std::string& user, const Secret& code) {
    ipc::Request request = about("Verify", user);
    request.secret("code", code);
    const ipc::Reply reply = call(std::move(request));
    return {text(reply, "verdict"), text(reply, "reason"), maybe(reply, "authenticator"),
            reply.maybe_number("retry_after")};
}

OtpKey WarifudAtSocket::show(const std::string& user, const std::string& id) {
    ipc::Request request = about("Show", user);
    request.text("authenticator", id);
    return otp_key_of(call(std::move(request)));
}

Nothing WarifudAtSocket::rename(const std::string& user, const std::string& id, const std::string& label) {
    ipc::Request request = about("Rename", user);
    request.text("authenticator", id).text("label", label);
    call(std::move(request));
    return {};
}

Nothing WarifudAtSocket::remove(const std::string& user, const std::string& id) {
    ipc::Request request = about("Remove", user);
    request.text("authenticator", id);
    call(std::move(request));
    return {};
}

Nothing WarifudAtSocket::resync(const std::string& user, const std::string& id, const Secret& first,
                                const Secret& second) {
    ipc::Request request = about("Resync", user);
    request.text("authenticator", id).secret("first", first).secret("second", second);
    call(std::move(request));
    return {};
}

std::vector<Secret> WarifudAtSocket::regenerate_codes(const std::string& user) {
    ipc::Request request = about("Codes", user);
    request.truth("regenerate", true);
    return secrets(call(std::move(request)).maybe_texts("recovery_codes"));
}

AccountList WarifudAtSocket::list(const std::string& search, const std::string& state,
                                  const std::string& cursor) {
    ipc::Request request("List");
    if (!search.empty()) request.text("search", search);
    if (!state.empty()) request.text("state", state);
    if (!cursor.empty()) request.text("cursor", cursor);
    request.number("limit", accounts_a_page);
    const ipc::Reply reply = call(std::move(request));
    AccountList list;
    for (const ipc::Reply& entry : reply.objects("accounts"))
        list.accounts.push_back({text(entry, "user"), text(entry, "state"), entry.number("authenticators"),
                                 entry.number("recovery_codes_left"), entry.maybe_number("last_used")});
    list.cursor = maybe(reply, "cursor");
    return list;
}

Nothing WarifudAtSocket::reset(const std::string& user) {
    ipc::Request request = about("Reset", user);
    request.truth("replay", false);
    call(std::move(request));
    return {};
}

Nothing WarifudAtSocket::unlock(const std::string& user) {
    return call_about("Unlock", user);
}

Nothing WarifudAtSocket::suspend(const std::string& user) {
    return call_about("Suspend", user);
}

Nothing WarifudAtSocket::resume(const std::string& user) {
    return call_about("Resume", user);
}

Nothing WarifudAtSocket::require(const std::string& user) {
    return call_about("Require", user);
}

}  // namespace warifu::screens
