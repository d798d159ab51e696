// One run of one command: what was given, whom to ask, where the result goes, and the connection to warifud.
#pragma once

#include <optional>
#include <string_view>

#include "core/secret/secret.h"
#include "enroll_tool/answers.h"
#include "enroll_tool/exit_code.h"
#include "enroll_tool/invocation.h"
#include "enroll_tool/output.h"
#include "ipc/client/reach.h"
#include "ipc/client/reply.h"
#include "ipc/client/request.h"

namespace warifu {

// --socket, --config, --daemon.
ipc::Endpoint endpoint_of(const Invocation& given);

class Session {
  public:
    // Takes the proof, if one was given, before any other question. Throws Invalid as Answers does.
    Session(const Invocation& given, Output& out);

    bool json() const { return given_.has("--json"); }
    const Invocation& given() const noexcept { return given_; }
    Answers& answers() noexcept { return answers_; }
    Output& out() const noexcept { return out_; }
    std::string_view user() const { return given_.text("--user").value_or(""); }  // empty: the caller's own
    ipc::Endpoint endpoint() const { return endpoint_of(given_); }

    // What was given under `name`; throws Invalid where it is missing.
    std::string_view required(std::string_view name) const;
    // The code called `name` in the table: given, or read as "-", or asked for.
    Secret code(std::string_view name, std::string_view prompt);

    // Connects at the first call. Where warifud wants a proof it has the one that was given, or at a terminal
    // is asked for. Throws what warifud and the way to it throw.
    ipc::Reply call(ipc::Request request);
    // From here on a readable `descriptor`, which outlives this, ends a call with ipc::Interrupted; -1:
    // nothing.
    void interrupted_by(int descriptor) noexcept;
    // Whether warifud wanted a proof: the same again from another process wants another one.
    bool proved() const noexcept { return proved_; }
    // The next call connects anew.
    void disconnect() noexcept { connection_.reset(); }

    // The reply as the one object of --json.
    ExitCode print(const ipc::Reply& reply);

  private:
    void connect();
    bool can_prove() const noexcept;
    // Whether there was a proof to give: then the call may be made again.
    bool prove();

    const Invocation& given_;
    Output& out_;
    Answers answers_;
    std::optional<Secret> proof_;  // not needed yet
    bool proved_ = false;
    std::optional<ipc::Connection> connection_;
    int interruption_ = -1;
};

// The beginning of a request about one account.
ipc::Request account_request(const Session& session, const char* method);

}  // namespace warifu
