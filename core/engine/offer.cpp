#include "core/engine/offer.h"

#include <nlohmann/json.hpp>

#include "core/account/credentials_json.h"
#include "core/error/error.h"

namespace warifu {

RecordKey offer_key(const Subject& subject) {
    return {RecordKind::offer, subject.realm, subject.name};
}

// The pending authenticator is kept as credentials of its own, sealed as those are.
std::string encode_offer(const Subject& subject, const Offer& offer, const StoreKey& key) {
    nlohmann::json document = {{"version", 1},       {"source", offer.source},   {"issuer", offer.issuer},
                               {"made", offer.made}, {"expires", offer.expires}, {"wrong", offer.wrong}};
    if (offer.pending) {
        Credentials pending;
        pending.subject = subject;
        pending.authenticators.push_back(offer.pending->clone());
        document["pending"] = to_sealed_json(pending, key);
    }
    auto& history = document["history"] = nlohmann::json::array();
    for (const auto& note : offer.history) {
        history.push_back({{"source", note.source}, {"made", note.made}});
    }
    return document.dump();
}

Offer decode_offer(std::string_view document, const Subject& subject, const StoreKey& key) {
    Offer offer;
    if (document.empty()) {
        return offer;
    }
    try {
        const auto parsed = nlohmann::json::parse(document);
        offer.source = parsed.at("source").get<std::string>();
        offer.issuer = parsed.at("issuer").get<std::string>();
        offer.made = parsed.at("made").get<std::int64_t>();
        offer.expires = parsed.at("expires").get<std::int64_t>();
        offer.wrong = parsed.at("wrong").get<int>();
        for (const auto& note : parsed.at("history")) {
            offer.history.push_back(
                {note.at("source").get<std::string>(), note.at("made").get<std::int64_t>()});
        }
        if (parsed.contains("pending")) {
            Credentials pending = from_sealed_json(parsed.at("pending").get<std::string>(), subject, &key);
            offer.pending = std::move(pending.authenticators.at(0));
        }
    } catch (const nlohmann::json::exception&) {
        throw Unavailable("the offer of a key is damaged: `warifu reset` clears it");
    } catch (const std::out_of_range&) {
        throw Unavailable("the offer of a key is damaged: `warifu reset` clears it");
    }
    return offer;
}

}  // namespace warifu
