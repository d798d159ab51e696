#include "core/account/credentials_json.h"

#include <openssl/evp.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <utility>

#include "core/error/error.h"
#include "core/otp/base32.h"

namespace warifu {

namespace {

using Json = nlohmann::json;

constexpr int document_format = 1;
constexpr int max_depth = 8;
constexpr std::size_t max_digests = 16;
constexpr std::size_t id_digits = 16;
constexpr std::string_view record_type = "credentials";

[[noreturn]] void refuse(const std::string& field, const std::string& problem) {
    throw Unavailable("credentials: " + field + ": " + problem);
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with NUL
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<std::uint8_t*>(text.data()),
                                                         bytes.data(), static_cast<int>(bytes.size()))));
    return text;
}

std::string to_base64(std::string_view bytes) {
    return to_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// nullopt for what does not re-encode to itself; EVP_DecodeBlock alone would take blanks and stray bits.
std::optional<std::string> from_base64(const std::string& text) {
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<std::uint8_t*>(bytes.data()),
                        reinterpret_cast<const std::uint8_t*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return to_base64(bytes) == text ? std::optional(bytes) : std::nullopt;
}

// Watches the parser: nesting, and keys that stand twice in an object, of which it would keep the last.
class Watch {
  public:
    bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
        if (depth > max_depth) refuse("document", "nested too deeply");
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        if (event == Json::parse_event_t::object_end) keys_.pop_back();
        if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second)
            refuse("document", "has a field twice");
        return true;
    }

  private:
    std::vector<std::set<std::string>> keys_;
};

Json parse(std::string_view json) {
    if (json.size() > max_document_bytes) refuse("document", "larger than 64 KiB");
    if (json.empty()) refuse("document", "empty");
    try {
        Watch watch;
        return Json::parse(json, std::ref(watch));
    } catch (const Json::exception&) {  // its text would quote the document
        refuse("document", "not JSON");
    }
}

