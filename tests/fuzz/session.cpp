// A whole connection to warifud: the input's first byte chooses the peer (0: root; 1: uid 1, in Debian
// `daemon`; any other: somebody without a name), the rest is what it sends before it hangs up. Real are the
// session, the engine, NSS and scrypt; the store is in memory, and root and daemon are enrolled with a HOTP
// key, so that an input can hold a right code.
#include "daemon/session.h"

#include <sys/socket.h>

#include <array>
#include <map>
#include <tuple>

#include "core/account/credentials_json.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace warifu;
using fuzz::must;
using nlohmann::json;

constexpr std::uint32_t uid_of_daemon = 1, uid_of_nobody_known = 4'000'000'000;
constexpr std::size_t most_replies_bytes = 16 * 1024 * 1024;

const StoreKey& store_key() {
    static const auto key =
        StoreKey::parse("warifu-key-1 " + std::string(32, '1') + " " + std::string(64, '2') + "\n");
    return key;
}

Credentials enrolled(Subject subject, std::uint32_t uid) {
    Credentials credentials;
    credentials.subject = std::move(subject);
    credentials.uid = uid;
    Authenticator token;
    token.id = "0000000000000001";
    token.label = "token";
    token.otp.kind = OtpKind::hotp;
    token.secret =
        Secret::copy_of(std::string_view("12345678901234567890"));  // RFC 4226 appendix D: 755224, 287082, …
    credentials.authenticators.push_back(std::move(token));
    return credentials;
}

// Decoys as warifud --init makes them, but each when it is wanted.
class MemoryStore final : public Store {
  public:
    MemoryStore() {
        for (const auto& [name, uid] : {std::pair("root", 0U), std::pair("daemon", uid_of_daemon)}) {
            records_[{RecordKind::credentials, "host", name}] = {
                to_sealed_json(enrolled({"host", name}, uid), store_key()), 1};
        }
    }

    std::vector<Record> load(const std::vector<RecordKey>& keys) override {
        std::vector<Record> found;
        for (const auto& key : keys) {
            Record& record = records_[name_of(key)];
            if (key.kind == RecordKind::decoy_credentials && record.version == 0) {
                record = {to_sealed_json(enrolled({"decoy", key.name}, 0), store_key()), 1};
            }
            found.push_back(record);
        }
        return found;
    }

    void commit(Change change, std::function<void(CommitOutcome)> done) override {
        Record& record = records_[name_of(change.key)];
        if (record.version != change.expected_version) {
            done({CommitResult::conflict, 0, {}});
            return;
        }
        record = change.document ? Record{*change.document, ++last_version_} : Record{};
        done({CommitResult::committed, record.version, {}});
    }

    std::vector<std::string> list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                  std::size_t limit) override {
        std::vector<std::string> names;
        for (const auto& [its, record] : records_) {
            const auto& [its_kind, its_realm, its_name] = its;
            if (its_kind == kind && its_realm == realm && its_name > cursor && record.version != 0 &&
                names.size() < limit) {
                names.push_back(its_name);
            }
        }
        return names;
    }

  private:
    using Name = std::tuple<RecordKind, std::string, std::string>;
    static Name name_of(const RecordKey& key) { return {key.kind, key.realm, key.name}; }

    std::map<Name, Record> records_;
    std::uint64_t last_version_ = 1;
};

// The other end: sends everything, hangs up, and keeps what comes back.
class Visitor {
  public:
    Visitor(LocalSocket socket, std::string_view stream) : socket_(std::move(socket)), stream_(stream) {}

    void run() {
        asio::async_write(socket_, asio::buffer(stream_), [this](error_code, std::size_t) {
            error_code ignored;
            socket_.shutdown(LocalSocket::shutdown_send, ignored);
        });
        read();
    }
    const std::string& replies() const noexcept { return replies_; }

  private:
    void read() {
        socket_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t size) {
            replies_.append(buffer_.data(), size);
            must(replies_.size() < most_replies_bytes, "replies are bounded");
            if (!error) {
                read();
            }
        });
    }

    LocalSocket socket_;
    std::string_view stream_;
    std::array<char, 4'096> buffer_{};
    std::string replies_;
};

void check(std::string_view replies, Peer peer) {
    while (!replies.empty()) {
        // A connection that is closed in the middle of a reply leaves a part of one.
        if (replies.find('\0') == replies.npos) {
            return;
        }
        const auto reply = json::parse(fuzz::take_part(replies, '\0'), nullptr, false);
        must(reply.is_object() && reply.contains("parameters") && reply["parameters"].is_object(),
             "a reply is a varlink reply");
        const auto& parameters = reply["parameters"];
        const bool stranger = peer.uid == uid_of_nobody_known;
        must(!stranger || (!parameters.contains("secret") && parameters.value("verdict", "") != "success"),
             "a stranger is let in nowhere and shown nothing");
        must(!reply.contains("error") || !parameters.contains("verdict"), "an error is no verdict");
    }
}

Peer peer_of_byte(std::uint8_t byte) {
    return {1, byte == '0' ? 0 : byte == '1' ? uid_of_daemon : uid_of_nobody_known};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Log log;
    if (size < 1) {
        return -1;
    }
    const Peer peer = peer_of_byte(data[0]);
    asio::io_context io;
    MemoryStore store;
    Config config;
    config.issuer = "host.example";
    const Phrases phrases;
    MarkerPublisher markers(io, std::nullopt, log);
    DaemonPorts ports(io, &store, "", log, phrases, markers, config, 1);
    Engine engine(config, &store_key(), ports);

    int ends[2];
    must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
    const asio::local::stream_protocol protocol;
    Visitor visitor(LocalSocket(io, protocol, ends[0]), fuzz::as_text(data + 1, size - 1));
    bool ended = false;
    std::make_shared<Session>(LocalSocket(io, protocol, ends[1]), peer, Services{engine, ports}, [&] {
        ended = true;
    })->run();
    visitor.run();
    io.run();
    must(ended, "a connection that hangs up is over");
    check(visitor.replies(), peer);
    return 0;
}
