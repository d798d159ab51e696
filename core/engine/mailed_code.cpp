#include "core/engine/mailed_code.h"

#include <syslog.h>

#include <nlohmann/json.hpp>

#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/phrase/fill.h"

namespace warifu {

namespace {

Notice notice_of(const Subject& subject, const Caller& caller, const std::string& code, Engine& engine) {
    const Config& config = engine.config();
    const Language language = config.language_of(caller.service);
    Ports& ports = engine.ports();
    const nlohmann::json message = {
        {"language", std::string(name(language))},
        {"title", fill(ports.say(language, Phrase::mail_title), {config.issuer})},
        {"text", fill(ports.say(language, Phrase::mail_text), {subject.name, config.issuer, code})},
        {"labels", nlohmann::json::object()},
        {"expires", ports.now() + mailed_code_seconds}};
    std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    Notice notice;
    notice.about = "mailed-code";
    notice.person = subject.name;
    notice.forms.push_back({config.mail_channel(), Secret::copy_of(std::string_view(text))});
    wipe(text);
    return notice;
}

}  // namespace

std::uint64_t MailedCode::hash_of(const Subject& subject, const std::string& code) const {
    const std::uint64_t hash =
        engine_.store_key().keyed_hash("mailed code", subject.realm + '\n' + subject.name + '\n' + code);
    return hash == 0 ? 1 : hash;  // 0 stands for none
}

Task<bool> MailedCode::send(Subject subject, Caller caller, bool in_vain) {
    const Subject target = in_vain ? Subject{"decoy", engine_.decoy_name(subject)} : subject;
    std::string problem;
    try {
        std::string code = random_digits(mailed_code_digits);
        const std::uint64_t hash = hash_of(target, code);
        const std::int64_t now = engine_.ports().now();
        bool admitted = false;
        auto waits = approvals_.change_desk(target, [&](Desk& desk) {
            if (in_vain) {
                desk = Desk();
            }
            admitted = admit_mail(desk, hash, now);
        });
        (void)co_await waits;
        if (admitted && !in_vain) {
            engine_.ports().notify(notice_of(subject, caller, code, engine_));
        }
        wipe(code);
        co_return admitted && !in_vain;
    } catch (const std::exception& error) {
        problem = error.what();
    }
    engine_.ports().log(LOG_ERR,
                        "mailed-code: user=" + escape_for_log(subject.name) + " not sent: " + problem);
    co_return false;
}

Task<bool> MailedCode::redeem(Subject subject, std::string code) {
    // Looked at before it is changed, so that an ordinary code costs no further commit.
    if (approvals_.desk(subject).mailed_hash == 0) {
        co_return false;
    }
    const std::uint64_t hash = hash_of(subject, code);
    wipe(code);
    const std::int64_t now = engine_.ports().now();
    bool right = false;
    auto waits = approvals_.change_desk(subject, [&](Desk& desk) { right = redeem_mailed(desk, hash, now); });
    (void)co_await waits;
    co_return right;
}

}  // namespace warifu