// One object of the document. Each field is taken out; what is left at the end is unknown and kept.
class Fields {
  public:
    Fields(Json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {
        if (!object_.is_object()) refuse(path_, "not an object");
    }

    [[noreturn]] void refuse_field(const std::string& field, const std::string& problem) const {
        refuse(path_ + field, problem);
    }

    std::optional<Json> take_if(const std::string& field) {
        const auto found = object_.find(field);
        if (found == object_.end()) return std::nullopt;
        Json value = std::move(*found);
        object_.erase(found);
        return value;
    }

    Json take(const std::string& field) {
        std::optional<Json> value = take_if(field);
        if (!value) refuse_field(field, "missing");
        return std::move(*value);
    }

    Json::array_t take_array(const std::string& field, std::size_t most) {
        Json value = take(field);
        if (!value.is_array()) refuse_field(field, "not a list");
        if (value.size() > most) refuse_field(field, "more than " + std::to_string(most));
        return std::move(value.get_ref<Json::array_t&>());
    }

    std::string take_text(const std::string& field) {
        Json value = take(field);
        if (!value.is_string()) refuse_field(field, "not text");
        return std::move(value.get_ref<std::string&>());
    }

    std::string take_bytes(const std::string& field) {
        std::optional<std::string> bytes = from_base64(take_text(field));
        if (!bytes) refuse_field(field, "not base64");
        return std::move(*bytes);
    }

    template <typename Integer>
    Integer take_integer(const std::string& field) {
        return integer<Integer>(field, take(field));
    }

    template <typename Integer>
    std::optional<Integer> take_integer_if(const std::string& field) {
        const std::optional<Json> value = take_if(field);
        return value ? std::optional(integer<Integer>(field, *value)) : std::nullopt;
    }

    template <typename Choice>
    Choice take_name(const std::string& field,
                     std::optional<Choice> (*parse_name)(std::string_view) noexcept) {
        const std::string text = take_text(field);
        const std::optional<Choice> choice = parse_name(text);
        if (!choice || name(*choice) != text) refuse_field(field, "not one that is known");
        return *choice;
    }

    Json rest() { return std::move(object_); }

  private:
    template <typename Integer>
    Integer integer(const std::string& field, const Json& value) const {
        if (!value.is_number_integer()) refuse_field(field, "not a whole number");
        if (value.is_number_unsigned() ? !std::in_range<Integer>(value.get<std::uint64_t>())
                                       : !std::in_range<Integer>(value.get<std::int64_t>()))
            refuse_field(field, "out of range");
        return value.get<Integer>();
    }

    Json object_;
    std::string path_;
};

bool is_authenticator_id(std::string_view id) noexcept {
    return id.size() == id_digits && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_secret(const Secret& secret) {
    if (secret.size() < min_secret_bytes || secret.size() > max_secret_bytes)
        throw Invalid("secret", "a secret has " + std::to_string(min_secret_bytes) + " to " +
                                    std::to_string(max_secret_bytes) + " bytes");
}

void check(const Authenticator& authenticator) {
    if (!is_authenticator_id(authenticator.id)) throw Invalid("id", "an id is 16 lower-case hex digits");
    check_label(authenticator.label);
    check(authenticator.otp);
    if (!std::in_range<std::int64_t>(authenticator.counter)) throw Invalid("counter", "out of range");
    if (authenticator.created < 0) throw Invalid("created", "a time before 1970");
}

// Everything but the secrets, which a reader without the store's key does not have.
void check(const Credentials& credentials) {
    if (!valid_subject_name(credentials.subject.realm)) throw Invalid("realm", "not the name of a realm");
    if (!valid_subject_name(credentials.subject.name)) throw Invalid("name", "not the name of a subject");
    if (credentials.authenticators.size() > max_authenticators)
        throw Invalid("authenticators", "more than " + std::to_string(max_authenticators));
    std::set<std::string_view> ids;
    for (const Authenticator& authenticator : credentials.authenticators) {
        check(authenticator);
        if (!ids.insert(authenticator.id).second) throw Invalid("id", "two authenticators with the same id");
    }
    if (credentials.recovery &&
        (credentials.recovery->digests.empty() || credentials.recovery->digests.size() > max_digests))
        throw Invalid("recovery", "a set has 1 to " + std::to_string(max_digests) + " codes");
}

// ---- reading

using ReadSecret = std::function<Secret(Fields&, const Authenticator&, std::size_t index)>;

Authenticator read_authenticator(Fields& fields, std::size_t index, const ReadSecret& read_secret) {
    Authenticator read;
    read.id = fields.take_text("id");
    read.label = fields.take_text("label");
    read.otp.kind = fields.take_name("kind", parse_otp_kind);
    read.otp.algorithm = fields.take_name("algorithm", parse_algorithm);
    read.otp.digits = fields.take_integer<int>("digits");
    read.otp.period = fields.take_integer<int>("period");
    read.otp.t0 = fields.take_integer<std::int64_t>("t0");
    read.counter = fields.take_integer<std::uint64_t>("counter");
    read.created = fields.take_integer<std::int64_t>("created");
    try {
        check(read);
        read.secret = read_secret(fields, read, index);
    } catch (const Invalid& invalid) {
        fields.refuse_field(invalid.field, invalid.what());
    } catch (const Unavailable& unavailable) {
        fields.refuse_field("secret", unavailable.what());
    }
    return read;
}

template <std::size_t Size>
std::array<std::uint8_t, Size> exactly(const std::string& bytes, const std::string& field) {
    if (bytes.size() != Size) refuse(field, "not " + std::to_string(Size) + " bytes");
    std::array<std::uint8_t, Size> copy;
    std::ranges::copy(bytes, copy.begin());
    return copy;
}

RecoverySet read_recovery(Fields& fields) {
    RecoverySet set;
    set.salt = exactly<std::tuple_size_v<RecoverySalt>>(fields.take_bytes("salt"), "recovery.salt");
    for (const Json& digest : fields.take_array("digests", max_digests)) {
        const std::optional<std::string> bytes =
            digest.is_string() ? from_base64(digest.get_ref<const std::string&>()) : std::nullopt;
        if (!bytes) fields.refuse_field("digests", "not base64");
        set.digests.push_back(exactly<std::tuple_size_v<RecoveryDigest>>(*bytes, "recovery.digests"));
    }
    return set;
}

// What is left of an object is kept below `part`, under the name of what it belongs to.
void keep(Json& unknown, const char* part, const std::string& owner, Json rest) {
    if (!rest.empty()) unknown[part][owner] = std::move(rest);
}

void read_head(Fields& fields, const Subject& subject, Credentials& read) {
    if (fields.take_integer<std::int64_t>("format") != document_format)
        fields.refuse_field("format", "written by a newer Warifu, upgrade this host");
    read.subject = {fields.take_text("realm"), fields.take_text("name")};
    if (read.subject != subject) fields.refuse_field("name", "these are another subject's");
    read.uid = fields.take_integer_if<std::uint32_t>("uid");
}

Credentials read_document(Json document, const Subject& subject, const ReadSecret& read_secret) {
    Fields fields(std::move(document), "");
    Credentials read;
    Json unknown = Json::object();
    read_head(fields, subject, read);
    for (Json& entry : fields.take_array("authenticators", max_authenticators)) {
        const std::size_t index = read.authenticators.size();
        Fields authenticator(std::move(entry), "authenticators[" + std::to_string(index) + "].");
        read.authenticators.push_back(read_authenticator(authenticator, index, read_secret));
        keep(unknown, "authenticators", read.authenticators.back().id, authenticator.rest());
    }
    if (std::optional<Json> entry = fields.take_if("recovery")) {
        Fields recovery(std::move(*entry), "recovery.");
        read.recovery = read_recovery(recovery);
        keep(unknown, "recovery", to_base64(read.recovery->salt), recovery.rest());
    }
    unknown.update(fields.rest());
    if (!unknown.empty()) read.unknown_fields = unknown.dump();
    try {
        check(read);
    } catch (const Invalid& invalid) {
        refuse(invalid.field, invalid.what());
    }
    return read;
}

// ---- writing

// The object that unknown_fields keeps for `owner` in `part`, or an empty one.
Json kept(const Json& unknown, const char* part, const std::string& owner) {
    const auto found = unknown.find(part);
    if (found == unknown.end() || !found->is_object()) return Json::object();
    const Json object = found->value(owner, Json::object());
    return object.is_object() ? object : Json::object();
}

Json describe(const Authenticator& authenticator, const Json& unknown) {
    Json entry = kept(unknown, "authenticators", authenticator.id);
    entry.update({{"id", authenticator.id},
                  {"label", authenticator.label},
                  {"kind", name(authenticator.otp.kind)},
                  {"algorithm", name(authenticator.otp.algorithm)},
                  {"digits", authenticator.otp.digits},
                  {"period", authenticator.otp.period},
                  {"t0", authenticator.otp.t0},
                  {"counter", authenticator.counter},
                  {"created", authenticator.created}});
    return entry;
}

Json describe(const RecoverySet& set, const Json& unknown) {
    Json entry = kept(unknown, "recovery", to_base64(set.salt));
    Json digests = Json::array();
    for (const RecoveryDigest& digest : set.digests) digests.push_back(to_base64(digest));
    entry.update({{"salt", to_base64(set.salt)}, {"digests", std::move(digests)}});
    return entry;
}

// The document but for its authenticators.
Json describe(const Credentials& credentials, const Json& unknown) {
    Json document = unknown;
    document.erase("authenticators");
    document.erase("recovery");
    document.update({{"format", document_format},
                     {"realm", credentials.subject.realm},
                     {"name", credentials.subject.name}});
    document.erase("uid");
    if (credentials.uid) document["uid"] = *credentials.uid;
    if (credentials.recovery) document["recovery"] = describe(*credentials.recovery, unknown);
    return document;
}

void check_before_writing(const Credentials& credentials) {
    check(credentials);
    for (const Authenticator& authenticator : credentials.authenticators) check_secret(authenticator.secret);
}

Json unknown_fields_of(const Credentials& credentials) {
    if (credentials.unknown_fields.empty()) return Json::object();
    return Fields(parse(credentials.unknown_fields), "unknown_fields").rest();
}

void check_size(std::size_t bytes) {
    if (bytes > max_document_bytes) throw Invalid("document", "larger than 64 KiB");
}

std::string seal_context(const StoreKey& key, const Subject& subject, const Authenticator& authenticator) {
    return associated_data(key.store_id(), record_type, subject.realm, subject.name, authenticator.id,
                           authenticator.otp);
}

// ---- the plain form: no secret ever enters the JSON library, whose buffers are not wiped

// The position of the quote that ends the string which begins at `at`, or the end of the text.
std::size_t end_of_string(std::string_view json, std::size_t at) noexcept {
    for (++at; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return std::min(at, json.size());
}

bool colon_follows(std::string_view json, std::size_t at) noexcept {
    const std::size_t next = json.find_first_not_of(" \t\r\n", at);
    return next != std::string_view::npos && json[next] == ':';
}

// A document of which each authenticator's secret has been cut out, and "#0", "#1", … put in its place.
struct CutDocument {
    std::string json;
    std::vector<Secret> secrets;
};

std::string place_of(std::size_t index) {
    return "#" + std::to_string(index);
}

CutDocument cut_secrets(std::string_view json) {
    if (json.size() > max_document_bytes) refuse("document", "larger than 64 KiB");
    CutDocument cut;
    int depth = 0;
    std::string_view top;  // the key of the document's own object that we are in
    bool secret_comes = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        if (c != '"') {
            cut.json.push_back(c);
            continue;
        }
        const std::size_t end = end_of_string(json, at);
        const std::string_view text = json.substr(at + 1, end - std::min(at + 1, end));
        const bool is_key = colon_follows(json, end + 1);
        if (is_key && depth == 1) top = text;
        if (!is_key && secret_comes) {
            if (cut.secrets.size() == max_authenticators) refuse("authenticators", "too many secrets");
            cut.json.append('"' + place_of(cut.secrets.size()) + '"');
            cut.secrets.push_back(Secret::copy_of(text));
        } else {
            cut.json.append(json.substr(at, end + 1 - at));
        }
        secret_comes = is_key && depth == 3 && top == "authenticators" && text == "secret";
        at = end;
    }
    return cut;
}

// `pieces` one after another.
Secret join(std::span<const std::string_view> pieces) {
    std::size_t size = 0;
    for (const std::string_view piece : pieces) size += piece.size();
    check_size(size);
    Secret joined(size);
    auto out = joined.writable().begin();
    for (const std::string_view piece : pieces) out = std::ranges::copy(piece, out).out;
    return joined;
}

}  // namespace

std::string to_sealed_json(const Credentials& credentials, const StoreKey& key) {
    check_before_writing(credentials);
    const Json unknown = unknown_fields_of(credentials);
    Json entries = Json::array();
    for (const Authenticator& authenticator : credentials.authenticators) {
        entries.push_back(describe(authenticator, unknown));
        entries.back()["sealed"] = to_base64(
            key.seal(authenticator.secret.bytes(), seal_context(key, credentials.subject, authenticator)));
    }
    Json document = describe(credentials, unknown);
    document["authenticators"] = std::move(entries);
    std::string json = document.dump();
    check_size(json.size());
    return json;
}

Credentials from_sealed_json(std::string_view json, const Subject& subject, const StoreKey* key) {
    return read_document(parse(json), subject,
                         [&](Fields& fields, const Authenticator& authenticator, std::size_t) {
                             const std::string sealed = fields.take_bytes("sealed");
                             if (key == nullptr) return Secret();
                             Secret secret = key->unseal(sealed, seal_context(*key, subject, authenticator));
                             check_secret(secret);
                             return secret;
                         });
}

Secret to_plain_json(const Credentials& credentials) {
    check_before_writing(credentials);
    const Json unknown = unknown_fields_of(credentials);
    // Each object is written by the library without its secret, which then goes in behind the first brace.
    std::vector<std::string> objects;
    std::vector<Secret> secrets;
    for (const Authenticator& authenticator : credentials.authenticators) {
        Json entry = describe(authenticator, unknown);
        entry.erase("secret");
        objects.push_back(entry.dump());
        secrets.push_back(base32_encode(authenticator.secret.bytes()));
    }
    const std::string head = describe(credentials, unknown).dump();
    std::vector<std::string_view> pieces{"{\"authenticators\":["};
    for (std::size_t i = 0; i < objects.size(); ++i) {
        pieces.insert(pieces.end(), {i == 0 ? "{\"secret\":\"" : ",{\"secret\":\"", secrets[i].text(), "\",",
                                     std::string_view(objects[i]).substr(1)});
    }
    pieces.insert(pieces.end(), {"],", std::string_view(head).substr(1), "\n"});
    return join(pieces);
}

Credentials from_plain_json(std::string_view json, const Subject& subject) {
    CutDocument cut = cut_secrets(json);
    return read_document(parse(cut.json), subject,
                         [&](Fields& fields, const Authenticator&, std::size_t index) {
                             if (index >= cut.secrets.size() || fields.take_text("secret") != place_of(index))
                                 throw Invalid("secret", "missing, or not text in quotes");
                             std::optional<Secret> secret = base32_decode(cut.secrets[index].text());
                             if (!secret) throw Invalid("secret", "not base32");
                             check_secret(*secret);
                             return std::move(*secret);
                         });
}

}  // namespace warifu
