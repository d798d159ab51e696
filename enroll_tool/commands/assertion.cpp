// assertion key, assertion verify: what an approval is worth elsewhere. Verifying asks nobody.
#include <fstream>
#include <iterator>
#include <string>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/jws.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::size_t max_key_bytes = 4'096;

std::string content_of(std::string_view path) {
    std::ifstream file{std::string(path), std::ios::binary};
    std::string text(max_key_bytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.empty()) throw Invalid("--key", fill("--key: %1 cannot be read", {path}));
    return text;
}

}  // namespace

ExitCode run_assertion_key(Session& session) {
    const ipc::Reply key = session.call(ipc::Request("AssertionKey"));
    if (session.json()) return session.print(key);
    session.out().text(key.text("public_key"));
    return ExitCode::done;
}

ExitCode run_assertion_verify(Session& session) {
    const std::string key = content_of(session.required("--key"));
    const Secret assertion = session.code("ASSERTION", tr("Assertion: "));
    const nlohmann::json claims = verified_claims(assertion.text(), key);
    if (session.json()) {
        session.out().object(claims);
        return ExitCode::done;
    }
    for (const auto& [name, value] : claims.items())
        session.out().text(padded(printable(name), 14) +
                           printable(value.is_string() ? value.get<std::string>() : value.dump()) + "\n");
    return ExitCode::done;
}

}  // namespace warifu
