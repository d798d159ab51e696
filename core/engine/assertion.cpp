// What an approved request is worth elsewhere: a compact JWS that anybody can check with the public key.
#include <openssl/evp.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "core/engine/approvals.h"
#include "core/seal/signing_key.h"

namespace warifu {

std::string assertion_of(const Request& request, const StoreKey& key, const std::string& issuer,
                         std::int64_t now) {
    using nlohmann::json;
    json approved = json::array();
    for (const auto& decision : request.decisions) {
        if (decision.what == Verb::approve) {
            json by = {{"by", decision.by}, {"at", decision.at}};
            if (!decision.rule.empty()) {
                by["rule"] = decision.rule;
            }
            approved.push_back(std::move(by));
        }
    }
    const auto& facts = request.facts;
    json claims = {{"iss", issuer},
                   {"iat", now},
                   {"jti", request.id},
                   {"sub", request.subject.name},
                   {"realm", request.subject.realm},
                   {"kind", std::string(name(request.kind))},
                   {"prepared_by", (request.subject.realm == "host" ? "user" : request.subject.realm) + ":" +
                                       request.subject.name},
                   {"approved_by", approved},
                   {"approved_at", request.decided}};
    const std::pair<const char*, const std::string*> texts[] = {
        {"message", &facts.message},     {"digest", &facts.digest},   {"service", &facts.service},
        {"host", &facts.host},           {"command", &facts.command}, {"run_as", &facts.run_as},
        {"directory", &facts.directory}, {"rhost", &facts.rhost}};
    for (const auto& [claim, text] : texts) {
        if (!text->empty()) {
            claims[claim] = *text;
        }
    }
    const SigningKey signing(key);
    const json header = {{"alg", "EdDSA"}, {"typ", "JWT"}, {"kid", signing.id()}};
    const auto dump = [](const json& object) {
        return base64url(object.dump(-1, ' ', false, json::error_handler_t::replace));
    };
    const std::string signed_part = dump(header) + '.' + dump(claims);
    return signed_part + '.' + base64url(signing.sign(signed_part));
}

}  // namespace warifu
